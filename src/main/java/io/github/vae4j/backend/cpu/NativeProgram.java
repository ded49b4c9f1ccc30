// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import static io.github.vae4j.backend.cpu.NativeCall.check;

import io.github.vae4j.backend.OpenOperands;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.LeakTracker;
import io.github.vae4j.tensor.Turn;
import java.util.List;

/** A program of libvae4j: one native call runs all its ops. */
final class NativeProgram implements Program {
  private final String name;
  private final CpuBackend backend;
  private final Turn turn;
  private final OpenOperands operands;
  private final LeakTracker.Ticket ticket;
  private long handle;

  /**
   * Plans ops.
   *
   * @param ops with buffers of the backend
   * @param backend must be open when the program runs
   */
  NativeProgram(List<Op> ops, CpuBackend backend) {
    this.name = Program.names(ops);
    this.backend = backend;
    this.turn = backend.turn();
    long context = backend.context();
    this.handle = NativeCall.made(name, out -> Native.vae4j_program_create(context, out));
    try {
      ops.forEach(this::add);
      operands = new OpenOperands(name, ops, turn);
    } catch (RuntimeException | Error e) {
      Native.vae4j_program_destroy(handle);
      throw e;
    }
    this.ticket = backend.tracker().track(this, name);
  }

  private void add(Op op) {
    try (Slots slots = Program.planning(op, () -> new Slots(op))) {
      long[] values = slots.values();
      long bytes = values.length * (long) Long.BYTES;
      check(Native.vae4j_program_add(handle, op.name(), slots.names(), values, bytes), op.name());
    }
  }

  @Override
  public void run() {
    try (Turn held = turn.take()) {
      backend.context();
      if (handle == 0) {
        throw new IllegalStateException(name + " was closed");
      }
      operands.requireOpen();
      check(Native.vae4j_program_run(handle), name);
    }
  }

  @Override
  public void close() {
    try (Turn held = turn.takeToFree()) {
      if (handle != 0) {
        long destroyed = handle;
        handle = 0;
        ticket.closed();
        check(Native.vae4j_program_destroy(destroyed), name);
      }
    }
  }

  @Override
  public String toString() {
    return handle == 0 ? name + ", closed" : name;
  }
}
