// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Op;
import java.util.List;
import java.util.function.Supplier;

/**
 * Ops that a backend has compiled, run in their order as one: a CUDA graph launch, one native call
 * on the CPU. Running allocates nothing. The ops' buffers stay the caller's and must outlive the
 * program.
 */
public interface Program extends AutoCloseable {
  /** Runs the ops once. */
  void run();

  /**
   * How many runs in a row {@link #run(Control, int)} takes by one call of the device; 1 where a
   * call costs nothing that could be saved.
   *
   * @return the number of runs, 1 or more
   */
  default int runsPerCall() {
    return 1;
  }

  /**
   * Runs the ops several times in a row, each time with the next block of their control: the same
   * bits as uploading each block and running the program. It is fastest for {@link #runsPerCall}.
   *
   * @param control what the ops read, with so many blocks set on the host
   * @param runs how many, 1 or more
   */
  default void run(Control control, int runs) {
    for (int block = 0; block < runs; block++) {
      control.upload(block);
      run();
    }
  }

  /**
   * The ops of a program, for messages.
   *
   * @param ops in order
   * @return the name of the only op, else how many there are
   * @throws IllegalArgumentException if there is none
   */
  static String names(List<Op> ops) {
    if (ops.isEmpty()) {
      throw new IllegalArgumentException("compile: ops: expected 1 op or more, given none");
    }
    return ops.size() == 1 ? ops.get(0).name() : "program of " + ops.size() + " ops";
  }

  /**
   * Plans an op, so that a refusal names it.
   *
   * @param op to plan
   * @param plan plans it
   * @param <R> the type of a plan
   * @return the plan
   * @throws IllegalArgumentException where the plan throws one, with the op's name in front
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

  /** Frees what the backend made for the program. */
  @Override
  void close();
}
