// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each backward op of the reference against central differences of a scalar loss of its forward op.
 * Storage is float32: the step is so large that the loss changes by many rounding errors, and so
 * small that the third derivative is negligible.
 */
final class GradientTest {
  private static final float STEP = 0x1p-7f;
  private static final double TOLERANCE = 1e-3;

  @AutoClose private final ReferenceTensors tensors = new ReferenceTensors(8);

  private Control control(double beta) {
    Control control = new Control(tensors.allocate(DType.FLOAT64, Control.LENGTH));
    control.set(Control.STEP, 12).set(Control.BETA, beta).upload();
    return control;
  }

  static double dot(Tensor weights, Tensor values) {
    float[] w = weights.toFloats();
    float[] v = values.toFloats();
    double sum = 0;
    for (int i = 0; i < w.length; i++) {
      sum += (double) w[i] * v[i];
    }
    return sum;
  }

  private static double sum(Tensor values) {
    double sum = 0;
    for (float value : values.toFloats()) {
      sum += value;
    }
    return sum;
  }

  /** Compares every element of a gradient with the slope of the loss. */
  static void check(String label, Tensor input, Tensor gradient, DoubleSupplier loss) {
    float[] given = gradient.toFloats();
    check(label, input, given, new float[given.length], loss);
  }

  /** The same for a gradient that was added to former values. */
  static void check(
      String label, Tensor input, float[] given, float[] before, DoubleSupplier loss) {
    float[] values = input.toFloats();
    for (int i = 0; i < values.length; i++) {
      float kept = values[i];
      float above = kept + STEP;
      float below = kept - STEP;
      values[i] = above;
      input.write(values);
      double high = loss.getAsDouble();
      values[i] = below;
      input.write(values);
      double low = loss.getAsDouble();
      values[i] = kept;
      double slope = (high - low) / ((double) above - below);
      assertEquals(
          slope, given[i] - before[i], TOLERANCE * (1 + Math.abs(slope)), label + "[" + i + "]");
    }
    input.write(values);
  }

  @ParameterizedTest
  @EnumSource
  void dense(Activation activation) {
    int batch = 3;
    int inputs = 5;
    int outputs = 4;
    Tensor x = tensors.normal(batch, inputs);
    Tensor weight = tensors.normal(inputs, outputs);
    Tensor bias = tensors.normal(outputs);
    @Nullable Tensor v = activation.needsPreactivation() ? tensors.zeros(batch, outputs) : null;
    Tensor y = tensors.zeros(batch, outputs);
    Tensor c = tensors.normal(batch, outputs);
    Tensor dy = tensors.zeros(batch, outputs);
    dy.write(c.toFloats());
    Tensor dx = tensors.zeros(batch, inputs);
    Tensor dWeight = tensors.zeros(inputs, outputs);
    Tensor dBias = tensors.zeros(outputs);
    Dense dense = new Dense(x, weight, bias, v, y, activation);
    Program forward = tensors.compile(dense);
    forward.run();
    tensors.compile(new DenseBackward(dense, dy, dx, dWeight, dBias)).run();
    DoubleSupplier loss =
        () -> {
          forward.run();
          return dot(c, y);
        };
    check("dx", x, dx, loss);
    check("dWeight", weight, dWeight, loss);
    check("dBias", bias, dBias, loss);
  }

  static List<Likelihood> likelihoods() {
    return Likelihoods.all();
  }

