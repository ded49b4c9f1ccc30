// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Missing values, row weights and shared parameters of the loss, by numbers computed here, and its
 * argument checks. The test of a backend extends this class with a constructor of one line.
 */
public abstract class LikelihoodLossSuite {
  private static final float NAN = Float.NaN;
  private static final float SCALE = 0.25f;

  private final Backend backend;
  private final Arena arena = new Arena();

  /**
   * On a backend.
   *
   * @param backend which is closed after the test
   */
  protected LikelihoodLossSuite(Backend backend) {
    this.backend = backend;
  }

  @AfterEach
  void closesAll() {
    arena.close();
    assertEquals(0, backend.open());
    backend.close();
  }

  /** The results of the op for 2 rows of 3 features and 2 samples. */
  private static final class Loss {
    final float[] nll = new float[4];
    final float[] gradient = new float[12];
  }

  private static final float[] PARAMETERS = {
    0.5f, -1, 2, 0.1f, 3, -2, 1, 1, -0.5f, 0.2f, 0.3f, 0.4f
  };

  private Loss loss(float[] x, @Nullable Tensor mask, @Nullable Tensor rowWeight) {
    Tensor nll = zeros(2, 2);
    Tensor gradient = zeros(2, 2, 3);
    run(
        new LikelihoodLoss(
            Likelihoods.parse("gaussian"),
            matrix(4, PARAMETERS).as(2, 2, 3),
            null,
            matrix(2, x),
            mask,
            rowWeight,
            nll,
            gradient,
            null,
            SCALE));
    Loss loss = new Loss();
    nll.buffer().read(loss.nll);
    gradient.buffer().read(loss.gradient);
    return loss;
  }

  private void run(LikelihoodLoss op) {
    try (Program program = backend.compile(List.of(op))) {
      program.run();
    }
  }

  private Tensor zeros(int... dims) {
    return backend.tensor(arena, dims);
  }

  private Tensor floats(float... values) {
    return matrix(1, values).as(values.length);
  }

  private Tensor matrix(int rows, float... values) {
    Tensor tensor = zeros(rows, values.length / rows);
    tensor.write(values);
    return tensor;
  }

  @Test
  void missingFeatureCostsNothingAndIsNotLookedAt() {
    Loss full = loss(new float[] {1, 0, 2, 1, 1, 1}, null, null);
    Loss masked = loss(new float[] {1, NAN, 2, NAN, NAN, NAN}, matrix(2, 1, 0, 1, 0, 0, 0), null);
    for (int r = 0; r < 2; r++) {
      double missing = 0.5 * Math.pow(PARAMETERS[3 * r + 1], 2) + 0.5 * Math.log(2 * Math.PI);
      assertEquals(full.nll[r] - missing, masked.nll[r], 1e-6);
      assertEquals(full.gradient[3 * r], masked.gradient[3 * r]);
      assertEquals(0, masked.gradient[3 * r + 1]);
      assertEquals(full.gradient[3 * r + 2], masked.gradient[3 * r + 2]);
    }
    for (int r = 2; r < 4; r++) {
      assertEquals(0, masked.nll[r]);
      assertEquals(0, masked.gradient[3 * r]);
    }
  }

  @Test
  void maskOfOnesAndWeightsOfOneChangeNoBit() {
    float[] x = {1, 0, 2, 1, 1, 1};
    Loss plain = loss(x, null, null);
    Loss given = loss(x, matrix(2, 1, 1, 1, 1, 1, 1), floats(1, 1));
    assertArrayEquals(plain.nll, given.nll);
    assertArrayEquals(plain.gradient, given.gradient);
  }

  @Test
  void weightScalesTheGradientNotTheNll() {
    float[] x = {1, 0, 2, 1, 1, 1};
    Loss plain = loss(x, null, null);
    Loss rows = loss(x, null, floats(2, 0.5f));
    Loss samples = loss(x, null, matrix(2, 2, 0, 1, -1));
    assertArrayEquals(plain.nll, rows.nll);
    assertArrayEquals(plain.nll, samples.nll);
    float[] perSample = {2, 0, 1, -1};
    for (int i = 0; i < 12; i++) {
      assertEquals((i < 6 ? 2 : 0.5f) * plain.gradient[i], rows.gradient[i]);
      assertEquals(perSample[i / 3] * plain.gradient[i], samples.gradient[i], 0f);
    }
  }

  @Test
  void rowOfWeightZeroHasNoGradientEvenWhereItIsNotFinite() {
    Loss loss = loss(new float[] {NAN, NAN, NAN, 1, 1, 1}, null, floats(0, 1));
    assertTrue(Float.isNaN(loss.nll[0]));
    for (int i = 0; i < 6; i++) {
      assertEquals(0, loss.gradient[i]);
      assertTrue(Float.isFinite(loss.gradient[6 + i]));
    }
  }

