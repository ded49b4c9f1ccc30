package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Missing values and row weights of the loss, on the oracle; its argument checks. */
class LikelihoodLossTest {
  private static final float NAN = Float.NaN;
  private static final float SCALE = 0.25f;

  private final ReferenceBackend backend = new ReferenceBackend();
  private final Ops ops = new Ops(backend);
  private final Arena arena = new Arena();

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
                floats(x),
                mask == null ? null : floats(mask),
                rowWeight == null ? null : floats(rowWeight),
                nll,
                gradient,
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
}
