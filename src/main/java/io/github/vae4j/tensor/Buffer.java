// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.tensor;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A contiguous range of typed elements in a backend's memory: the owner of an allocation or a view
 * of one. Closing an owner frees the memory; closing a view does nothing. A {@link Tensor} is a
 * buffer with a shape.
 */
public final class Buffer implements AutoCloseable {
  private final Memory memory;
  private final DType type;
  private final long byteOffset;
  private final long length;
  private final boolean owner;

  private Buffer(Memory memory, DType type, long byteOffset, long length, boolean owner) {
    this.memory = memory;
    this.type = type;
    this.byteOffset = byteOffset;
    this.length = length;
    this.owner = owner;
  }

  /**
   * A buffer that owns its memory.
   *
   * @param memory the allocation, closed with this buffer
   * @param type the element type
   * @param length the number of elements
   * @return the buffer
   * @throws IllegalArgumentException if the memory is too small
   */
  public static Buffer owning(Memory memory, DType type, long length) {
    if (length < 0 || length > memory.bytes() / type.bytes()) {
      throw new IllegalArgumentException(
          "buffer of " + length + " " + type + " in memory of " + memory.bytes() + " bytes");
    }
    return new Buffer(memory, type, 0, length, true);
  }

  /**
   * A view of part of this buffer. It must not be used after the owner is closed.
   *
   * @param offset the first element
   * @param count the number of elements
   * @return the view
   */
  public Buffer slice(long offset, long count) {
    Objects.checkFromIndexSize(offset, count, length);
    return new Buffer(memory, type, byteOffset + offset * type.bytes(), count, false);
  }

  /**
   * The element type.
   *
   * @return the type
   */
  public DType type() {
    return type;
  }

  /**
   * The number of elements.
   *
   * @return the length
   */
  public long length() {
    return length;
  }

  /**
   * The allocation that contains this buffer.
   *
   * @return the memory
   */
  public Memory memory() {
    return memory;
  }

  /**
   * The offset of this buffer in its memory.
   *
   * @return the offset in bytes
   */
  public long byteOffset() {
    return byteOffset;
  }

  /**
   * Whether two buffers share a byte.
   *
   * @param other another buffer
   * @return whether they are in one allocation and overlap
   */
  public boolean overlaps(Buffer other) {
    return memory == other.memory
        && byteOffset < other.byteOffset + other.length * other.type.bytes()
        && other.byteOffset < byteOffset + length * type.bytes();
  }

  /**
   * Whether two buffers have the same elements.
   *
   * @param other another buffer
   * @return whether memory, offset, length and type are the same
   */
  public boolean same(Buffer other) {
    return memory == other.memory
        && byteOffset == other.byteOffset
        && length == other.length
        && type == other.type;
  }

  /**
   * The address of the first element in the backend's address space.
   *
   * @return the address
   * @throws IllegalStateException if the memory was closed
   */
  public long address() {
    long base = memory.address();
    if (base == 0) {
      throw new IllegalStateException("buffer of " + length + " " + type + " was closed");
    }
    return base + byteOffset;
  }

  /**
   * Copies floats into this FLOAT32 buffer, from its first element.
   *
   * @param values to write; at most {@link #length()}
   */
  public void write(float[] values) {
    require(DType.FLOAT32, values.length);
    write(values.length, (chunk, at, count) -> chunk.asFloatBuffer().put(values, at, count));
  }

  /**
   * Copies doubles into this FLOAT64 buffer, from its first element.
   *
   * @param values to write; at most {@link #length()}
   */
  public void write(double[] values) {
    require(DType.FLOAT64, values.length);
    write(values.length, (chunk, at, count) -> chunk.asDoubleBuffer().put(values, at, count));
  }

  /**
   * Copies bytes into this UINT8 buffer, from its first element.
   *
   * @param values to write; at most {@link #length()}
   */
  public void write(byte[] values) {
    require(DType.UINT8, values.length);
    write(values.length, (chunk, at, count) -> chunk.put(values, at, count));
  }

  /**
   * Copies from this FLOAT32 buffer's first elements.
   *
   * @param values receives the elements; at most {@link #length()} long
   */
  public void read(float[] values) {
    require(DType.FLOAT32, values.length);
    read(values.length, (chunk, at, count) -> chunk.asFloatBuffer().get(values, at, count));
  }

  /**
   * Copies from this FLOAT64 buffer's first elements.
   *
   * @param values receives the elements; at most {@link #length()} long
   */
  public void read(double[] values) {
    require(DType.FLOAT64, values.length);
    read(values.length, (chunk, at, count) -> chunk.asDoubleBuffer().get(values, at, count));
  }

  /**
   * Copies from this UINT8 buffer's first elements.
   *
   * @param values receives the elements; at most {@link #length()} long
   */
  public void read(byte[] values) {
    require(DType.UINT8, values.length);
    read(values.length, (chunk, at, count) -> chunk.get(values, at, count));
  }

  /**
   * All elements of this FLOAT32 buffer.
   *
   * @return a new array
   */
  public float[] toFloats() {
    float[] values = new float[Math.toIntExact(length)];
    read(values);
    return values;
  }

  /**
   * All elements of this FLOAT64 buffer.
   *
   * @return a new array
   */
  public double[] toDoubles() {
    double[] values = new double[Math.toIntExact(length)];
    read(values);
    return values;
  }

  /** Frees the memory if this buffer owns it. */
  @Override
  public void close() {
    if (owner) {
      memory.close();
    }
  }

  @Override
  public String toString() {
    return "Buffer[" + type + " x " + length + (owner ? "]" : ", view]");
  }

  /** Copies elements of an array to or from the start of a chunk of host memory. */
  private interface Part {
    void copy(ByteBuffer chunk, int at, int count);
  }

  private void write(int length, Part part) {
    int size = type.bytes();
    try (Turn turn = memory.turn().take()) {
      ByteBuffer chunk = HostChunk.of(type.bytes(length));
      for (int at = 0; at < length; ) {
        int count = Math.min(length - at, chunk.capacity() / size);
        part.copy(chunk.clear().limit(count * size), at, count);
        memory.write(byteOffset + (long) at * size, chunk.rewind());
        at += count;
      }
    }
  }

  private void read(int length, Part part) {
    int size = type.bytes();
    try (Turn turn = memory.turn().take()) {
      ByteBuffer chunk = HostChunk.of(type.bytes(length));
      for (int at = 0; at < length; ) {
        int count = Math.min(length - at, chunk.capacity() / size);
        memory.read(byteOffset + (long) at * size, chunk.clear().limit(count * size));
        part.copy(chunk.rewind(), at, count);
        at += count;
      }
    }
  }

  private void require(DType expected, int count) {
    if (type != expected || count > length) {
      throw new IllegalArgumentException(
          "buffer holds " + length + " " + type + ", given " + count + " " + expected);
    }
  }
}