  @Test
  void wrongShapesAreNamed() {
    float[] x = {1, 0, 2, 1, 1, 1};
    Thrown.says(
        IllegalArgumentException.class,
        () -> loss(x, zeros(2, 4), null),
        "likelihood: mask: expected FLOAT32 (B = 2, D = 3), given FLOAT32 (2, 4)");
    Thrown.says(
        IllegalArgumentException.class,
        () -> loss(x, null, zeros(3)),
        "likelihood: rowWeight: expected FLOAT32 (B = 2), given FLOAT32 (3)");
    Thrown.says(
        IllegalArgumentException.class,
        () -> loss(x, null, zeros(2, 3)),
        "likelihood: rowWeight: expected FLOAT32 (B = 2, L = 2), given FLOAT32 (2, 3)");
  }

  /** Two rows of two features, of which one is missing, by a model with a shared log variance. */
  private LikelihoodLoss sharing(
      String text,
      @Nullable Tensor shared,
      @Nullable Tensor dParameters,
      @Nullable Tensor dShared) {
    return new LikelihoodLoss(
        Likelihoods.parse(text),
        matrix(2, 1, 2, 3, 4).as(2, 1, 2),
        shared,
        matrix(2, 3, 2, NAN, 5),
        matrix(2, 1, 1, 0, 1),
        floats(1, 0.5f),
        zeros(2, 1),
        dParameters,
        dShared,
        SCALE);
  }

  @Test
  void sharedGradientIsTheSumOfTheRows() {
    Tensor shared = floats(0);
    Tensor dShared = floats(7);
    LikelihoodLoss op = sharing("gaussian-shared", shared, zeros(2, 1, 2), dShared);
    run(op);
    // Errors 2, 0 in a row of weight 1, and 1 in a row of weight 1/2.
    float expected = SCALE * (0.5f * (1 - 4) + 0.5f * (1 - 0) + 0.5f * 0.5f * (1 - 1));
    assertArrayEquals(new float[] {expected}, dShared.toFloats(), 1e-7f);
    assertArrayEquals(new float[] {0}, shared.toFloats());
  }

  @Test
  void optimalVarianceIsTheWeightedMeanSquareAndStaysForEvaluation() {
    Tensor shared = floats(9);
    Tensor dShared = floats(7);
    LikelihoodLoss op = sharing("gaussian-optimal", shared, zeros(2, 1, 2), dShared);
    run(op);
    double variance = (4 + 0 + 0.5 * 1) / 2.5;
    assertArrayEquals(new float[] {(float) Math.log(variance)}, shared.toFloats(), 1e-6f);
    assertArrayEquals(new float[] {0}, dShared.toFloats());
    assertEquals(
        0.5 * (2 * Math.log(2 * Math.PI * variance) + 4 / variance), op.nll().toFloats()[0], 1e-6);

    Tensor kept = floats(1);
    run(sharing("gaussian-optimal", kept, null, null));
    assertArrayEquals(new float[] {1}, kept.toFloats(), "without a gradient nothing is set");
  }

  @Test
  void optimalVarianceStaysWhereNothingIsObserved() {
    Tensor shared = floats(0.25f);
    Tensor gradient = matrix(1, 1, 1).as(1, 1, 2);
    LikelihoodLoss op =
        new LikelihoodLoss(
            Likelihoods.parse("gaussian-optimal"),
            matrix(1, 1, 2).as(1, 1, 2),
            shared,
            matrix(1, NAN, NAN),
            zeros(1, 2),
            null,
            matrix(1, 5),
            gradient,
            floats(7),
            SCALE);
    run(op);
    assertArrayEquals(new float[] {0.25f}, shared.toFloats());
    assertArrayEquals(new float[2], gradient.toFloats());
    assertArrayEquals(new float[1], op.nll().toFloats());
  }

  @Test
  void sharedParametersAreThereWhereTheLikelihoodHasSome() {
    Tensor one = zeros(1);
    Tensor gradient = zeros(2, 1, 2);
    refused(
        "shared: expected null, as poisson has none", () -> sharing("poisson", one, null, null));
    refused(
        "shared: expected FLOAT32 (S = 1), given FLOAT32 (2)",
        () -> sharing("gaussian-shared", zeros(2), null, null));
    refused(
        "shared: expected 1 parameters of gaussian-shared, given null",
        () -> sharing("gaussian-shared", null, gradient, one));
    refused(
        "dShared: expected a tensor, as dParameters is one",
        () -> sharing("gaussian-shared", one, gradient, null));
    refused(
        "dShared: expected null, as there is no such gradient",
        () -> sharing("gaussian-shared", one, null, zeros(1)));
    run(sharing("gaussian-shared", one, gradient, zeros(1)));
  }

  private static void refused(String part, Supplier<LikelihoodLoss> op) {
    Thrown.says(IllegalArgumentException.class, op::get, "likelihood: " + part);
  }
}
