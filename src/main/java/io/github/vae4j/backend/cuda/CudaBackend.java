// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendUnavailableException;
import io.github.vae4j.backend.Inlet;
import io.github.vae4j.backend.Outlet;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.cuda.dnn.DnnHandle;
import io.github.vae4j.backend.cuda.driver.Closing;
import io.github.vae4j.backend.cuda.driver.CudaException;
import io.github.vae4j.backend.cuda.driver.Device;
import io.github.vae4j.backend.cuda.driver.Gpu;
import io.github.vae4j.backend.cuda.driver.KernelSources;
import io.github.vae4j.backend.cuda.driver.OpenObjects;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.backend.cuda.lt.LtHandle;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Turn;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An NVIDIA GPU, by the CUDA driver, cuBLASLt, cuDNN (for convolutions only) and our own kernels.
 * All work is submitted to one stream in the order of the calls; a program of several steps is a
 * CUDA graph with one launch. Sums have a fixed order and no atomic adds floats, so that the same
 * inputs give the same bits.
 *
 * <p>Errors are {@link CudaException}s that name the call. An error on the device is reported by a
 * later call; {@code -Dvae4j.cuda.sync=true} waits after each launch and names the one that failed.
 */
public final class CudaBackend implements Backend {
  private final Precision precision;
  private final OpenObjects open;
  private final Arena owned;
  private final Gpu gpu;
  private final LtHandle lt;
  private final DnnHandle dnn;

  private CudaBackend(
      Device device, Precision precision, KernelSources.Images images, Arena owned) {
    this.precision = precision;
    this.owned = owned;
    this.gpu = owned.own(Gpu.open(device, images));
    this.lt = owned.own(new LtHandle(gpu, precision));
    this.dnn = owned.own(new DnnHandle(gpu, precision, lt.choices()));
    this.open = owned.own(new OpenObjects());
    // Tests at once, and not in the middle of a plan, that a compiled form of our kernels loads.
    gpu.load("add", "add");
  }

  /**
   * Opens the first device that CUDA_VISIBLE_DEVICES leaves visible.
   *
   * @param precision of matrix products; all other computation is float32 or float64
   * @return the backend, owned by the caller
   * @throws BackendUnavailableException if this machine cannot run it; the message has the reason
   *     and the remedy
   */
  public static CudaBackend open(Precision precision) {
    return open(precision, KernelSources::image);
  }

  /** Opens the backend with kernels from another place than the jar. */
  static CudaBackend open(Precision precision, KernelSources.Images images) {
    Device device = Gpu.probe(precision);
    Arena owned = new Arena();
    try {
      return new CudaBackend(device, precision, images, owned);
    } catch (CudaException e) {
      Closing.suppressing(e, owned);
      throw new BackendUnavailableException(device + " does not open: " + e.getMessage(), e);
    } catch (Throwable t) {
      Closing.suppressing(t, owned);
      throw t;
    }
  }

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public String description() {
    try (Turn taken = open.turn().take()) {
      return String.format(
          Locale.ROOT,
          "%s, cuBLASLt %s (%s), matrix products in %s",
          gpu.description(),
          LtHandle.version(),
          gpu.libraries(),
          precision.name().toLowerCase(Locale.ROOT));
    }
  }

  @Override
  public String diagnosis() {
    return description() + ", " + DnnHandle.diagnosis();
  }

  @Override
  public Turn turn() {
    return open.turn();
  }

  @Override
  public Map<String, String> choices() {
    try (Turn taken = open.turn().take()) {
      return lt.choices().all();
    }
  }

  @Override
  public boolean adopt(Map<String, String> choices) {
    try (Turn taken = open.turn().take()) {
      return lt.choices().adopt(choices);
    }
  }

  @Override
  public Buffer allocate(DType type, long length) {
    try (Turn taken = open.turn().take()) {
      return gpu.allocate(type, length, open);
    }
  }

  @Override
  public Inlet inlet(DType type, long length) {
    try (Turn taken = open.turn().take()) {
      return gpu.inlet(type, length, open);
    }
  }

  @Override
  public Outlet outlet(Buffer source) {
    try (Turn taken = open.turn().take()) {
      return gpu.outlet(source, open);
    }
  }

  @Override
  public Program compile(List<Op> ops) {
    String name = Program.names(ops);
    try (Turn taken = open.turn().take()) {
      gpu.context().enter();
      Planner planner = new Planner(gpu, lt, dnn);
      try {
        List<Step> steps = Fusion.of(planner, ops, PlanTable.PLANS);
        return new CudaProgram(name, planner, steps, ops, open);
      } catch (Throwable t) {
        Closing.suppressing(t, planner.arena());
        throw t;
      }
    }
  }

  @Override
  public void synchronize() {
    try (Turn taken = open.turn().take()) {
      gpu.context().synchronize();
    }
  }

  @Override
  public int open() {
    return open.count();
  }

  @Override
  public void close() {
    try (Turn taken = open.turn().takeToFree()) {
      owned.close();
    }
  }
}
