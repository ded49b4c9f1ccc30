// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.cpu.CpuBackend;
import io.github.vae4j.backend.op.Op;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The cpu backend's own loops give the same bits for every number of threads, on operands large
 * enough to be split. (oneDNN's matrix products may differ in the last bits, so that dense layers
 * are left out.)
 */
@Tag("slow")
final class CpuThreadsTest {
  /** Of ops whose work is the square of the batch, or more: their smaller cases are split, too. */
  private static final long MOST_WORK = 100_000_000;

  private final Backend one = CpuBackend.open(1, Precision.FP32);
  private final Backend two = CpuBackend.open(2, Precision.FP32);
  private final Backend three = CpuBackend.open(3, Precision.FP32);

  @AfterEach
  void close() {
    three.close();
    two.close();
    one.close();
  }

  @Test
  void bitsDoNotDependOnThreads() {
    int compared = 0;
    for (OpCase opCase : OpCases.large()) {
      if (opCase.work() < MOST_WORK) {
        compared += compare(opCase, List.of(two, three));
      }
    }
    for (OpCase opCase : OpCases.all()) {
      compared += compare(opCase, List.of(three));
    }
    assertTrue(compared > 100, "compared " + compared + " outputs");
  }

  /** The number of outputs that were compared with those of one thread; none of a dense layer. */
  private int compare(OpCase opCase, List<Backend> several) {
    if (opCase.name().startsWith("dense")) {
      return 0;
    }
    // The programs of all backends have the same operands, whose numbers take the most time.
    try (Operands operands = new Operands(one, Placement.ALIGNED)) {
      Op op = opCase.build().apply(operands);
      List<Operands.Output> expected = run(one, operands, op);
      for (Backend backend : several) {
        operands.reset();
        List<Operands.Output> given = run(backend, operands, op);
        for (int i = 0; i < expected.size(); i++) {
          assertArrayEquals(
              expected.get(i).bytes(), given.get(i).bytes(), opCase + ", " + backend.description());
        }
      }
      return several.size() * expected.size();
    }
  }

  private static List<Operands.Output> run(Backend backend, Operands operands, Op op) {
    try (Program program = backend.compile(List.of(op))) {
      program.run();
    }
    return operands.outputs();
  }
}
