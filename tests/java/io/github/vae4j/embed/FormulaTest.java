// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

final class FormulaTest {
  private static Formula of(ToLongFunction<Sizes> number) {
    return Formula.of(Sizes.EXAMPLES.stream().mapToLong(number).toArray());
  }

  @Test
  void sumsOfMultiplesAreFound() {
    assertEquals("0", of(sizes -> 0).toString());
    assertEquals("784", of(sizes -> 784).toString());
    assertEquals("B", of(Sizes::batch).toString());
    assertEquals("S", of(Sizes::seed).toString());
    assertEquals(
        "20BL+3B+L+7",
        of(s -> 20L * s.batch() * s.samples() + 3L * s.batch() + s.samples() + 7).toString());
  }

  @Test
  void otherFunctionsAreRefused() {
    assertThrows(
        IllegalStateException.class, () -> of(sizes -> (long) sizes.batch() * sizes.batch()));
    assertThrows(IllegalStateException.class, () -> of(sizes -> Math.max(sizes.batch(), 7)));
  }
}
