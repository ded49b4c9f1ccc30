// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.embed;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Memory;
import io.github.vae4j.tensor.Turn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A backend that allocates nothing and knows only the values that plans write to its memory. */
final class RecordingBackend implements Backend {
  private final Turn turn = new Turn("recording backend");

  @Override
  public String name() {
    return "recording";
  }

  @Override
  public String description() {
    return "records ops, computes nothing";
  }

  @Override
  public Turn turn() {
    return turn;
  }

  @Override
  public Buffer allocate(DType type, long length) {
    return Buffer.owning(new Recorded(type.bytes(length)), type, length);
  }

  @Override
  public Program compile(List<Op> ops) {
    throw new UnsupportedOperationException("recording backend: ops are not compiled");
  }

  @Override
  public void synchronize() {}

  @Override
  public int open() {
    return 0;
  }

  @Override
  public void close() {}

  /** An allocation without bytes, of which each FLOAT32 has the same initial value. */
  final class Recorded implements Memory {
    private final long size;
    private float initial;
    private long written;

    private Recorded(long size) {
      this.size = size;
    }

    /** The initial value of each element; 0 if a plan wrote nothing. */
    float initial() {
      if (written != 0 && written != size) {
        throw new UnsupportedOperationException("recording backend: a part of a tensor is written");
      }
      return initial;
    }

    @Override
    public long bytes() {
      return size;
    }

    @Override
    public long address() {
      return 1;
    }

    @Override
    public Turn turn() {
      return turn;
    }

    @Override
    public void read(long offset, ByteBuffer destination) {
      throw new UnsupportedOperationException("recording backend: there are no bytes to read");
    }

    @Override
    public void write(long offset, ByteBuffer source) {
      ByteBuffer values = source.order(ByteOrder.nativeOrder());
      // Large tensors are written in chunks; each must continue the one before.
      if (offset != written) {
        throw new UnsupportedOperationException("recording backend: a part of a tensor is written");
      }
      written += values.remaining();
      float first = offset == 0 ? values.getFloat(values.position()) : initial;
      while (values.hasRemaining()) {
        if (values.getFloat() != first) {
          throw new UnsupportedOperationException(
              "recording backend: initial values of a tensor differ");
        }
      }
      initial = first;
    }

    @Override
    public void close() {}
  }
}
