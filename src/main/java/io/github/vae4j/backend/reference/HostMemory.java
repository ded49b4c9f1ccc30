// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.tensor.LeakTracker;
import io.github.vae4j.tensor.Memory;
import io.github.vae4j.tensor.Turn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A Java array in native order. Its address is a number that no other memory of the backend shares;
 * there is no native code to use it.
 */
final class HostMemory implements Memory {
  private final int size;
  private final long address;
  private final Turn turn;
  private final LeakTracker.Ticket ticket;
  private @Nullable ByteBuffer data;

  HostMemory(int size, long address, LeakTracker tracker, Turn turn) {
    this.size = size;
    this.turn = turn;
    this.address = address;
    this.data = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    this.ticket = tracker.track(this, "memory of " + size + " bytes");
  }

  /** The bytes; absolute access only. */
  ByteBuffer data() {
    ByteBuffer open = data;
    if (open == null) {
      throw new IllegalStateException("memory of " + size + " bytes was closed");
    }
    return open;
  }

  @Override
  public long bytes() {
    return size;
  }

  @Override
  public long address() {
    return data == null ? 0 : address;
  }

  @Override
  public Turn turn() {
    return turn;
  }

  @Override
  public void read(long offset, ByteBuffer destination) {
    Objects.checkFromIndexSize(offset, destination.remaining(), (long) size);
    try (Turn held = turn.take()) {
      destination.put(data().slice((int) offset, destination.remaining()));
    }
  }

  @Override
  public void write(long offset, ByteBuffer source) {
    Objects.checkFromIndexSize(offset, source.remaining(), (long) size);
    try (Turn held = turn.take()) {
      data().slice((int) offset, source.remaining()).put(source);
    }
  }

  @Override
  public void close() {
    try (Turn held = turn.takeToFree()) {
      data = null;
      turn.countClosing();
      ticket.closed();
    }
  }
}
