// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.metrics.Moments;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import org.junit.jupiter.api.Test;

/** Means over rows with different weights. */
class WeightedMeansTest {
  @Test
  void aWholeWeightIsAsManyValues() {
    double[] values = {3, -1, 4, 1.5};
    int[] weights = {2, 1, 0, 3};
    Moments weighted = new Moments();
    Moments repeated = new Moments();
    for (int i = 0; i < values.length; i++) {
      weighted.add(values[i], weights[i]);
      for (int k = 0; k < weights[i]; k++) {
        repeated.add(values[i]);
      }
    }
    assertEquals(repeated.mean(), weighted.mean(), 1e-12);
    assertEquals(repeated.variance(), weighted.variance(), 1e-12);
  }

  @Test
  void theStandardErrorDependsOnRatiosAlone() {
    double[] values = {3, -1, 4, 1.5, 0};
    Moments plain = new Moments();
    Moments heavy = new Moments();
    Moments zeros = new Moments();
    for (double value : values) {
      plain.add(value);
      heavy.add(value, 7);
      zeros.add(value, 1);
      zeros.add(99, 0);
    }
    // The definition: the root of sum (x - mean)^2 / (n - 1) / n.
    assertEquals(Math.sqrt(17 / 4.0 / 5), plain.standardError(), 1e-12);
    assertEquals(plain.standardError(), heavy.standardError(), 1e-12);
    assertEquals(plain.standardError(), zeros.standardError(), 1e-12);
    Moments one = new Moments();
    one.add(5, 3);
    assertEquals(Double.NaN, one.standardError());
    one.add(9, 0);
    assertEquals(Double.NaN, one.standardError(), "one effective number");
    assertEquals(Double.NaN, new Moments().mean());
  }

  @Test
  void evaluationWeighsRows() {
    int rows = 7;
    Matrix x = Matrix.zeros(rows, 3);
    float[] weights = new float[rows];
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] = i * 37 % 11 - 5;
      weights[i / 3] = i / 3 % 3;
    }
    DataSet data = DataViews.weighted(DataSets.of(x), weights);
    VaeSpec spec =
        VaeSpec.builder(3).hidden(4).latent(2).likelihood(Likelihoods.parse("gaussian")).build();
    try (Vae vae = Vae.create(spec, new BackendOptions(Kind.REFERENCE, 1, Precision.FP32), 0)) {
      RowScores scores = vae.score(data, 2, 5);
      Evaluation plain = vae.evaluate(DataSets.of(x), 2, 5);
      Evaluation weighted = vae.evaluate(data, 2, 5);
      assertEquals(mean(scores.elbo(), weights), weighted.elbo(), 1e-9);
      assertEquals(mean(scores.reconstruction(), weights), weighted.reconstruction(), 1e-9);
      assertEquals(mean(scores.kl(), weights), weighted.kl(), 1e-9);
      assertNotEquals(plain.elbo(), weighted.elbo(), 0.01);
      float[] last = new float[rows];
      last[rows - 1] = 4;
      DataSet only = DataViews.weighted(DataSets.of(x), last);
      assertEquals(scores.elbo()[rows - 1], vae.evaluate(only, 2, 5).elbo(), 1e-9);
      assertNotEquals(
          vae.measure().logLikelihood(DataSets.of(x), 9, 5).mean(),
          vae.measure().logLikelihood(only, 9, 5).mean(),
          0.01);
    }
  }

  private static double mean(double[] values, float[] weights) {
    double sum = 0;
    double all = 0;
    for (int i = 0; i < values.length; i++) {
      sum += weights[i] * values[i];
      all += weights[i];
    }
    return sum / all;
  }
}
