// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import static io.github.vae4j.backend.cpu.NativeCall.check;

import io.github.vae4j.tensor.LeakTracker;
import io.github.vae4j.tensor.Memory;
import io.github.vae4j.tensor.Turn;
import java.nio.ByteBuffer;
import java.util.Objects;

/** An allocation of libvae4j: zeroed, aligned to 64 bytes or more. */
final class NativeMemory implements Memory {
  private final long bytes;
  private final Turn turn;
  private final LeakTracker.Ticket ticket;
  private long address;

  NativeMemory(long bytes, LeakTracker tracker, Turn turn) {
    this.bytes = bytes;
    this.turn = turn;
    this.address =
        NativeCall.made(
            "allocate of " + bytes + " bytes", out -> Native.vae4j_allocate(bytes, out));
    this.ticket = tracker.track(this, "memory of " + bytes + " bytes");
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public long address() {
    return address;
  }

  @Override
  public Turn turn() {
    return turn;
  }

  @Override
  public void read(long offset, ByteBuffer destination) {
    int count = destination.remaining();
    try (Turn held = turn.take()) {
      check(Native.vae4j_copy(destination, at(offset, count, destination), count), "read");
    }
    destination.position(destination.limit());
  }

  @Override
  public void write(long offset, ByteBuffer source) {
    int count = source.remaining();
    try (Turn held = turn.take()) {
      check(Native.vae4j_copy(at(offset, count, source), source, count), "write");
    }
    source.position(source.limit());
  }

  private long at(long offset, int count, ByteBuffer host) {
    if (address == 0) {
      throw new IllegalStateException("memory of " + bytes + " bytes was closed");
    }
    if (!host.isDirect()) {
      throw new IllegalArgumentException("memory: host: expected a direct buffer, given " + host);
    }
    return address + Objects.checkFromIndexSize(offset, count, bytes);
  }

  @Override
  public void close() {
    try (Turn held = turn.takeToFree()) {
      if (address != 0) {
        long freed = address;
        address = 0;
        turn.countClosing();
        ticket.closed();
        check(Native.vae4j_free(freed), "free");
      }
    }
  }
}
