package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What changes from step to step, kept in the backend's memory so that a recorded step is never
 * recorded again: FLOAT64 [step, epoch, position, learning rate, beta, capacity, 0, 0]. Ops read it
 * when they run. Integers are exact below 2^53.
 */
public final class Control {
  /** Elements in a control buffer. */
  public static final int LENGTH = 8;

  /** Index of the training step: the Philox step. */
  public static final int STEP = 0;

  /** Index of the epoch, from 0: it picks the order of rows. */
  public static final int EPOCH = 1;

  /** Index of the batch's first position in the epoch's order. */
  public static final int POSITION = 2;

  /** Index of the learning rate. */
  public static final int LEARNING_RATE = 3;

  /** Index of beta, the weight of the KL term. */
  public static final int BETA = 4;

  /** Index of the capacity: the KL, in nats, that a batch's mean is drawn to. */
  public static final int CAPACITY = 5;

  private final Buffer buffer;
  private final ByteBuffer host =
      ByteBuffer.allocateDirect(LENGTH * 8).order(ByteOrder.nativeOrder());

  /**
   * The control block in a buffer.
   *
   * @param buffer FLOAT64, at least {@link #LENGTH} long; stays the caller's
   */
  public Control(Buffer buffer) {
    if (buffer.type() != DType.FLOAT64 || buffer.length() < LENGTH) {
      throw new IllegalArgumentException(
          "control: expected FLOAT64 x " + LENGTH + ", given " + buffer);
    }
    this.buffer = buffer;
  }

  /**
   * The backend's copy, for ops.
   *
   * @return the buffer
   */
  public Buffer buffer() {
    return buffer;
  }

  /**
   * Sets a value on the host; {@link #upload} makes it seen.
   *
   * @param index one of the constants
   * @param value the value
   * @return this
   */
  public Control set(int index, double value) {
    host.putDouble(index * 8, value);
    return this;
  }

  /** Copies the values to the backend. */
  public void upload() {
    host.rewind();
    buffer.memory().write(buffer.byteOffset(), host);
  }
}
