// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Turn;
import java.util.List;
import java.util.function.Supplier;

/**
 * Ops that a backend has compiled. One call runs all of them in their order: a CUDA graph launch,
 * one native call on the CPU. A run allocates nothing. The caller owns the ops' buffers and closes
 * them after the program.
 */
public interface Program extends AutoCloseable {
  /**
   * Runs the ops once.
   *
   * @throws IllegalStateException if the program, a buffer of its ops or the backend was closed, or
   *     another thread uses the backend
   */
  void run();

  /**
   * The number of consecutive runs for which {@link #run(Control, int)} needs one call of the
   * device; 1 on backends without a cost per call.
   *
   * @return the number of runs, 1 or more
   */
  default int runsPerCall() {
    return 1;
  }

  /**
   * Runs the ops several times, each time with the next block of their control. The bits are the
   * same as if each block were uploaded and the program run once. It is fastest for {@link
   * #runsPerCall} runs.
   *
   * @param control of the ops, with one block for each run set on the host
   * @param runs the number of runs, 1 or more
   */
  default void run(Control control, int runs) {
    try (Turn turn = control.buffer().memory().turn().take()) {
      for (int block = 0; block < runs; block++) {
        control.upload(block);
        run();
      }
    }
  }

  /**
   * A text for the ops of a program, for messages.
   *
   * @param ops in order
   * @return the name of a single op, else the number of ops
   * @throws IllegalArgumentException if there is none
   */
  static String names(List<Op> ops) {
    if (ops.isEmpty()) {
      throw new IllegalArgumentException("compile: ops: expected 1 op or more, given none");
    }
    return ops.size() == 1 ? ops.get(0).name() : "program of " + ops.size() + " ops";
  }

  /**
   * Plans an op, so that the message of a refusal names it.
   *
   * @param op to plan
   * @param plan makes the plan
   * @param <R> the type of a plan
   * @return the plan
   * @throws IllegalArgumentException from the plan, with the op's name prepended
   */
  static <R> R planning(Op op, Supplier<R> plan) {
    try {
      return plan.get();
    } catch (IllegalArgumentException e) {
      String text = String.valueOf(e.getMessage());
      String name = op.name() + ": ";
      throw text.startsWith(name) ? e : new IllegalArgumentException(name + text, e);
    }
  }

  /** Frees the program's memory. */
  @Override
  void close();
}
