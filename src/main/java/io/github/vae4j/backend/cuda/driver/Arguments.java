// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A kernel's arguments, in the order of its parameters, each in 8-byte slots. The last slot also
 * has 8 bytes, because the driver copies the size of the kernel's parameter, and a struct with
 * 8-byte members is padded to a multiple of 8.
 */
public final class Arguments {
  private static final int MAX_BYTES = 512;

  private final ToLongFunction<Buffer> address;
  private final ByteBuffer values = ByteBuffer.allocate(MAX_BYTES).order(ByteOrder.nativeOrder());
  private final List<Integer> offsets = new ArrayList<>();
  private final List<Integer> blocks = new ArrayList<>();
  private final int blockBytes;

  Arguments(ToLongFunction<Buffer> address, int blockBytes) {
    this.address = address;
    this.blockBytes = blockBytes;
  }

  /**
   * A pointer to a tensor's first element.
   *
   * @param tensor null for none
   * @return this
   */
  public Arguments tensor(@Nullable Tensor tensor) {
    return pointer(tensor == null ? 0 : address.applyAsLong(tensor.buffer()));
  }

  /**
   * A pointer to the control block that the step reads: in consecutive runs, the block of the run's
   * number.
   *
   * @param blocks the blocks, the first at its start
   * @return this
   */
  public Arguments block(Buffer blocks) {
    pointer(address.applyAsLong(blocks));
    this.blocks.add(offsets.get(offsets.size() - 1));
    return this;
  }

  /**
   * A pointer to the device's memory.
   *
   * @param address 0 for none
   * @return this
   */
  public Arguments pointer(long address) {
    return integer64(address);
  }

  /**
   * A 64-bit integer.
   *
   * @param value the argument
   * @return this
   */
  public Arguments integer64(long value) {
    begin();
    values.putLong(value);
    return this;
  }

  /**
   * A 32-bit integer.
   *
   * @param value the argument
   * @return this
   */
  public Arguments integer(int value) {
    begin();
    values.putInt(value);
    return this;
  }

  /**
   * A 32-bit integer that is 1 or 0.
   *
   * @param value whether it is 1
   * @return this
   */
  public Arguments flag(boolean value) {
    return integer(value ? 1 : 0);
  }

  /**
   * A float.
   *
   * @param value the argument
   * @return this
   */
  public Arguments number(float value) {
    begin();
    values.putFloat(value);
    return this;
  }

  /**
   * A double.
   *
   * @param value the argument
   * @return this
   */
  public Arguments number(double value) {
    begin();
    values.putDouble(value);
    return this;
  }

  /**
   * A struct of pointers and 64-bit integers.
   *
   * @param members in their order
   * @return this
   */
  public Arguments words(long... members) {
    begin();
    for (long member : members) {
      values.putLong(member);
    }
    return this;
  }

  /**
   * A struct of 32-bit integers.
   *
   * @param members in their order
   * @return this
   */
  public Arguments integers(int... members) {
    begin();
    for (int member : members) {
      values.putInt(member);
    }
    return this;
  }

  /**
   * A struct of floats.
   *
   * @param members in their order
   * @return this
   */
  public Arguments floats(float... members) {
    begin();
    for (float member : members) {
      values.putFloat(member);
    }
    return this;
  }

  /**
   * A struct of doubles, then one int.
   *
   * @param flag whether the int is 1, else 0
   * @param members the doubles in their order
   * @return this
   */
  public Arguments doublesAndFlag(boolean flag, double... members) {
    begin();
    for (double member : members) {
      values.putDouble(member);
    }
    values.putInt(flag ? 1 : 0);
    return this;
  }

  /** The values in their slots. */
  byte[] bytes() {
    byte[] bytes = new byte[end()];
    values.get(0, bytes);
    return bytes;
  }

  /** The offset of each argument in {@link #bytes}. */
  List<Integer> offsets() {
    return List.copyOf(offsets);
  }

  /** The bytes of each argument's slots. */
  List<Integer> sizes() {
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < offsets.size(); i++) {
      int next = i + 1 < offsets.size() ? offsets.get(i + 1) : bytes().length;
      sizes.add(next - offsets.get(i));
    }
    return sizes;
  }

  /** The offset of each pointer to a block in {@link #bytes}. */
  List<Integer> blocks() {
    return List.copyOf(blocks);
  }

  /** The size of a block. */
  int blockBytes() {
    return blockBytes;
  }

  private void begin() {
    values.position(end());
    offsets.add(values.position());
  }

  private int end() {
    return (values.position() + 7) / 8 * 8;
  }
}
