// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Memory;
import io.github.vae4j.tensor.Turn;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Counts memory and computes nothing. A plan on this backend has the same tensors as on another,
 * but without bytes; the memory that a backend allocates when it compiles is not counted. Its
 * programs do not run.
 */
public final class CountingBackend implements Backend {
  private static final int ALIGNMENT = 64;

  private final Turn turn = new Turn("counting backend");
  private long bytes;
  private long nextAddress = ALIGNMENT;
  private int open;

  /** A backend without allocations. */
  public CountingBackend() {}

  /**
   * The memory that is allocated now.
   *
   * @return bytes, without padding
   */
  public long bytes() {
    return bytes;
  }

  @Override
  public String name() {
    return "counting";
  }

  @Override
  public String description() {
    return "counts memory, computes nothing";
  }

  @Override
  public Turn turn() {
    return turn;
  }

  @Override
  public Buffer allocate(DType type, long length) {
    return Buffer.owning(new Counted(type.bytes(length)), type, length);
  }

  @Override
  public Program compile(List<Op> ops) {
    String names = Program.names(ops);
    open++;
    return new Program() {
      private boolean closed;

      @Override
      public void run() {
        throw new UnsupportedOperationException("counting backend: " + names + " does not run");
      }

      @Override
      public void close() {
        open -= closed ? 0 : 1;
        closed = true;
      }
    };
  }

  @Override
  public void synchronize() {}

  @Override
  public int open() {
    return open;
  }

  @Override
  public void close() {}

  /** An allocation without bytes. */
  private final class Counted implements Memory {
    private final long size;
    private long address;

    Counted(long size) {
      this.size = size;
      address = nextAddress;
      nextAddress += (size + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
      bytes += size;
      open++;
    }

    @Override
    public long bytes() {
      return size;
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
      throw new UnsupportedOperationException("counting backend: there are no bytes to read");
    }

    @Override
    public void write(long offset, ByteBuffer source) {
      source.position(source.limit());
    }

    @Override
    public void close() {
      if (address != 0) {
        address = 0;
        bytes -= size;
        open--;
      }
    }
  }
}
