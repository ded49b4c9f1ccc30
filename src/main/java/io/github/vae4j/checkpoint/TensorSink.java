// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.checkpoint.SafeTensors.Tensor;
import io.github.vae4j.checkpoint.SafeTensors.TensorType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Receives the elements of a tensor in row-major order, in several calls, with their exact bits.
 */
public final class TensorSink {
  private static final int CHUNK = 1 << 16;

  private final OutputStream out;
  private final Tensor tensor;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
  private long written;

  TensorSink(OutputStream out, Tensor tensor) {
    this.out = out;
    this.tensor = tensor;
  }

  /**
   * Appends elements of an F32 tensor.
   *
   * @param values an array with the elements
   * @param offset the index of the first element
   * @param count the number of elements
   * @throws IOException if they cannot be written
   */
  public void floats(float[] values, int offset, int count) throws IOException {
    expect(TensorType.F32);
    for (int done = 0; done < count; ) {
      int n = Math.min(count - done, chunk.capacity() / Float.BYTES);
      chunk.clear().asFloatBuffer().put(values, offset + done, n);
      flush(n * Float.BYTES);
      done += n;
    }
  }

  /**
   * Appends elements of an F64 tensor.
   *
   * @param values the elements
   * @throws IOException if they cannot be written
   */
  public void doubles(double... values) throws IOException {
    expect(TensorType.F64);
    for (int done = 0; done < values.length; ) {
      int n = Math.min(values.length - done, chunk.capacity() / Double.BYTES);
      chunk.clear().asDoubleBuffer().put(values, done, n);
      flush(n * Double.BYTES);
      done += n;
    }
  }

  /**
   * Appends elements of an I64 tensor.
   *
   * @param values the elements
   * @throws IOException if they cannot be written
   */
  public void longs(long... values) throws IOException {
    expect(TensorType.I64);
    for (int done = 0; done < values.length; ) {
      int n = Math.min(values.length - done, chunk.capacity() / Long.BYTES);
      chunk.clear().asLongBuffer().put(values, done, n);
      flush(n * Long.BYTES);
      done += n;
    }
  }

  /**
   * Appends elements of a U8 tensor.
   *
   * @param values the elements
   * @throws IOException if they cannot be written
   */
  public void bytes(byte... values) throws IOException {
    expect(TensorType.U8);
    out.write(values);
    written += values.length;
  }

  /** Checks that the tensor is complete. */
  void end() {
    if (written != tensor.end() - tensor.begin()) {
      throw new IllegalStateException(
          "tensor \""
              + tensor.name()
              + "\": expected "
              + (tensor.end() - tensor.begin())
              + " bytes, given "
              + written);
    }
  }

  private void flush(int bytes) throws IOException {
    out.write(chunk.array(), 0, bytes);
    written += bytes;
  }

  private void expect(TensorType type) {
    if (tensor.type() != type) {
      throw new IllegalStateException(
          "tensor \"" + tensor.name() + "\": expected " + tensor.type() + ", given " + type);
    }
  }
}
