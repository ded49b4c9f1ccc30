// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.bench;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Tensor;
import java.util.List;

/** A square matrix product on a backend, whose rate is the peak that steps are compared with. */
final class Products implements AutoCloseable {
  private final double gflop;
  private final Arena arena = new Arena();
  private final Backend backend;
  private final Program product;

  Products(Backend backend, int size) {
    this.backend = backend;
    gflop = 2.0 * size * size * size / 1e9;
    try {
      product =
          arena.own(
              backend.compile(
                  List.of(
                      new Dense(
                          numbers(size, size),
                          numbers(size, size),
                          numbers(size),
                          null,
                          numbers(size, size),
                          Activation.IDENTITY))));
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  private Tensor numbers(int... dims) {
    Tensor tensor = backend.tensor(arena, dims);
    float[] values = new float[Math.toIntExact(tensor.length())];
    // Zeros would be faster on a machine whose clock depends on its power.
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 31 % 97 - 48) / 64f;
    }
    tensor.write(values);
    return tensor;
  }

  /** The GFLOP/s of one product. */
  double measure() {
    backend.synchronize();
    long start = System.nanoTime();
    product.run();
    backend.synchronize();
    return gflop * 1e9 / (System.nanoTime() - start);
  }

  @Override
  public void close() {
    arena.close();
  }
}