  @ParameterizedTest
  @MethodSource("likelihoods")
  void likelihood(Likelihood model) {
    int batch = 2;
    int samples = 3;
    int features = 4;
    int width = model.parameters(features);
    int sharedCount = model.shared(features);
    Tensor parameters = tensors.normal(batch, samples, width);
    @Nullable Tensor shared = sharedCount == 0 ? null : tensors.normal(sharedCount);
    @Nullable Tensor dShared = sharedCount == 0 ? null : tensors.zeros(sharedCount);
    Tensor x = tensors.zeros(batch, features);
    x.write(drawn(model, batch, features));
    Tensor mask = tensors.zeros(batch, features);
    mask.write(new float[] {1, 1, 0, 1, 0, 1, 1, 1});
    Tensor weights = tensors.zeros(batch);
    weights.write(new float[] {0.5f, 2});
    Tensor nll = tensors.zeros(batch, samples);
    Tensor gradient = tensors.zeros(batch, samples, width);
    float scale = 0.25f;
    Program op =
        tensors.compile(
            new LikelihoodLoss(
                model, parameters, shared, x, mask, weights, nll, gradient, dShared, scale));
    op.run();
    Tensor kept = copy(gradient);
    @Nullable Tensor keptShared = dShared == null ? null : copy(dShared);
    DoubleSupplier loss =
        () -> {
          op.run();
          float[] rows = nll.toFloats();
          double sum = 0;
          for (int r = 0; r < rows.length; r++) {
            sum += (r < samples ? 0.5 : 2) * rows[r];
          }
          return scale * sum;
        };
    check("dParameters", parameters, kept, loss);
    if (shared != null && keptShared != null) {
      check("dShared", shared, keptShared, loss);
    }
  }

  private Tensor copy(Tensor tensor) {
    Tensor copy = tensors.zeros((int) tensor.length());
    copy.write(tensor.toFloats());
    return copy;
  }

  private float[] drawn(Likelihood model, int batch, int features) {
    double[] parameters = new double[model.parameters(features) + model.shared(features)];
    double[] x = new double[features];
    float[] drawn = new float[batch * features];
    for (int b = 0; b < batch; b++) {
      model.sample(parameters, tensors.random(), x);
      for (int d = 0; d < features; d++) {
        drawn[b * features + d] = (float) x[d];
      }
    }
    return drawn;
  }

  /** The loss is a weighted sum of z plus klScale beta sum_b kl. */
  @ParameterizedTest
  @CsvSource({"1, 1", "3, 1", "3, 0", "2, 4"})
  void reparameterize(int samples, double beta) {
    Latent latent = new Latent(tensors.normal(3, 2 * 4), samples, beta, 0f);
    check(
        "dStats",
        latent.stats,
        latent.dStats,
        () -> latent.loss(() -> latent.klScale * beta * sum(latent.kl)));
  }

  /** The loss is then a weighted sum of z minus klScale beta / L times that of logRatio. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void sampledLatentTerm(int samples) {
    float[] weights = new float[3 * samples];
    for (int r = 0; r < weights.length; r++) {
      weights[r] = 0.25f * (r + 1);
    }
    Latent latent = new Latent(tensors.normal(3, 2 * 4), samples, 1.5, weights);
    check(
        "dStats",
        latent.stats,
        latent.dStats,
        () ->
            latent.loss(
                () -> {
                  float[] ratio = latent.logRatio.toFloats();
                  double sum = 0;
                  for (int r = 0; r < ratio.length; r++) {
                    sum += weights[r] * ratio[r];
                  }
                  return -latent.klScale * 1.5 / samples * sum;
                }));
  }

  /** The loss is then klScale beta B |kl - C| for the batch's mean KL, from both sides of C. */
  @ParameterizedTest
  @ValueSource(doubles = {0.5, 50})
  void capacity(double nats) {
    Latent latent = new Latent(tensors.normal(3, 2 * 4), 2, 1.5, nats);
    check(
        "dStats",
        latent.stats,
        latent.dStats,
        () ->
            latent.loss(
                () -> 3 * latent.klScale * 1.5 * Math.abs(sum(latent.klPerDimension) - nats)));
  }

