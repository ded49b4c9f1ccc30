package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Missing values, row weights and shared parameters of the loss, by numbers worked out here, and
 * its argument checks. A backend's test extends this with a constructor of one line.
 */
public abstract class LikelihoodLossSuite {
  private static final float NAN = Float.NaN;
  private static final float SCALE = 0.25f;

  private final Backend backend;
  private final Ops ops;
  private final Arena arena = new Arena();

  /**
   * On a backend.
   *
   * @param backend which is closed after the test
   */
  protected LikelihoodLossSuite(Backend backend) {
    this.backend = backend;
    this.ops = new Ops(backend);
  }

  @AfterEach
  void closesAll() {
    arena.close();
    assertEquals(0, backend.open());
    backend.close();
  }

  /** What the op gives for 2 rows of 3 features and 2 samples. */
  private static final class Loss {
    final float[] nll = new float[4];
    final float[] gradient = new float[12];
  }

  private static final float[] PARAMETERS = {
    0.5f, -1, 2, 0.1f, 3, -2, 1, 1, -0.5f, 0.2f, 0.3f, 0.4f
  };

  private Loss loss(float[] x, float @Nullable [] mask, float @Nullable [] rowWeight) {
    Buffer nll = floats(new float[4]);
    Buffer gradient = floats(new float[12]);
    Likelihood likelihood = Likelihoods.parse("gaussian");
    try (PreparedOp op =
        ops.likelihood(
            new LikelihoodLoss(
                likelihood,
                floats(PARAMETERS),
                null,
                floats(x),
                mask == null ? null : floats(mask),
                rowWeight == null ? null : floats(rowWeight),
                nll,
                gradient,
                null,
                2,
                2,
                3,
                SCALE))) {
      op.run();
    }
    Loss loss = new Loss();
    nll.read(loss.nll);
    gradient.read(loss.gradient);
    return loss;
  }

  private Buffer floats(float... values) {
    Buffer buffer = arena.own(ops.allocate(DType.FLOAT32, values.length));
    buffer.write(values);
    return buffer;
  }

  @Test
  void missingFeatureCostsNothingAndIsNotLookedAt() {
    Loss full = loss(new float[] {1, 0, 2, 1, 1, 1}, null, null);
    Loss masked =
        loss(new float[] {1, NAN, 2, NAN, NAN, NAN}, new float[] {1, 0, 1, 0, 0, 0}, null);
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
    Loss given = loss(x, new float[] {1, 1, 1, 1, 1, 1}, new float[] {1, 1});
    assertArrayEquals(plain.nll, given.nll);
    assertArrayEquals(plain.gradient, given.gradient);
  }

