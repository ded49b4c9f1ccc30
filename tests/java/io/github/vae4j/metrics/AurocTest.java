// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.Thrown;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AurocTest {
  /** Of the 2 x 3 pairs 4 are in order and one is a tie. */
  @Test
  void pairsInOrderCountOneAndTiesHalf() {
    double[] scores = {0.1, 0.4, 0.4, 0.8, 0.3};
    boolean[] positive = {false, false, true, true, false};
    assertEquals(5.5 / 6, Auroc.of(scores, positive), 1e-15);
  }

  @Test
  void theBestScoreHasOneItsOppositeZeroAndAConstantAHalf() {
    boolean[] positive = {false, true, false, true};
    assertEquals(1, Auroc.of(new double[] {1, 3, 2, 4}, positive));
    assertEquals(0, Auroc.of(new double[] {4, 1, 3, 2}, positive));
    assertEquals(0.5, Auroc.of(new double[] {7, 7, 7, 7}, positive));
    assertEquals(0.5, Auroc.of(new double[] {0, -0.0, -0.0, 0}, positive));
  }

  @Test
  void infiniteScoresHaveTheirPlace() {
    double[] scores = {Double.NEGATIVE_INFINITY, 5, Double.POSITIVE_INFINITY};
    assertEquals(1, Auroc.of(scores, new boolean[] {false, false, true}));
    assertEquals(0, Auroc.of(scores, new boolean[] {true, false, false}));
  }

  /** The definition, pair by pair. */
  @Test
  void itIsTheShareOfPairs() {
    Random random = new Random(3);
    double[] scores = new double[200];
    boolean[] positive = new boolean[200];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = random.nextInt(20);
      positive[i] = random.nextInt(4) == 0;
    }
    double won = 0;
    int pairs = 0;
    for (int i = 0; i < scores.length; i++) {
      for (int j = 0; j < scores.length; j++) {
        if (positive[i] && !positive[j]) {
          won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
          pairs++;
        }
      }
    }
    assertEquals(won / pairs, Auroc.of(scores, positive), 1e-13);
  }

  /** The spread of the areas of many samples. */
  @Test
  void theErrorIsThatOfOtherRows() {
    Random random = new Random(5);
    Moments areas = new Moments();
    Moments errors = new Moments();
    for (int sample = 0; sample < 400; sample++) {
      double[] scores = new double[150];
      boolean[] positive = new boolean[150];
      for (int i = 0; i < 150; i++) {
        positive[i] = i % 3 == 0;
        scores[i] = random.nextGaussian() + (positive[i] ? 1 : 0);
      }
      Auroc.Estimate found = Auroc.estimate(scores, positive);
      assertEquals(Auroc.of(scores, positive), found.area());
      areas.add(found.area());
      errors.add(found.standardError());
    }
    double spread = Math.sqrt(areas.variance());
    assertEquals(spread, errors.mean(), 0.1 * spread);
    Auroc.Estimate one = Auroc.estimate(new double[] {1, 2, 3}, new boolean[] {true, false, false});
    assertEquals(Double.NaN, one.standardError());
  }

  @Test
  void whatHasNoAreaIsRefused() {
    Thrown.says(
        IllegalArgumentException.class,
        () -> Auroc.of(new double[] {1, 2}, new boolean[] {true, true}),
        "AUROC: expected positive and negative rows, given 2 and 0 of them");
    Thrown.says(
        IllegalArgumentException.class,
        () -> Auroc.of(new double[0], new boolean[0]),
        "AUROC: expected positive and negative rows, given 0 and 0 of them");
    Thrown.says(
        IllegalArgumentException.class,
        () -> Auroc.of(new double[] {1, Double.NaN}, new boolean[] {true, false}),
        "AUROC: the score of row 1 is NaN");
    Thrown.says(
        IllegalArgumentException.class,
        () -> Auroc.of(new double[] {1}, new boolean[] {true, false}),
        "AUROC: expected as many scores as rows, given 1 scores of 2 rows");
  }
}