  /** Beyond the clamp the loss does not depend on logvar. */
  @Test
  void reparameterizeBeyondTheClamp() {
    Tensor stats = tensors.zeros(3, 2 * 4);
    float[] values = tensors.normal(3, 2 * 4).toFloats();
    values[4] = -31;
    values[5] = 21;
    values[6] = -100;
    values[7] = 1e30f;
    stats.write(values);
    Latent latent = new Latent(stats, 2, 0, 0f);
    latent.loss(() -> 0);
    float[] gradient = latent.dStats.toFloats();
    for (int j = 4; j < 8; j++) {
      assertEquals(0, gradient[j], "logvar " + values[j]);
      assertEquals(latent.columnSum(j - 4), gradient[j - 4], 1e-6, "mu beside it");
    }
  }

  /** The loss is then klScale beta B sum_j max(freeBits, klPerDimension_j). */
  @Test
  void freeBits() {
    Tensor stats = tensors.normal(3, 2 * 4);
    float threshold = 0.6f;
    Latent latent = new Latent(stats, 1, 1.5, threshold);
    float[] perDimension = latent.klPerDimension.toFloats();
    int free = 0;
    for (float kl : perDimension) {
      free += kl < threshold ? 1 : 0;
    }
    assertEquals(2, free, "the data should have both kinds of dimension");
    check(
        "dStats",
        stats,
        latent.dStats,
        () ->
            latent.loss(
                () -> {
                  double sum = 0;
                  for (float kl : latent.klPerDimension.toFloats()) {
                    sum += Math.max(threshold, kl);
                  }
                  return latent.klScale * 1.5 * 3 * sum;
                }));
  }

  /** Both reparameterize ops of a batch of 3 with 4 dimensions, run once. */
  private final class Latent {
    final Tensor stats;
    final Tensor klPerDimension = tensors.zeros(4);
    final Tensor kl = tensors.zeros(3);
    final Tensor dStats = tensors.zeros(3, 2 * 4);
    final float klScale = 0.3f;
    final Tensor logRatio;
    private final Tensor z;
    private final Tensor dz;
    private final Program forward;

    Latent(Tensor stats, int samples, double beta, float freeBits) {
      this(stats, samples, control(beta), freeBits, false, null);
    }

    /** Drawn to a capacity. */
    Latent(Tensor stats, int samples, double beta, double capacity) {
      this(stats, samples, control(beta).set(Control.CAPACITY, capacity), 0, true, null);
    }

    /** Along weighted samples. */
    Latent(Tensor stats, int samples, double beta, float[] weights) {
      this(stats, samples, control(beta), 0, false, weights);
    }

    private Latent(
        Tensor stats,
        int samples,
        Control control,
        float freeBits,
        boolean capacity,
        float @Nullable [] weights) {
      this.stats = stats;
      z = tensors.zeros(3, samples, 4);
      dz = tensors.normal(3, samples, 4);
      logRatio = tensors.zeros(3, samples);
      control.upload();
      @Nullable Tensor weight = weights == null ? null : tensors.zeros(3, samples);
      if (weight != null && weights != null) {
        weight.write(weights);
      }
      Reparameterize sample =
          new Reparameterize(stats, z, kl, klPerDimension, logRatio, control, 99, Stream.LATENT, 7);
      forward = tensors.compile(sample);
      forward.run();
      tensors
          .compile(
              new ReparameterizeBackward(
                  sample,
                  dz,
                  weight,
                  dStats,
                  1,
                  klScale,
                  freeBits,
                  capacity,
                  weight == null ? Estimator.ANALYTIC : Estimator.SAMPLED))
          .run();
    }

    double loss(DoubleSupplier penalty) {
      forward.run();
      return dot(dz, z) + penalty.getAsDouble();
    }

    /** The gradient of the first row's mean j from dz. */
    double columnSum(int j) {
      float[] values = dz.toFloats();
      int samples = values.length / 12;
      double sum = 0;
      for (int l = 0; l < samples; l++) {
        sum += values[l * 4 + j];
      }
      return sum;
    }
  }
}
