// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.cuda.dnn.DnnConvolution;
import io.github.vae4j.backend.cuda.dnn.DnnHandle;
import io.github.vae4j.backend.cuda.dnn.DnnWorkspace;
import io.github.vae4j.backend.cuda.driver.Arguments;
import io.github.vae4j.backend.cuda.driver.CudaException;
import io.github.vae4j.backend.cuda.driver.Gpu;
import io.github.vae4j.backend.cuda.driver.Launch;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.backend.cuda.lt.LtHandle;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes the steps of a program. Each program has its own planner; the program takes over the
 * planner's arena, with steps and scratch memory, and closes it.
 */
final class Planner {
  private final Gpu gpu;
  private final LtHandle lt;
  private final DnnHandle dnn;
  private final Arena arena = new Arena();

  /** Scratch memory of all convolutions of the program. */
  private final DnnWorkspace workspace;

  Planner(Gpu gpu, LtHandle lt, DnnHandle dnn) {
    this.gpu = gpu;
    this.lt = lt;
    this.dnn = dnn;
    this.workspace = arena.own(new DnnWorkspace(gpu));
  }

  Gpu gpu() {
    return gpu;
  }

  LtHandle lt() {
    return lt;
  }

  /** The objects that the program will own. */
  Arena arena() {
    return arena;
  }

  /** The address of a tensor, which must be in this backend's memory; 0 for null. */
  long address(@Nullable Tensor tensor) {
    return tensor == null ? 0 : gpu.address(tensor.buffer());
  }

  /** An empty list of a kernel's arguments; its blocks are those of a control. */
  Arguments arguments() {
    return gpu.arguments(Control.BLOCK_BYTES);
  }

  /**
   * A launch.
   *
   * @param module the kernel's file, without .cu
   * @param kernel its name
   * @param shape blocks and threads
   * @param arguments in the order of its parameters
   */
  Step launch(String module, String kernel, Launch.Shape shape, Arguments arguments) {
    return arena.own(gpu.launch(module, kernel, shape, arguments));
  }

  /** As {@link Gpu#dependentLaunch}; the program will own the step. */
  Step dependentLaunch(String module, String kernel, Launch.Shape shape, Arguments arguments) {
    return arena.own(gpu.dependentLaunch(module, kernel, shape, arguments));
  }

  /** Allocates zeroed scratch memory of the program and returns its address. */
  long scratch(long bytes) {
    return gpu.scratch(bytes, arena);
  }

  /**
   * Allocates memory of the program with the remaining bytes of a direct buffer and returns its
   * address. The copy is ordered before the program's first run.
   */
  long table(ByteBuffer content) {
    long address = scratch(content.remaining());
    gpu.write(address, content);
    return address;
  }

  /** Whether plans are chosen by times. */
  boolean measures() {
    return lt.choices().decide();
  }

  /**
   * The time of a step in microseconds: the stored time, else a measured one.
   *
   * @param key of the stored time
   * @param step plans the step by a planner of its own, on memory of the arena
   * @return the time; infinite if nothing is measured or stored
   */
  double micros(String key, BiFunction<Planner, Arena, Step> step) {
    return lt.choices()
        .micros(
            key,
            () -> {
              Planner trial = new Planner(gpu, lt, dnn);
              try (Arena owner = trial.arena()) {
                return gpu.micros(List.of(step.apply(trial, owner)));
              } catch (CudaException e) {
                if (!e.isOutOfMemory()) {
                  throw e;
                }
                // Without memory for the measurement, the step is planned without a time.
                return Double.POSITIVE_INFINITY;
              }
            });
  }

  /** A convolution by cuDNN, whose operands are at multiples of 16 bytes. */
  Step convolution(DnnConvolution convolution) {
    return dnn.plan(convolution, workspace, arena);
  }

  /** A copy from one tensor to another. */
  Step copy(Tensor source, Tensor target, long bytes) {
    return copy(address(source), address(target), bytes);
  }

  /** A copy from one address to another. */
  Step copy(long source, long target, long bytes) {
    return arena.own(gpu.copy(source, target, bytes));
  }
}
