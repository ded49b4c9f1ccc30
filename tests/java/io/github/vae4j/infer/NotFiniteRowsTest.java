// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.Sampling;
import io.github.vae4j.Thrown;
import io.github.vae4j.Vae;
import io.github.vae4j.VaeException;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A row whose result is not finite is an error of each measure, and the message names the row. */
class NotFiniteRowsTest {
  private static final float HUGE = 3e38f;

  private Vae vae;
  private DataSet rows;

  @BeforeEach
  void open() {
    VaeSpec spec =
        VaeSpec.builder(2).hidden().latent(2).likelihood(Likelihoods.parse("gaussian")).build();
    vae = Vae.create(spec, new BackendOptions(BackendOptions.Kind.CPU, 1, Precision.FP32), 0);
    float[] weights = vae.weights();
    Arrays.fill(weights, 10);
    vae.setWeights(weights);
    rows = DataSets.of(new Matrix(3, 2, new float[] {0, 1, 1, 0, 1, HUGE}));
  }

  @AfterEach
  void close() {
    vae.close();
  }

  private void refused(String measure, Runnable call) {
    Thrown.says(
        VaeException.class,
        call::run,
        measure + " of row 2 of ",
        ": the model cannot take a row so far from its training data",
        "3.00000e+38 in column 1 (counted from 0) (mean ");
  }

  @Test
  void eachMeasureNamesTheRow() {
    refused("the ELBO", () -> vae.evaluate(rows));
    refused("the ELBO", () -> vae.score(rows));
    refused("the code", () -> vae.encode(rows));
    refused("the code", () -> vae.reconstruct(rows));
    refused("log p(x)", () -> vae.measure().logLikelihood(rows, 3, 0));
    refused("log p(x)", () -> vae.measure().rowLogLikelihoods(rows, 3, 0));
    AnnealOptions anneal = new AnnealOptions(2, 3, 1);
    refused("log p(x)", () -> vae.measure().annealedLogLikelihood(rows, anneal, 0));
    refused("the ELBO", () -> vae.measure().optimize(rows, InferenceConfig.defaults()));
    refused("the code", () -> vae.measure().information(rows, 5, 0));
    refused("the code", () -> vae.measure().aggregatePosterior(rows, 1, 0));
  }

  /** A row of weight 0 is not in a mean. */
  @Test
  void aRowOfWeightZeroMayBeAnything() {
    DataSet weighted = DataViews.weighted(rows, new float[] {1, 2, 0});
    DataSet two = DataViews.weighted(DataSets.head(rows, 2), new float[] {1, 2});
    assertEquals(vae.evaluate(two).elbo(), vae.evaluate(weighted).elbo());
    refused("the ELBO", () -> vae.score(weighted));
  }

  @Test
  void decodedRowsAreNamed() {
    Matrix codes = new Matrix(3, 2, new float[] {0, 0, 1, 1, HUGE, HUGE});
    Thrown.says(
        VaeException.class,
        () -> vae.decode(codes),
        "decode: row 2, column 0 (counted from 0) is Infinity: its code is too far from those of the"
            + " training data");
    Thrown.says(
        VaeException.class,
        () -> vae.sample(Sampling.of(3).temperature(HUGE)),
        "decode: row ",
        " is ");
  }
}
