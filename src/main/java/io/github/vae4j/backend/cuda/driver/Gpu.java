// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import io.github.vae4j.backend.BackendUnavailableException;
import io.github.vae4j.backend.Inlet;
import io.github.vae4j.backend.Outlet;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import java.util.List;
import org.bytedeco.cuda.cudart.CUfunc_st;

/**
 * A device that is open: its context, its memory and the kernels that were loaded. What it makes is
 * closed before it is.
 */
public final class Gpu implements AutoCloseable {
  private final Arena owned;
  private final CudaContext context;
  private final Staging staging;
  private final Modules modules;
  private final StepTimer timer;

  private Gpu(Device device, KernelSources.Images images, Arena owned) {
    this.owned = owned;
    this.context = owned.own(CudaContext.open(device));
    this.staging = owned.own(new Staging(context));
    this.modules = owned.own(new Modules(context, KernelCache.ofUser(), images));
    this.timer = new StepTimer(context);
  }

  /**
   * Finds the device to open.
   *
   * @param precision what is asked of it
   * @return the first device that CUDA_VISIBLE_DEVICES leaves visible
   * @throws BackendUnavailableException saying what is missing and how to mend it
   */
  public static Device probe(Precision precision) {
    return Probe.device(precision);
  }

  /**
   * Opens a device.
   *
   * @param device the device
   * @param images where compiled kernels come from
   * @return the open device, the caller's
   */
  public static Gpu open(Device device, KernelSources.Images images) {
    Arena owned = new Arena();
    try {
      return new Gpu(device, images, owned);
    } catch (Throwable t) {
      Closing.suppressing(t, owned);
      throw t;
    }
  }

  /**
   * The device's context and stream.
   *
   * @return the context
   */
  public CudaContext context() {
    return context;
  }

  /**
   * The device and its free memory, for people.
   *
   * @return the text
   */
  public String description() {
    return context.device() + ", " + context.freeMemory();
  }

  /**
   * Where CUDA's libraries of this process were loaded from, for people.
   *
   * @return the files
   */
  public String libraries() {
    return Natives.loaded();
  }

  /**
   * Loads a kernel, so that what keeps it from loading is seen now.
   *
   * @param module the kernel's file, without .cu
   * @param kernel its name
   */
  public void load(String module, String kernel) {
    modules.function(module, kernel);
  }

  /**
   * Zeroed memory for a user.
   *
   * @param type of the elements
   * @param length how many
   * @param open counts it
   * @return the buffer, the caller's
   */
  public Buffer allocate(DType type, long length, OpenObjects open) {
    return Buffer.owning(
        new DeviceMemory(context, staging, type.bytes(length), open), type, length);
  }

  /**
   * Memory that is filled while the device computes.
   *
   * @param type of the elements
   * @param length how many a write has
   * @param open counts it
   * @return the inlet, the caller's
   */
  public Inlet inlet(DType type, long length, OpenObjects open) {
    return new CudaInlet(
        context, staging, allocate(type, Math.multiplyExact(2, length), open), open);
  }

  /**
   * A way of float64 values to the host that does not wait for the device.
   *
   * @param source where the values are
   * @param open counts it
   * @return the outlet, the caller's
   */
  public Outlet outlet(Buffer source, OpenObjects open) {
    return new CudaOutlet(context, source, open);
  }

  /**
   * The address of a buffer.
   *
   * @param buffer must have been allocated here
   * @return its address on the device
   * @throws IllegalArgumentException if it was allocated elsewhere
   */
  public long address(Buffer buffer) {
    if (buffer.memory() instanceof DeviceMemory memory && memory.isOf(context)) {
      return buffer.address();
    }
    throw new IllegalArgumentException(
        "cuda backend: expected a buffer of its own, given " + buffer);
  }

  /**
   * Zeroed memory that no user has.
   *
   * @param bytes how much
   * @param owner frees it
   * @return its address, a multiple of 256
   */
  public long scratch(long bytes, Arena owner) {
    return owner.own(new DeviceAllocation(context, bytes)).address();
  }

  /**
   * Copies what remains of a direct buffer to the device, in the order of the stream.
   *
   * @param address where to
   * @param source what remains is copied; it may be changed when this returns
   */
  public void write(long address, ByteBuffer source) {
    staging.write(address, source);
  }

  /**
   * Arguments of a kernel, none yet.
   *
   * @param blockBytes the size of the blocks that {@link Arguments#block} points to
   * @return the arguments
   */
  public Arguments arguments(int blockBytes) {
    return new Arguments(this::address, blockBytes);
  }

  /**
   * A launch.
   *
   * @param module the kernel's file, without .cu
   * @param kernel its name
   * @param shape blocks and threads
   * @param arguments in the order of its parameters
   * @return the step, the caller's
   */
  public Step launch(String module, String kernel, Launch.Shape shape, Arguments arguments) {
    return new Launch(context, modules.function(module, kernel), kernel, shape, arguments, false);
  }

  /**
   * A launch of a kernel that waits for its predecessors by itself (kernels/dependent.cuh), which
   * may begin before they have ended where that was asked for. The jar's PTX is of an architecture
   * that cannot, and has no such wait.
   *
   * @param module the kernel's file, without .cu
   * @param kernel its name
   * @param shape blocks and threads
   * @param arguments in the order of its parameters
   * @return the step, the caller's
   */
  public Step dependentLaunch(
      String module, String kernel, Launch.Shape shape, Arguments arguments) {
    CUfunc_st function = modules.function(module, kernel);
    boolean dependent = context.dependentLaunches() && modules.isOfThisDevice(module);
    return new Launch(context, function, kernel, shape, arguments, dependent);
  }

  /**
   * A copy from device memory to device memory.
   *
   * @param source address of the first byte
   * @param target address of the first byte
   * @param bytes how many
   * @return the step, the caller's
   */
  public Step copy(long source, long target, long bytes) {
    return new MemoryCopy(context, source, target, bytes);
  }

  /**
   * Measures steps on the device, in a graph.
   *
   * @param steps in their order
   * @return microseconds of all of them in a row, the least of a few rounds
   */
  public double micros(List<Step> steps) {
    return timer.micros(steps);
  }

  @Override
  public void close() {
    owned.close();
  }
}
