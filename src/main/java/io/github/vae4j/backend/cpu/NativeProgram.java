// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import static io.github.vae4j.backend.cpu.NativeCall.check;

import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.LeakTracker;
import java.util.List;

/** A program of libvae4j: one native call runs all its ops. */
final class NativeProgram implements Program {
  private final String name;
  private final CpuBackend backend;
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
    long context = backend.context();
    this.handle = NativeCall.made(name, out -> Native.vae4j_program_create(context, out));
    try {
      ops.forEach(this::add);
    } catch (RuntimeException e) {
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
    backend.context();
    if (handle == 0) {
      throw new IllegalStateException(name + " was closed");
    }
    check(Native.vae4j_program_run(handle), name);
  }

  @Override
  public void close() {
    if (handle != 0) {
      check(Native.vae4j_program_destroy(handle), name);
      handle = 0;
      ticket.closed();
    }
  }

  @Override
  public String toString() {
    return handle == 0 ? name + ", closed" : name;
  }
}
