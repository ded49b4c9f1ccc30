// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.OpOperands;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.Memory;
import io.github.vae4j.tensor.Turn;
import java.util.List;

/**
 * The memory that a program was compiled for. A program has the addresses of its operands, so that
 * a run after one of them was closed would use freed memory. A run that follows no closing costs
 * one comparison.
 */
public final class OpenOperands {
  private final String program;
  private final Turn turn;
  private final List<Memory> memories;
  private long checkedAt;

  /**
   * The operands of a program, all open.
   *
   * @param program its name, for messages
   * @param ops of the program
   * @param turn of the backend, which the calling thread has
   */
  public OpenOperands(String program, List<Op> ops, Turn turn) {
    this.program = program;
    this.turn = turn;
    this.memories =
        ops.stream()
            .flatMap(op -> OpOperands.buffers(op, true))
            .map(Buffer::memory)
            .distinct()
            .toList();
    check();
  }

  /**
   * Checks the operands before a run; the calling thread has the turn.
   *
   * @throws IllegalStateException if the memory of one was closed
   */
  public void requireOpen() {
    if (checkedAt != turn.closings()) {
      check();
    }
  }

  private void check() {
    for (Memory memory : memories) {
      if (memory.address() == 0) {
        throw new IllegalStateException(
            program
                + ": a buffer of its ops, in memory of "
                + memory.bytes()
                + " bytes, was closed; close a program before its buffers");
      }
    }
    checkedAt = turn.closings();
  }
}
