// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.LeakTracker;
import io.github.vae4j.tensor.SizeException;
import java.util.List;

/**
 * The specification that other backends are compared with: plain loops, sums in double in the order
 * of the formula. It works on any machine and is slow; its draws make small objects.
 */
public final class ReferenceBackend implements Backend {
  private static final int ALIGNMENT = 64;

  private final LeakTracker tracker = new LeakTracker();
  private long nextAddress = ALIGNMENT;
  private boolean closed;

  /** A backend without allocations. */
  public ReferenceBackend() {}

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String description() {
    return "plain Java, 1 thread, sums in float64";
  }

  @Override
  public Buffer allocate(DType type, long length) {
    requireOpen();
    long size = type.bytes(length);
    if (size > Integer.MAX_VALUE) {
      throw new SizeException(
          "reference backend: a buffer holds less than 2 GiB, given " + length + " " + type);
    }
    int bytes = (int) size;
    long address = nextAddress;
    nextAddress += (bytes + (long) ALIGNMENT) / ALIGNMENT * ALIGNMENT;
    return Buffer.owning(new HostMemory(bytes, address, tracker), type, length);
  }

  @Override
  public Program compile(List<Op> ops) {
    requireOpen();
    Runnable[] loops =
        ops.stream()
            .map(op -> Program.planning(op, () -> LoopTable.LOOPS.apply(this, op)))
            .toArray(Runnable[]::new);
    return new Loops(Program.names(ops), loops, tracker);
  }

  @Override
  public void synchronize() {
    requireOpen();
  }

  @Override
  public int open() {
    return tracker.open();
  }

  @Override
  public void close() {
    closed = true;
    tracker.reportOpen();
  }

  /** The memory of a buffer; throws if another backend allocated it. */
  static HostMemory memory(Buffer buffer, DType type) {
    if (buffer.memory() instanceof HostMemory memory && buffer.type() == type) {
      return memory;
    }
    throw new IllegalArgumentException(
        "reference backend: expected its own " + type + " buffer, given " + buffer);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the reference backend was closed");
    }
  }

  /** The loops of a program, and the ticket that reports a program that was not closed. */
  private static final class Loops implements Program {
    private final String name;
    private final Runnable[] loops;
    private final LeakTracker.Ticket ticket;
    private boolean open = true;

    Loops(String name, Runnable[] loops, LeakTracker tracker) {
      this.name = name;
      this.loops = loops;
      this.ticket = tracker.track(this, name);
    }

    @Override
    public void run() {
      if (!open) {
        throw new IllegalStateException(name + " was closed");
      }
      for (Runnable each : loops) {
        each.run();
      }
    }

    @Override
    public void close() {
      open = false;
      ticket.closed();
    }
  }
}
