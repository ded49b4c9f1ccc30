// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

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
 * Makes the steps of a program. Each program has a planner of its own, whose arena then belongs to
 * the program: steps and scratch memory, closed together.
 */
final class Planner {
  private static final int CONTROL_BYTES = Control.LENGTH * Double.BYTES;

  private final Gpu gpu;
  private final LtHandle lt;
  private final Arena arena = new Arena();

  Planner(Gpu gpu, LtHandle lt) {
    this.gpu = gpu;
    this.lt = lt;
  }

  Gpu gpu() {
    return gpu;
  }

  LtHandle lt() {
    return lt;
  }

  /** What the program will own. */
  Arena arena() {
    return arena;
  }

  /** The address of a tensor, which must be of this backend; 0 for null. */
  long address(@Nullable Tensor tensor) {
    return tensor == null ? 0 : gpu.address(tensor.buffer());
  }

  /** Arguments of a kernel, none yet; their blocks are those of a control. */
  Arguments arguments() {
    return gpu.arguments(CONTROL_BYTES);
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

  /**
   * A launch of a kernel that waits for its predecessors by itself (kernels/dependent.cuh), which
   * may begin before they have ended where that was asked for. The jar's PTX is of an architecture
   * that cannot, and has no such wait.
   */
  Step dependentLaunch(String module, String kernel, Launch.Shape shape, Arguments arguments) {
    return arena.own(gpu.dependentLaunch(module, kernel, shape, arguments));
  }

  /** Zeroed memory for the program's own use: its address. */
  long scratch(long bytes) {
    return gpu.scratch(bytes, arena);
  }

  /**
   * Memory for the program's own use that holds what remains of a direct buffer: its address. The
   * copy is ordered before the program's first run.
   */
  long table(ByteBuffer content) {
    long address = scratch(content.remaining());
    gpu.write(address, content);
    return address;
  }

  /** Whether plans are chosen by their times. */
  boolean measures() {
    return lt.choices().decide();
  }

  /**
   * What a step takes, in microseconds: the time that is kept, else measured.
   *
   * @param key what is kept
   * @param step plans the step by a planner of its own, on memory of the arena
   * @return the time; infinite where nothing is measured or kept
   */
  double micros(String key, BiFunction<Planner, Arena, Step> step) {
    return lt.choices()
        .micros(
            key,
            () -> {
              Planner trial = new Planner(gpu, lt);
              try (Arena owner = trial.arena()) {
                return gpu.micros(List.of(step.apply(trial, owner)));
              } catch (CudaException e) {
                if (!e.isOutOfMemory()) {
                  throw e;
                }
                // No room to measure in is no reason not to plan.
                return Double.POSITIVE_INFINITY;
              }
            });
  }

  /** A step that was planned elsewhere. */
  Step own(Step step) {
    return arena.own(step);
  }
}
