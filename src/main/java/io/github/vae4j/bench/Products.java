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
  private final double gflop;
  private final Arena arena = new Arena();
  private final Ops ops;
  private final PreparedOp product;

  Products(Ops ops, int size) {
    this.ops = ops;
    gflop = 2.0 * size * size * size / 1e9;
    int all = Math.multiplyExact(size, size);
    try {
      Buffer x = floats(all);
      Buffer weight = floats(all);
      product =
          arena.own(
              ops.dense(
                  new Dense(
                      x,
                      weight,
                      floats(size),
                      null,
                      floats(all),
                      size,
                      size,
                      size,
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
    return gflop * 1e9 / (System.nanoTime() - start);
  }

  @Override
  public void close() {
    arena.close();
  }
}
