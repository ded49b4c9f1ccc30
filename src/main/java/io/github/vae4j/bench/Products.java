package io.github.vae4j.bench;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;

/** A square matrix product on a backend: the yardstick of its arithmetic. */
final class Products implements AutoCloseable {
  private static final int SIZE = 2048;
  private static final double GFLOP = 2.0 * SIZE * SIZE * SIZE / 1e9;

  private final Arena arena = new Arena();
  private final Ops ops;
  private final PreparedOp product;

  Products(Ops ops) {
    this.ops = ops;
    try {
      Buffer x = floats(SIZE * SIZE);
      Buffer weight = floats(SIZE * SIZE);
      product =
          arena.own(
              ops.dense(
                  new Dense(
                      x,
                      weight,
                      floats(SIZE),
                      null,
                      floats(SIZE * SIZE),
                      SIZE,
                      SIZE,
                      SIZE,
                      Activation.IDENTITY)));
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private Buffer floats(int length) {
    Buffer buffer = arena.own(ops.allocate(DType.FLOAT32, length));
    float[] values = new float[length];
    // Zeros would flatter a machine that clocks by load.
    for (int i = 0; i < length; i++) {
      values[i] = (i * 31 % 97 - 48) / 64f;
    }
    buffer.write(values);
    return buffer;
  }

  /** GFLOP/s of one product. */
  double measure() {
    ops.backend().synchronize();
    long start = System.nanoTime();
    product.run();
    ops.backend().synchronize();
    return GFLOP * 1e9 / (System.nanoTime() - start);
  }

  @Override
  public void close() {
    arena.close();
  }
}
