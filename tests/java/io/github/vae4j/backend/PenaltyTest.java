// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.MmdPenalty;
import io.github.vae4j.backend.op.TotalCorrelation;
import io.github.vae4j.backend.op.TotalCorrelationBackward;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The penalties on q(z) of the reference: their gradients against central differences, and their
 * values against known ones.
 */
final class PenaltyTest {

  @AutoClose private final ReferenceTensors tensors = new ReferenceTensors(8);
  private final Control control = new Control(tensors.allocate(DType.FLOAT64, Control.LENGTH));

  private Tensor of(float[] values, int... dims) {
    Tensor tensor = tensors.zeros(dims);
    tensor.write(values);
    return tensor;
  }

  private double mmd(float[] z, int latent, long step) {
    int rows = z.length / latent;
    Tensor penalty = tensors.zeros(1);
    control.set(Control.STEP, (double) step).upload();
    tensors
        .compile(
            new MmdPenalty(
                of(z, rows, latent), tensors.zeros(rows, latent), penalty, control, 3, 1))
        .run();
    return penalty.toFloats()[0];
  }

  @ParameterizedTest
  @CsvSource({"1, 3", "6, 1", "5, 4"})
  void gradientOfTheDiscrepancy(int rows, int latent) {
    Tensor z = of(tensors.normals(rows * latent, 0.5, 1.5), rows, latent);
    float[] before = tensors.normals(rows * latent, 0, 1);
    Tensor dz = of(before, rows, latent);
    Tensor penalty = tensors.zeros(1);
    control.set(Control.STEP, 12).upload();
    Program op = tensors.compile(new MmdPenalty(z, dz, penalty, control, 99, 20));
    op.run();
    GradientTest.check(
        "dz",
        z,
        dz.toFloats(),
        before,
        () -> {
          op.run();
          return penalty.toFloats()[0];
        });
  }

  /** One sample and one draw: 2 - 2 k(z, p). */
  @Test
  void discrepancyOfOneRow() {
    float[] z = {0.25f, -3};
    double squares = 0;
    for (int d = 0; d < 2; d++) {
      squares += Math.pow(z[d] - Philox.normal(3, Stream.MMD, 7, 0, d), 2);
    }
    assertEquals(2 - 2 * 4 / (4 + squares), mmd(z, 2, 7), 1e-6);
  }

  /** Samples of the prior are closer than samples that are shifted, wider or narrower. */
  @Test
  void discrepancyIsLeastForThePrior() {
    int rows = 300;
    double ofPrior = mmd(tensors.normals(2 * rows, 0, 1), 2, 1);
    assertTrue(ofPrior > 0 && ofPrior < 2.0 / rows, "of the prior: " + ofPrior);
    double shifted = mmd(tensors.normals(2 * rows, 0.5, 1), 2, 1);
    double wide = mmd(tensors.normals(2 * rows, 0, 2), 2, 1);
    double narrow = mmd(tensors.normals(2 * rows, 0, 0.3), 2, 1);
    for (double other : new double[] {shifted, wide, narrow}) {
      assertTrue(other > 4 * ofPrior, ofPrior + " and " + other);
    }
  }

  /** One batch of posteriors and their samples. */
  private final class Batch {
    final TotalCorrelation op;
    private final Program program;

    Batch(
        float[] stats, float[] z, float[] dz, int samples, int latent, int dataRows, float scale) {
      int batch = stats.length / (2 * latent);
      op =
          new TotalCorrelation(
              of(stats, batch, 2 * latent),
              of(z, batch, samples, latent),
              of(dz, batch, samples, latent),
              tensors.zeros(batch, samples),
              tensors.zeros(batch, samples, latent),
              tensors.zeros(1),
              TotalCorrelation.logOwnWeight(batch, dataRows),
              TotalCorrelation.logOtherWeight(batch, dataRows),
              scale);
      program = tensors.compile(op);
      program.run();
    }

    /** The gradient with respect to stats, added to former values. */
    float[] backward(float[] before) {
      Tensor dStats = of(before, op.stats().dim(0), op.stats().dim(1));
      tensors.compile(new TotalCorrelationBackward(op, dStats)).run();
      return dStats.toFloats();
    }

