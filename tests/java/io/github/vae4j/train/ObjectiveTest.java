// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.backend.Estimator;
import io.github.vae4j.train.Objective.Bound;
import io.github.vae4j.train.Objective.Capacity;
import io.github.vae4j.train.Objective.Curve;
import io.github.vae4j.train.Objective.Kind;
import io.github.vae4j.train.Objective.Warmup;
import io.github.vae4j.train.TrainConfig.LearningRate;
import io.github.vae4j.train.TrainConfig.LearningRate.Shape;
import org.junit.jupiter.api.Test;

/** Schedules as in their papers, and combinations that are refused. */
class ObjectiveTest {
  private static final long STEPS = 10;

  private static double beta(Warmup warmup, long step) {
    return Objective.elbo().withBeta(4, warmup).betaAt(step, STEPS);
  }

  @Test
  void aBoundKeepsItsSamplesWithAnotherGradient() {
    Bound bound = Bound.iwae(5);
    assertEquals(bound.by(Estimator.DOUBLY_REPARAMETERIZED), bound.doublyReparameterized());
    assertEquals(new Bound(Kind.ELBO, 3, 1, 0, Estimator.SAMPLED), Bound.elbo(3).sampled());
  }

  @Test
  void aLinearWarmupRisesStepByStepAndStays() {
    Warmup warmup = Warmup.linear(2);
    assertEquals(4 * 1 / 20.0, beta(warmup, 0), 1e-12);
    assertEquals(4 * 10 / 20.0, beta(warmup, 9), 1e-12);
    assertEquals(4, beta(warmup, 19));
    assertEquals(4, beta(warmup, 1_000_000));
    assertEquals(4, beta(Warmup.NONE, 0));
  }

  @Test
  void aCyclicalWarmupStartsAgainAndEndsAtOne() {
    Warmup warmup = new Warmup(Curve.CYCLICAL, 2, 3);
    for (int cycle = 0; cycle < 3; cycle++) {
      long start = 20L * cycle;
      assertEquals(4 * 0.1, beta(warmup, start), 1e-9);
      assertEquals(4 * 0.5, beta(warmup, start + 4), 1e-9);
      assertEquals(4, beta(warmup, start + 9), 1e-9);
      assertEquals(4, beta(warmup, start + 15), 1e-9);
    }
    assertEquals(4, beta(warmup, 60));
  }

  @Test
  void aSigmoidWarmupIsHalfwayInTheMiddle() {
    Warmup warmup = new Warmup(Curve.SIGMOID, 2, 1);
    assertTrue(beta(warmup, 0) < 4 * 0.01);
    assertEquals(2, beta(warmup, 9), 1e-12);
    assertEquals(4 / (1 + Math.exp(-3)), beta(warmup, 14), 1e-9);
    assertEquals(4, beta(warmup, 19));
  }

  @Test
  void aCapacityRisesInAStraightLine() {
    Objective objective = Objective.elbo().withCapacity(new Capacity(25, 5));
    assertEquals(0.5, objective.capacityAt(0, STEPS), 1e-12);
    assertEquals(12.5, objective.capacityAt(24, STEPS), 1e-12);
    assertEquals(25, objective.capacityAt(49, STEPS));
    assertEquals(25, objective.capacityAt(1000, STEPS));
    assertEquals(25, Objective.elbo().withCapacity(new Capacity(25, 0)).capacityAt(0, STEPS));
  }

  @Test
  void burdasScheduleHasEightStagesOfThreeTimesTheLength() {
    LearningRate rate = new LearningRate(Shape.BURDA, 0, 1, 1);
    int epoch = 0;
    for (int stage = 0; stage < 8; stage++) {
      int length = (int) Math.pow(3, stage);
      double factor = Math.pow(10, -stage / 7.0);
      assertEquals(factor, rate.at(epoch * STEPS, STEPS, 5000), 1e-12, "first of stage " + stage);
      epoch += length;
      assertEquals(factor, rate.at(epoch * STEPS - 1, STEPS, 5000), 1e-12, "last of " + stage);
    }
    assertEquals(3280, epoch);
    assertEquals(0.1, rate.at(4000 * STEPS, STEPS, 5000), 1e-12);
  }

  @Test
  void aPenaltyIsNotWeightedTwice() {
    Objective doubly = Objective.of(Bound.iwae(5).by(Estimator.DOUBLY_REPARAMETERIZED));
    Thrown.says(
        IllegalArgumentException.class,
        () -> doubly.withPenalties(2.5, 0),
        "mmd: expected 0 with the doubly reparameterised gradient of weighted samples",
        "given 2.5");
    Thrown.says(
        IllegalArgumentException.class,
        () -> doubly.withPenalties(0, 3),
        "totalCorrelation: expected 0",
        "given 3.0");
  }

  @Test
  void aBoundSaysHowManySamplesItTakesAndWhetherTheyHaveWeights() {
    assertEquals(12, new Bound(Kind.IWAE, 4, 3, 0, Estimator.SAMPLED).rowSamples());
    assertTrue(Bound.iwae(1).weighted());
    assertFalse(Bound.elbo(5).weighted());
    assertFalse(new Bound(Kind.RENYI, 4, 1, 1, Estimator.SAMPLED).weighted());
  }
}
