// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import java.util.Random;

/** Tensors and programs of a reference backend; closing asserts that nothing is left open. */
final class ReferenceTensors implements AutoCloseable {
  private final Backend backend = new ReferenceBackend();
  private final Arena arena = new Arena();
  private final Random random;

  ReferenceTensors(long seed) {
    random = new Random(seed);
  }

  /** The source of all draws. */
  Random random() {
    return random;
  }

  Tensor zeros(int... dims) {
    return backend.tensor(arena, dims);
  }

  /** Draws of the standard normal. */
  Tensor normal(int... dims) {
    Tensor tensor = zeros(dims);
    tensor.write(normals((int) tensor.length(), 0, 1));
    return tensor;
  }

  float[] normals(int length, double mean, double deviation) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (mean + deviation * random.nextGaussian());
    }
    return values;
  }

  Buffer allocate(DType type, long length) {
    return arena.own(backend.allocate(type, length));
  }

  Program compile(Op op) {
    return arena.own(backend.compile(List.of(op)));
  }

  @Override
  public void close() {
    arena.close();
    assertEquals(0, backend.open());
    backend.close();
  }
}
