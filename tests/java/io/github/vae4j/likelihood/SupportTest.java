// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values that each registered model accepts and refuses; a model that is not in the table fails.
 */
final class SupportTest {
  private static final double LARGE = 1e30;

  private record Values(List<Double> taken, List<Double> refused) {}

  private static final Values REALS = new Values(List.of(-LARGE, -0.5, 0.0, LARGE), List.of());

  private static final Values UNIT =
      new Values(List.of(0.0, 0.5, 1.0), List.of(-1e-9, 1 + 1e-7, -1.0, 2.0));

  private static final Values COUNTS =
      new Values(List.of(0.0, -0.0, 1.0, 1e6), List.of(-1.0, 0.5, 1 + 1e-9, -0.5));

  private static final Values GREY =
      new Values(
          List.of(0.0, (double) (3 * (1 / 255f)), 200.0 / 255, 1.0),
          List.of(0.5 / 255, 0.3, -1.0 / 255, 256.0 / 255, 2.0));

  private static final Map<String, Values> TABLE =
      Map.ofEntries(
          Map.entry("bernoulli", UNIT),
          Map.entry("continuous-bernoulli", UNIT),
          Map.entry("gaussian", REALS),
          Map.entry("gaussian-learned", REALS),
          Map.entry("gaussian-shared", REALS),
          Map.entry("gaussian-optimal", REALS),
          Map.entry("laplace", REALS),
          Map.entry("laplace-learned", REALS),
          Map.entry("student-t", REALS),
          Map.entry("categorical", new Values(List.of(0.0, 1.0), List.of(-1.0, 0.5, 2.0))),
          Map.entry("discretized-logistic", GREY),
          Map.entry("discretized-logistic-mixture", GREY),
          Map.entry("poisson", COUNTS),
          Map.entry("negative-binomial", COUNTS),
          Map.entry("zero-inflated-negative-binomial", COUNTS),
          Map.entry("multinomial", COUNTS),
          Map.entry("composite", REALS));

  static List<Likelihood> models() {
    return Likelihoods.all();
  }

  @ParameterizedTest
  @MethodSource("models")
  void takesAndRefuses(Likelihood model) {
    Values values = TABLE.get(model.name());
    assertNotNull(values, "a model that is not in the table");
    for (double x : values.taken) {
      assertEquals(true, model.supports(0, x), model + " at " + x);
    }
    for (double x : values.refused) {
      assertEquals(false, model.supports(0, x), model + " at " + x);
    }
    for (double x : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1 / 0.0}) {
      assertEquals(false, model.supports(0, x), model + " at " + x);
    }
  }
}
