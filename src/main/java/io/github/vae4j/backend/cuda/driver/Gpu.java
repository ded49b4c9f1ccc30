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
 * An open device: its context, its memory and its loaded kernels. Objects that it makes must be
 * closed before it.
 */
public final class Gpu implements AutoCloseable {
  /** The largest alignment on which the choice of an algorithm depends. */
  private static final int TRIAL_ALIGNMENT = 256;

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
   * @param precision that the device must support
   * @return the first device that CUDA_VISIBLE_DEVICES leaves visible
   * @throws BackendUnavailableException if there is none; the message names the missing part and
   *     the remedy
   */
  public static Device probe(Precision precision) {
    return Probe.device(precision);
  }

  /**
   * Loads cuDNN, which only convolutions need.
   *
   * @throws BackendUnavailableException if it does not load; the message names the library, the
   *     folders searched and the remedy
   */
  public static void requireCudnn() {
    Probe.requireCudnn();
  }

  /**
   * The file of a loaded library.
   *
   * @param library the start of its name, for example libcudnn_graph.so
   * @return its path; the given name if it is not known
   */
  public static String fileOf(String library) {
    return Natives.loadedFrom(library);
  }

  /**
   * Opens a device.
   *
   * @param device the device
   * @param images the source of compiled kernels
   * @return the open device, owned by the caller
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
   * A description of the device and its free memory.
   *
   * @return the text
   */
  public String description() {
    return context.device() + ", " + context.freeMemory();
  }

  /**
   * The files of the loaded CUDA libraries.
   *
   * @return their paths
   */
  public String libraries() {
    return Natives.loaded();
  }

  /**
   * Loads a kernel, so that a failure to load it appears at once.
   *
   * @param module the kernel's file, without .cu
   * @param kernel its name
   */
  public void load(String module, String kernel) {
    modules.function(module, kernel);
  }

  /**
   * Allocates zeroed memory for a user.
   *
   * @param type of the elements
   * @param length the number of elements
   * @param open counts it
   * @return the buffer, owned by the caller
   */
  public Buffer allocate(DType type, long length, OpenObjects open) {
    return Buffer.owning(
        new DeviceMemory(context, staging, type.bytes(length), open), type, length);
  }

  /**
   * Allocates memory that the host fills while the device computes.
   *
   * @param type of the elements
   * @param length the number of elements of a write
   * @param open counts it
   * @return the inlet, owned by the caller
   */
  public Inlet inlet(DType type, long length, OpenObjects open) {
    return new CudaInlet(
        context, staging, allocate(type, Math.multiplyExact(2, length), open), open);
  }

  /**
   * Allocates an outlet, by which the host reads float64 values without a wait for the device.
   *
   * @param source the values
   * @param open counts it
   * @return the outlet, owned by the caller
   */
  public Outlet outlet(Buffer source, OpenObjects open) {
    return new CudaOutlet(context, source, open);
  }

  /**
   * The address of a buffer.
   *
   * @param buffer allocated by this object
   * @return its address on the device
   * @throws IllegalArgumentException if another object allocated it
   */
  public long address(Buffer buffer) {
    if (buffer.memory() instanceof DeviceMemory memory && memory.isOf(context)) {
      return buffer.address();
    }
    throw new IllegalArgumentException(
        "cuda backend: expected a buffer of its own, given " + buffer);
  }

  /**
   * Allocates zeroed internal memory.
   *
   * @param bytes its size
   * @param owner frees it
   * @return its address, a multiple of 256
   */
  public long scratch(long bytes, Arena owner) {
    return owner.own(new DeviceAllocation(context, bytes)).address();
  }

  /**
   * Allocates memory for a trial, at the same offset from a multiple of the largest alignment.
   *
   * @param address of the memory that it replaces; 0 gives 0
   * @param bytes its size
   * @param trial owns it
   * @return its address
   */
  public long trialMemory(long address, long bytes, Arena trial) {
    if (address == 0) {
      return 0;
    }
    long offset = address % TRIAL_ALIGNMENT;
    return scratch(offset + bytes, trial) + offset;
  }

  /**
   * Copies the remaining bytes of a direct buffer to the device, in the order of the stream.
   *
   * @param address of the target
   * @param source has the bytes; it may be changed after the call
   */
  public void write(long address, ByteBuffer source) {
    staging.write(address, source);
  }

  /**
   * An empty list of a kernel's arguments.
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
   * @return the step, owned by the caller
   */
  public Step launch(String module, String kernel, Launch.Shape shape, Arguments arguments) {
    return new Launch(context, modules.function(module, kernel), kernel, shape, arguments, false);
  }

  /**
   * A launch of a kernel that waits for its predecessors by itself (kernels/dependent.cuh), which
   * may begin before they have ended, if the system property allows it. The jar's PTX is for an
   * architecture without dependent launches, and has no such wait.
   *
   * @param module the kernel's file, without .cu
   * @param kernel its name
   * @param shape blocks and threads
   * @param arguments in the order of its parameters
   * @return the step, owned by the caller
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
   * @param bytes the number of bytes
   * @return the step, owned by the caller
   */
  public Step copy(long source, long target, long bytes) {
    return new MemoryCopy(context, source, target, bytes);
  }

  /**
   * Measures steps on the device, in a graph.
   *
   * @param steps in their order
   * @return microseconds of one run of all steps, the least of a few rounds
   */
  public double micros(List<Step> steps) {
    return timer.micros(steps);
  }

  @Override
  public void close() {
    owned.close();
  }
}