  @Test
  void weightScalesTheGradientNotTheNll() {
    float[] x = {1, 0, 2, 1, 1, 1};
    Loss plain = loss(x, null, null);
    Loss rows = loss(x, null, new float[] {2, 0.5f});
    Loss samples = loss(x, null, new float[] {2, 0, 1, -1});
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
    Loss loss = loss(new float[] {NAN, NAN, NAN, 1, 1, 1}, null, new float[] {0, 1});
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
        () -> loss(x, new float[5], null),
        "likelihood: mask: expected FLOAT32 x 6 (2, 3)");
    Thrown.says(
        IllegalArgumentException.class,
        () -> loss(x, null, new float[3]),
        "likelihood: rowWeight: expected");
  }

  /** Two rows of two features, of which one is missing, by a model with a shared log variance. */
  private LikelihoodLoss sharing(
      String text, Buffer shared, @Nullable Buffer dParameters, @Nullable Buffer dShared) {
    return new LikelihoodLoss(
        Likelihoods.parse(text),
        floats(1, 2, 3, 4),
        shared,
        floats(3, 2, NAN, 5),
        floats(1, 1, 0, 1),
        floats(1, 0.5f),
        floats(0, 0),
        dParameters,
        dShared,
        2,
        1,
        2,
        SCALE);
  }

  @Test
  void sharedGradientIsTheSumOfTheRows() {
    Buffer shared = floats(0);
    Buffer dShared = floats(7);
    LikelihoodLoss op = sharing("gaussian-shared", shared, floats(0, 0, 0, 0), dShared);
    try (PreparedOp plan = ops.likelihood(op)) {
      plan.run();
    }
    // Errors 2, 0 in a row of weight 1, and 1 in a row of weight 1/2.
    float expected = SCALE * (0.5f * (1 - 4) + 0.5f * (1 - 0) + 0.5f * 0.5f * (1 - 1));
    assertArrayEquals(new float[] {expected}, dShared.toFloats(), 1e-7f);
    assertArrayEquals(new float[] {0}, shared.toFloats());
  }

  @Test
  void optimalVarianceIsTheWeightedMeanSquareAndStaysForEvaluation() {
    Buffer shared = floats(9);
    Buffer dShared = floats(7);
    LikelihoodLoss op = sharing("gaussian-optimal", shared, floats(0, 0, 0, 0), dShared);
    try (PreparedOp plan = ops.likelihood(op)) {
      plan.run();
    }
    double variance = (4 + 0 + 0.5 * 1) / 2.5;
    assertArrayEquals(new float[] {(float) Math.log(variance)}, shared.toFloats(), 1e-6f);
    assertArrayEquals(new float[] {0}, dShared.toFloats());
    assertEquals(
        0.5 * (2 * Math.log(2 * Math.PI * variance) + 4 / variance), op.nll().toFloats()[0], 1e-6);

    Buffer kept = floats(1);
    try (PreparedOp plan = ops.likelihood(sharing("gaussian-optimal", kept, null, null))) {
      plan.run();
    }
    assertArrayEquals(new float[] {1}, kept.toFloats(), "without a gradient nothing is set");
  }

  @Test
  void optimalVarianceStaysWhereNothingIsObserved() {
    Buffer shared = floats(0.25f);
    Buffer gradient = floats(1, 1);
    LikelihoodLoss op =
        new LikelihoodLoss(
            Likelihoods.parse("gaussian-optimal"),
            floats(1, 2),
            shared,
            floats(NAN, NAN),
            floats(0, 0),
            null,
            floats(5),
            gradient,
            floats(7),
            1,
            1,
            2,
            SCALE);
    try (PreparedOp plan = ops.likelihood(op)) {
      plan.run();
    }
    assertArrayEquals(new float[] {0.25f}, shared.toFloats());
    assertArrayEquals(new float[2], gradient.toFloats());
    assertArrayEquals(new float[1], op.nll().toFloats());
  }

  @Test
  void sharedParametersAreThereWhereTheLikelihoodHasSome() {
    Buffer one = floats(0);
    refused("shared: expected null, as poisson has none", sharing("poisson", one, null, null));
    refused("shared: expected FLOAT32 x 1", sharing("gaussian-shared", floats(0, 0), null, null));
    LikelihoodLoss good = sharing("gaussian-shared", one, floats(0, 0, 0, 0), floats(0));
    refused("shared: expected 1 parameters of gaussian-shared, given null", with(good, null, one));
    refused("dShared: expected a buffer, as dParameters is one", with(good, one, null));
    LikelihoodLoss noGradient = sharing("gaussian-shared", one, null, null);
    refused(
        "dShared: expected null, as there is no such gradient", with(noGradient, one, floats(0)));
  }

  private static LikelihoodLoss with(
      LikelihoodLoss op, @Nullable Buffer shared, @Nullable Buffer dShared) {
    return new LikelihoodLoss(
        op.likelihood(),
        op.parameters(),
        shared,
        op.x(),
        op.mask(),
        op.rowWeight(),
        op.nll(),
        op.dParameters(),
        dShared,
        op.batch(),
        op.samples(),
        op.features(),
        op.scale());
  }

  private void refused(String part, LikelihoodLoss op) {
    Thrown.says(IllegalArgumentException.class, () -> ops.likelihood(op), "likelihood: " + part);
  }
}
