// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.tensor.Matrix;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Mixtures whose information and divergences are known, or found by quadrature. */
class AggregatePosteriorTest {
  private record Codes(Matrix mean, Matrix logvar) {}

  private static AggregatePosterior mixture(Codes codes) {
    return new AggregatePosterior(codes.mean(), codes.logvar());
  }

  private static Codes codes(int latent, float logvar, float... means) {
    float[] logvars = new float[means.length];
    Arrays.fill(logvars, logvar);
    int rows = means.length / latent;
    return new Codes(new Matrix(rows, latent, means), new Matrix(rows, latent, logvars));
  }

  private static Information information(Codes codes, int draws) {
    Information all = mixture(codes).information(draws, 4);
    assertEquals(all.kl(), all.mutualInformation() + all.aggregateKl(), 1e-9);
    assertEquals(all.aggregateKl(), all.totalCorrelation() + all.dimensionwiseKl(), 1e-9);
    return all;
  }

  @Test
  void oneRowTellsNothing() {
    float logvar = -0.5f;
    Information one = information(codes(2, logvar, 0.5f, -1f), 20_000);
    assertEquals(0, one.mutualInformation(), 1e-12);
    assertEquals(0, one.totalCorrelation(), 1e-12);
    double kl = (2 * (Math.exp(logvar) - 1 - logvar) + 0.25 + 1) / 2;
    assertEquals(kl, one.aggregateKl(), 4 * one.aggregateKlError());
    assertTrue(one.aggregateKlError() < 0.02);
  }

  @Test
  void equalPosteriorsTellNothing() {
    Information equal = information(codes(1, 0, 0, 0, 0, 0), 100);
    assertEquals(0, equal.mutualInformation(), 1e-12);
    assertEquals(0, equal.aggregateKl(), 1e-12);
  }

  /** On a diagonal either dimension knows the row, so that their correlation is log N as well. */
  @Test
  void posteriorsFarApartTellTheRow() {
    Information apart = information(codes(2, -8, -3, -3, -1, -1, 1, 1, 3, 3), 400);
    assertEquals(Math.log(4), apart.mutualInformation(), 1e-9);
    assertEquals(Math.log(4), apart.totalCorrelation(), 1e-9);
    assertEquals(4, apart.rows());
  }

  @Test
  void aGridOfPosteriorsHasIndependentDimensions() {
    Information grid = information(codes(2, -8, -1, -1, -1, 1, 1, -1, 1, 1), 400);
    assertEquals(Math.log(4), grid.mutualInformation(), 1e-9);
    assertEquals(0, grid.totalCorrelation(), 1e-9);
  }

  @Test
  void overlappingPosteriorsAgreeWithQuadrature() {
    float[] means = {-1.2f, 0.3f, 1.5f};
    double sigma = Math.exp(-0.4);
    double aggregate = 0;
    double information = 0;
    double width = 1e-3;
    for (double z = -9; z < 9; z += width) {
      double q = 0;
      for (float mean : means) {
        q += normal(z, mean, sigma) / means.length;
      }
      aggregate += width * q * Math.log(q / normal(z, 0, 1));
      for (float mean : means) {
        double own = normal(z, mean, sigma);
        information += width * own / means.length * Math.log(Math.max(own, 1e-300) / q);
      }
    }
    Information estimate = information(codes(1, -0.8f, means), 30_000);
    assertEquals(aggregate, estimate.aggregateKl(), 4 * estimate.aggregateKlError());
    assertEquals(information, estimate.mutualInformation(), 4 * estimate.mutualInformationError());
    assertTrue(estimate.aggregateKlError() < 0.01 && estimate.mutualInformationError() < 0.01);
    assertEquals(0, estimate.totalCorrelation(), 1e-9);
  }

  private static double normal(double z, double mean, double sigma) {
    double e = (z - mean) / sigma;
    return Math.exp(-e * e / 2) / (sigma * Math.sqrt(2 * Math.PI));
  }

  @Test
  void extremeVariancesStayFinite() {
    for (float logvar : new float[] {-90, 90}) {
      Information all = information(codes(3, logvar, 0, 5, -5, 100, 0, 0), 50);
      assertTrue(Double.isFinite(all.kl()) && Double.isFinite(all.totalCorrelation()));
    }
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    Codes codes = codes(2, -1, 0, 1, 1, 0, -1, 0.5f);
    AggregatePosterior mixture = mixture(codes);
    assertEquals(mixture.information(100, 7), mixture.information(100, 7));
  }

  @Test
  void badArgumentsAreNamed() {
    AggregatePosterior mixture = mixture(codes(1, 0, 1));
    Thrown.says(
        IllegalArgumentException.class, () -> mixture.information(0, 0), "draws", "given 0");
    Codes uneven = new Codes(Matrix.zeros(2, 1), Matrix.zeros(1, 1));
    Thrown.says(IllegalArgumentException.class, () -> mixture(uneven), "2 x 1", "1 x 1");
  }
}