    double value() {
      program.run();
      return op.penalty().toFloats()[0];
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 2, 3, 1", "4, 1, 2, 4", "4, 3, 3, 50"})
  void gradientOfTheTotalCorrelation(int batch, int samples, int latent, int dataRows) {
    float[] stats = tensors.normals(batch * 2 * latent, 0, 0.7);
    float[] z = tensors.normals(batch * samples * latent, 0, 1);
    float[] before = tensors.normals(z.length, 0, 1);
    float scale = 8;
    Batch given = new Batch(stats, z, before, samples, latent, dataRows, scale);
    float[] beforeStats = tensors.normals(stats.length, 0, 1);
    float[] dz = given.op.dz().toFloats();
    float[] dStats = given.backward(beforeStats);
    GradientTest.check("dz", given.op.z(), dz, before, given::value);
    GradientTest.check("dStats", given.op.stats(), dStats, beforeStats, given::value);
  }

  @Test
  void aClampedLogVarianceHasNoGradient() {
    float[] stats = {0, 1, -31, 21, 0.5f, -1, 0, 0};
    float[] z = {0, 1, 0.25f, 0.5f};
    Batch given = new Batch(stats, z, new float[4], 1, 2, 2, 1);
    float[] dStats = given.backward(new float[] {1, 2, 3, 4, 5, 6, 7, 8});
    assertEquals(3, dStats[2]);
    assertEquals(4, dStats[3]);
    assertTrue(dStats[7] != 8);
  }

  /**
   * The estimate of q(z) from a batch, over all batches that a row can be in, has the mean q(z).
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void densitiesAreUnbiased(int latent) {
    int n = 5;
    float[] stats = tensors.normals(n * 2 * latent, 0, 1);
    float[] z = tensors.normals(n * latent, 0, 1);
    float[] want = new Batch(stats, z, new float[z.length], 1, latent, n, 1).op.joint().toFloats();
    for (int row = 0; row < n; row++) {
      double sum = 0;
      int batches = 0;
      for (int a = 0; a < n; a++) {
        for (int b = a + 1; b < n; b++) {
          if (a != row && b != row) {
            int[] rows = {row, a, b};
            Batch batch =
                new Batch(pick(stats, rows), pick(z, rows), new float[3 * latent], 1, latent, n, 1);
            sum += Math.exp(batch.op.joint().toFloats()[0]);
            batches++;
          }
        }
      }
      assertEquals(Math.exp(want[row]), sum / batches, 1e-6 * Math.exp(want[row]), "row " + row);
    }
  }

  private static float[] pick(float[] values, int[] rows) {
    int width = values.length / 5;
    float[] picked = new float[rows.length * width];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(values, rows[i] * width, picked, i * width, width);
    }
    return picked;
  }

  /**
   * Means of correlation rho and posteriors of variance 1/4 make an aggregate that is close to a
   * Gaussian of correlation rho / 1.25, whose total correlation is known.
   */
  @ParameterizedTest
  @CsvSource({"0, 800", "0.9, 800", "0, 100", "0.9, 100"})
  void totalCorrelationOfGaussianCodes(double rho, int batch) {
    int n = 800;
    float[] stats = new float[n * 4];
    float[] z = new float[n * 2];
    for (int j = 0; j < n; j++) {
      double first = tensors.random().nextGaussian();
      double second = rho * first + Math.sqrt(1 - rho * rho) * tensors.random().nextGaussian();
      stats[4 * j] = (float) first;
      stats[4 * j + 1] = (float) second;
      stats[4 * j + 2] = stats[4 * j + 3] = (float) Math.log(0.25);
      z[2 * j] = (float) (first + 0.5 * tensors.random().nextGaussian());
      z[2 * j + 1] = (float) (second + 0.5 * tensors.random().nextGaussian());
    }
    double sum = 0;
    for (int from = 0; from < n; from += batch) {
      float[] batchStats = Arrays.copyOfRange(stats, 4 * from, 4 * (from + batch));
      float[] batchZ = Arrays.copyOfRange(z, 2 * from, 2 * (from + batch));
      sum += new Batch(batchStats, batchZ, new float[2 * batch], 1, 2, n, 1).value();
    }
    double known = -0.5 * Math.log(1 - rho * rho / 1.5625);
    assertEquals(known, sum * batch / n, 0.05, "rho " + rho + " in batches of " + batch);
  }

  /** All rows alike: q(z) is a diagonal Gaussian, exactly. */
  @Test
  void totalCorrelationOfOneCode() {
    float[] stats = new float[6 * 4];
    for (int j = 0; j < 6; j++) {
      stats[4 * j] = 1;
      stats[4 * j + 2] = -1;
    }
    Batch batch = new Batch(stats, tensors.normals(12, 0, 1), new float[12], 1, 2, 1000, 1);
    assertEquals(0, batch.value(), 1e-6);
    for (float slope : batch.op.dz().toFloats()) {
      assertEquals(0, slope, 1e-6);
    }
  }
}
