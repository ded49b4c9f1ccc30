// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The numbers of a step, in the backend's memory, so that a program is compiled once for all steps:
 * FLOAT64 [step, epoch, position, learning rate, beta, capacity, 0, 0]. Ops read them when they
 * run. Integers are exact below 2^53.
 *
 * <p>A buffer of several blocks has the numbers of several consecutive steps, for {@link
 * io.github.vae4j.backend.Program#run(Control, int)}. Ops of a single run read the first block.
 */
public final class Control {
  /** Elements of a block. */
  public static final int LENGTH = 8;

  /** Index of the training step: the Philox step. */
  public static final int STEP = 0;

  /** Index of the epoch, from 0, of which the order of rows is a function. */
  public static final int EPOCH = 1;

  /** Index of the batch's first position in the epoch's order. */
  public static final int POSITION = 2;

  /** Index of the learning rate. */
  public static final int LEARNING_RATE = 3;

  /** Index of beta, the weight of the KL term. */
  public static final int BETA = 4;

  /** Index of the capacity: the target, in nats, of a batch's mean KL. */
  public static final int CAPACITY = 5;

  /** The size of a block. */
  public static final int BLOCK_BYTES = LENGTH * Double.BYTES;

  private final Buffer buffer;
  private final ByteBuffer host;

  /**
   * The control block, or blocks, in a buffer.
   *
   * @param buffer FLOAT64, {@link #LENGTH} elements for each block, at least one block; the caller
   *     closes it
   */
  public Control(Buffer buffer) {
    if (buffer.type() != DType.FLOAT64 || buffer.length() < LENGTH) {
      throw new IllegalArgumentException(
          "control: expected FLOAT64 x " + LENGTH + ", given " + buffer);
    }
    this.buffer = buffer;
    this.host =
        ByteBuffer.allocateDirect(Math.toIntExact(buffer.length() / LENGTH) * BLOCK_BYTES)
            .order(ByteOrder.nativeOrder());
  }

  /**
   * The copy in the backend's memory, for ops.
   *
   * @return the buffer
   */
  public Buffer buffer() {
    return buffer;
  }

  /**
   * Sets a value of the first block on the host; {@link #upload()} copies it to the backend.
   *
   * @param index one of the constants
   * @param value the value
   * @return this
   */
  public Control set(int index, double value) {
    return set(0, index, value);
  }

  /**
   * Sets a value on the host.
   *
   * @param block the number of the block, from 0
   * @param index one of the constants
   * @param value the value
   * @return this
   */
  public Control set(int block, int index, double value) {
    host.putDouble(block * BLOCK_BYTES + index * Double.BYTES, value);
    return this;
  }

  /** Copies the first block to the backend. */
  public void upload() {
    upload(0);
  }

  /**
   * Copies a block to the backend, as the first block there.
   *
   * @param block the number of the block, from 0
   */
  public void upload(int block) {
    write(block * BLOCK_BYTES, BLOCK_BYTES);
  }

  /**
   * Copies the first blocks to the backend, in their order.
   *
   * @param blocks the number of blocks
   */
  public void uploadAll(int blocks) {
    write(0, blocks * BLOCK_BYTES);
  }

  private void write(int from, int bytes) {
    host.limit(from + bytes).position(from);
    buffer.memory().write(buffer.byteOffset(), host);
    host.clear();
  }
}
