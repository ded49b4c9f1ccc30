// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The area under the receiver operating characteristic against counted pairs. */
final class AurocTest {
  @Test
  void pairsAreCounted() {
    Random random = new Random(1);
    double[] scores = new double[200];
    boolean[] positive = new boolean[200];
    for (int i = 0; i < scores.length; i++) {
      positive[i] = random.nextInt(5) == 0;
      scores[i] = random.nextInt(20) + (positive[i] ? 4 : 0);
    }
    double pairs = 0;
    double higher = 0;
    for (int i = 0; i < scores.length; i++) {
      for (int j = 0; j < scores.length; j++) {
        if (positive[i] && !positive[j]) {
          pairs++;
          higher += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
        }
      }
    }
    assertEquals(higher / pairs, Auroc.of(scores, positive), 1e-12);
  }

  @Test
  void endsAndTies() {
    assertEquals(1, Auroc.of(new double[] {1, 2, 3}, new boolean[] {false, false, true}));
    assertEquals(0, Auroc.of(new double[] {3, 2, 1}, new boolean[] {false, false, true}));
    assertEquals(0.5, Auroc.of(new double[] {1, 1, 1}, new boolean[] {false, true, true}));
    assertTrue(Double.isNaN(Auroc.of(new double[] {1, 2}, new boolean[] {true, true})));
    assertThrows(
        IllegalArgumentException.class, () -> Auroc.of(new double[1], new boolean[2]));
  }
}
