// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.random.NormalQuantile;
import io.github.vae4j.schema.Scaling.Rule;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scalings: their inverses, their slopes, and values at the ends of a double's range. */
final class ScalingTest {
  private static final double[] VALUES =
      DoubleStream.iterate(0.25, x -> x * 1.7).limit(30).toArray();

  @ParameterizedTest
  @EnumSource
  void valuesComeBack(Rule rule) {
    ScalingMap scaling = ScalingChoice.by(rule, VALUES).map();
    for (double x : VALUES) {
      assertEquals(x, scaling.fromModel(scaling.toModel(x)), 1e-9 * x);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSlopeIsTheDerivative(Rule rule) {
    ScalingMap scaling = ScalingChoice.by(rule, VALUES).map();
    for (double x : new double[] {0.5, 3, 40}) {
      double step = 1e-7 * x;
      double slope = (scaling.toModel(x + step) - scaling.toModel(x - step)) / (2 * step);
      assertEquals(Math.log(slope), scaling.logSlope(x), 1e-4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aValueHasItsSlopeAlsoAfterItBecameAFloat(Rule rule) {
    ScalingMap scaling = ScalingChoice.by(rule, VALUES).map();
    for (double x : VALUES) {
      float y = (float) scaling.toModel(x);
      assertEquals(scaling.logSlope(x), scaling.logSlope(scaling.fromModel(y)), 1e-5);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyNumberIsAFiniteFloat(Rule rule) {
    ScalingMap scaling = ScalingChoice.by(rule, VALUES).map();
    for (double x : new double[] {-Double.MAX_VALUE, -1, 0, Double.MIN_VALUE, Double.MAX_VALUE}) {
      double y = scaling.toModel(x);
      assertTrue(Math.abs(y) <= Scaling.FARTHEST, () -> x + " became " + y);
      assertTrue(Double.isFinite(scaling.logSlope(x)), () -> "slope at " + x);
      assertTrue(Double.isFinite(scaling.fromModel(y)), () -> "value of " + y);
    }
  }

  @Test
  void standardIsOfMoments() {
    double[] sorted = {0, 1, 2, 3, 100};
    Scaling standard = ScalingChoice.by(Rule.STANDARD, sorted);
    assertEquals(21.2, standard.center(), 1e-12);
    double squares = DoubleStream.of(sorted).map(x -> (x - 21.2) * (x - 21.2)).sum();
    assertEquals(Math.sqrt(squares / 5), standard.scale(), 1e-9);
  }

  @Test
  void robustIsOfRanks() {
    Scaling robust = ScalingChoice.by(Rule.ROBUST, new double[] {0, 1, 1, 3, 100});
    assertEquals(List.of(0.0, 1.0, 3.0, 100.0), robust.knots());
    double sixth = NormalQuantile.of(1 / 6.0);
    ScalingMap map = robust.map();
    assertEquals(sixth, map.toModel(0), 1e-12);
    assertEquals(NormalQuantile.of(2.5 / 6), map.toModel(1), 1e-12);
    assertEquals(-sixth, map.toModel(100), 1e-12);
    assertEquals(-sixth + 1, map.toModel(100 + robust.scale()), 1e-12);
    assertEquals(sixth - 2, map.toModel(-2 * robust.scale()), 1e-12);
    assertEquals(-Math.log(robust.scale()), map.logSlope(1000), 1e-12);
  }

  @Test
  void aRobustScalingOfManyValuesHasFewKnots() {
    double[] sorted = DoubleStream.iterate(0, x -> x + 0.5).limit(10_000).toArray();
    Scaling robust = ScalingChoice.by(Rule.ROBUST, sorted);
    assertEquals(256, robust.knots().size());
    assertEquals(0, robust.knots().get(0));
    assertEquals(sorted[9999], robust.knots().get(255));
  }

  @Test
  void oneValueHasAScale() {
    for (Rule rule : Rule.values()) {
      Scaling scaling = ScalingChoice.by(rule, new double[] {7, 7, 7});
      assertEquals(0, scaling.map().toModel(7), 1e-12);
      assertTrue(scaling.scale() >= 1);
    }
  }

  @Test
  void wrongNumbersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Scaling(Rule.STANDARD, 0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Scaling(Rule.STANDARD, 1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Scaling(Rule.LOG, 0, Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> new Scaling(Rule.LOG, -1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Scaling(Rule.ROBUST, 0, 0, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Scaling(Rule.ROBUST, 0, 0, 1, List.of(1.0, 1.0), List.of(0.0, 1.0)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Scaling(Rule.ROBUST, 0, 0, 1, List.of(1.0, 2.0), List.of(0.0)));
  }
}
