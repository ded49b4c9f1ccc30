// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.cpu.CpuBackend;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.Op;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The cpu backend's own loops give the same bits for every number of threads, on operands large
 * enough to be split. (oneDNN's matrix products may differ in the last bits, so that dense layers
 * are left out.)
 */
final class CpuThreadsTest {
  @Test
  void bitsDoNotDependOnThreads() {
    int compared = 0;
    for (OpCase opCase : OpCases.large()) {
      compared += compare(opCase, 2, 3);
    }
    for (OpCase opCase : OpCases.all()) {
      compared += compare(opCase, 3);
    }
    assertTrue(compared > 100, "compared " + compared + " outputs");
  }

  /** The number of outputs that were compared with those of one thread. */
  private static int compare(OpCase opCase, int... threads) {
    List<byte[]> one = run(opCase, 1);
    for (int each : threads) {
      List<byte[]> many = run(opCase, each);
      assertEquals(one.size(), many.size());
      for (int i = 0; i < one.size(); i++) {
        assertArrayEquals(one.get(i), many.get(i), opCase + ", " + each + " threads");
      }
    }
    return threads.length * one.size();
  }

  /** The bytes that the op writes; none for a dense layer. */
  private static List<byte[]> run(OpCase opCase, int threads) {
    List<byte[]> written = new ArrayList<>();
    try (Backend backend = CpuBackend.open(threads, Precision.FP32)) {
      try (Operands operands = new Operands(backend, Placement.ALIGNED)) {
        Op op = opCase.build().apply(operands);
        if (!(op instanceof Dense || op instanceof DenseBackward)) {
          try (Program program = backend.compile(List.of(op))) {
            program.run();
          }
          operands.outputs().forEach(output -> written.add(output.bytes()));
        }
      }
    }
    return written;
  }
}
