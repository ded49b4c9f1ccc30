// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.tensor.Buffer;
import java.nio.ByteBuffer;

/** An inlet of a backend that orders writes with its ops: nothing overlaps. */
final class OrderedInlet implements Inlet {
  private final Buffer buffer;
  private int turn = 1;

  OrderedInlet(Buffer buffer) {
    this.buffer = buffer;
  }

  @Override
  public Buffer buffer() {
    return buffer;
  }

  @Override
  public int write(ByteBuffer source) {
    turn = 1 - turn;
    buffer.memory().write(turn * (buffer.memory().bytes() / 2), source);
    return turn;
  }

  @Override
  public void close() {
    buffer.close();
  }
}
