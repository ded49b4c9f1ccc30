// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.OpenOperands;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.LeakTracker;
import io.github.vae4j.tensor.SizeException;
import io.github.vae4j.tensor.Turn;
import java.util.List;

/**
 * The specification that other backends are compared with: plain loops, sums in double in the order
 * of the formula. It works on any machine and is slow; its draws make small objects.
 */
public final class ReferenceBackend implements Backend {
  private static final int ALIGNMENT = 64;

  private final LeakTracker tracker = new LeakTracker();
  private final Turn turn = new Turn("reference backend");
  private long nextAddress = ALIGNMENT;

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
  public Turn turn() {
    return turn;
  }

  @Override
  public Buffer allocate(DType type, long length) {
    long size = type.bytes(length);
    if (size > Integer.MAX_VALUE) {
      throw new SizeException(
          "reference backend: a buffer holds less than 2 GiB, given " + length + " " + type);
    }
    int bytes = (int) size;
    try (Turn held = turn.take()) {
      HostMemory memory = new HostMemory(bytes, nextAddress, tracker, turn);
      nextAddress += (bytes + (long) ALIGNMENT) / ALIGNMENT * ALIGNMENT;
      return Buffer.owning(memory, type, length);
    }
  }

  @Override
  public boolean rowsAreIndependent() {
    return true;
  }

  @Override
  public Program compile(List<Op> ops) {
    String name = Program.names(ops);
    try (Turn held = turn.take()) {
      Runnable[] loops =
          ops.stream()
              .map(op -> Program.planning(op, () -> LoopTable.LOOPS.apply(this, op)))
              .toArray(Runnable[]::new);
      return new Loops(name, loops, new OpenOperands(name, ops, turn), this);
    }
  }

  @Override
  public void synchronize() {
    turn.take().close();
  }

  @Override
  public int open() {
    return tracker.open();
  }

  @Override
  public void close() {
    try (Turn held = turn.takeToFree()) {
      turn.end();
      tracker.reportOpen();
    }
  }

  /** The memory of a buffer; throws if another backend allocated it. */
  static HostMemory memory(Buffer buffer, DType type) {
    if (buffer.memory() instanceof HostMemory memory && buffer.type() == type) {
      return memory;
    }
    throw new IllegalArgumentException(
        "reference backend: expected its own " + type + " buffer, given " + buffer);
  }

  /** The loops of a program, and the ticket that reports a program that was not closed. */
  private static final class Loops implements Program {
    private final String name;
    private final Runnable[] loops;
    private final OpenOperands operands;
    private final Turn turn;
    private final LeakTracker.Ticket ticket;
    private boolean open = true;

    Loops(String name, Runnable[] loops, OpenOperands operands, ReferenceBackend backend) {
      this.name = name;
      this.loops = loops;
      this.operands = operands;
      this.turn = backend.turn;
      this.ticket = backend.tracker.track(this, name);
    }

    @Override
    public void run() {
      try (Turn held = turn.take()) {
        if (!open) {
          throw new IllegalStateException(name + " was closed");
        }
        operands.requireOpen();
        for (Runnable each : loops) {
          each.run();
        }
      }
    }

    @Override
    public void close() {
      try (Turn held = turn.takeToFree()) {
        open = false;
        ticket.closed();
      }
    }
  }
}
