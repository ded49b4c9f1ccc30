// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.Vae;
import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.infer.InferenceConfig.Start;
import io.github.vae4j.model.InitialWeights;
import io.github.vae4j.model.Initializer;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.random.Permutation;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.tensor.Tensor;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InferenceTest {
  private static final double MEAN_ERROR = 0.3;
  private static final double LOGVAR_ERROR = 0.9;

  private static InferenceConfig config(Start start) {
    return new InferenceConfig(300, 0.1, 0.003, 64, 400, start, 3);
  }

  @ParameterizedTest
  @EnumSource(Start.class)
  void findsTheExactPosteriorAndTheGapIsTheEncodersDivergenceFromIt(Start start) {
    Matrix x = LinearGaussian.rows(70);
    try (Vae vae = LinearGaussian.model(Kind.REFERENCE, MEAN_ERROR, LOGVAR_ERROR);
        DataSet data = DataSets.of(x)) {
      OptimizedCodes found = vae.measure().optimize(data, config(start));
      assertIsExactPosterior(x, found.codes());
      AmortizationGap gap = found.gap();
      double divergence = LinearGaussian.divergence(MEAN_ERROR, LOGVAR_ERROR);
      assertEquals(divergence, gap.gap(), 0.02 * divergence);
      assertEquals(gap.gap(), gap.optimized() - gap.encoder(), 1e-9);
      assertEquals(70, gap.rows());
      // The divergence is the same for all rows; the difference is the noise of 400 samples.
      for (double regret : found.regret()) {
        assertEquals(divergence, regret, 0.35 * divergence);
      }
      assertTrue(gap.standardError() > 0 && gap.standardError() < 0.02 * divergence);
    }
  }

  /** An observation with so little noise that the posterior is far narrower than the prior. */
  @Test
  void theDefaultsArriveFromThePrior() {
    Matrix x = LinearGaussian.rows(40);
    InferenceConfig base = InferenceConfig.defaults();
    InferenceConfig config =
        new InferenceConfig(
            base.steps(),
            base.learningRate(),
            base.decay(),
            base.samples(),
            base.scoringSamples(),
            Start.PRIOR,
            0);
    try (Vae vae = LinearGaussian.model(Kind.CPU, "gaussian:sigma=0.05", 0, 0);
        DataSet data = DataSets.of(x)) {
      OptimizedCodes found = vae.measure().optimize(data, config);
      for (int j = 0; j < LinearGaussian.LATENT; j++) {
        double exact = -Math.log(LinearGaussian.precision(j, 0.05));
        assertTrue(exact < -4.9, "log variance " + exact);
        double sum = 0;
        for (int row = 0; row < x.rows(); row++) {
          double mean = LinearGaussian.posteriorMean(x.row(row), j, 0.05);
          // The better of two posteriors is chosen by 100 samples, whose variance is uncertain.
          double logvar = found.codes().logvar().at(row, j);
          assertEquals(exact, logvar, 0.7, "log variance of row " + row);
          sum += logvar;
          assertEquals(mean, found.codes().mean().at(row, j), 0.06, "mean of row " + row);
        }
        assertEquals(exact, sum / x.rows(), 0.15, "log variance");
      }
      assertEquals(0, found.unconverged());
      InferenceConfig slow = new InferenceConfig(10, 0.01, 0.1, 4, 100, Start.PRIOR, 0);
      assertEquals(40, vae.measure().optimize(data, slow).unconverged());
    }
  }

  private static void assertIsExactPosterior(Matrix x, Codes codes) {
    for (int row = 0; row < x.rows(); row++) {
      for (int j = 0; j < LinearGaussian.LATENT; j++) {
        double exact = LinearGaussian.posteriorMean(x.row(row), j);
        assertEquals(exact, codes.mean().at(row, j), 0.02, "mean of row " + row);
        double logvar = -Math.log(LinearGaussian.precision(j));
        assertEquals(logvar, codes.logvar().at(row, j), 0.05, "log variance of row " + row);
      }
    }
  }

  @Test
  void anExactEncoderLeavesNothingToGain() {
    try (Vae vae = LinearGaussian.model(Kind.REFERENCE, 0, 0);
        DataSet data = DataSets.of(LinearGaussian.rows(40))) {
      OptimizedCodes found = vae.measure().optimize(data, config(Start.ENCODER));
      for (double regret : found.regret()) {
        assertTrue(regret >= 0 && regret < 5e-3, "regret " + regret);
      }
    }
  }

  /** Three huge steps move every row far away, so that the start is kept. */
  @Test
  void noRowGetsWorse() {
    InferenceConfig wild = new InferenceConfig(3, 50, 1, 1, 10, Start.ENCODER, 0);
    try (Vae vae = LinearGaussian.model(Kind.REFERENCE, 0.01, 0.01);
        DataSet data = DataSets.of(LinearGaussian.rows(20))) {
      OptimizedCodes found = vae.measure().optimize(data, wild);
      assertArrayEquals(found.before(), found.after());
      assertArrayEquals(found.encoder(), found.before());
      assertArrayEquals(vae.encode(data).mean().values(), found.codes().mean().values());
      assertArrayEquals(vae.encode(data).logvar().values(), found.codes().logvar().values());
    }
  }

  /** The decoder overflows for one row only; the others are as without it. */
  @Test
  void aRowThatIsNotFiniteSpoilsItselfAlone() {
    Matrix x = LinearGaussian.rows(9);
    Matrix broken = new Matrix(9, LinearGaussian.FEATURES, x.values().clone());
    broken.values()[4 * LinearGaussian.FEATURES] = 3e38f;
    InferenceConfig config = new InferenceConfig(20, 0.1, 0.1, 2, 10, Start.ENCODER, 1);
    try (Vae vae = LinearGaussian.model(Kind.REFERENCE, 0.5, 0.5);
        Arena arena = new Arena();
        DataSet whole = DataSets.of(x);
        DataSet part = DataSets.of(broken)) {
      ParameterLayout layout = new ParameterLayout(vae.spec());
      Tensor all = vae.backend().tensor(arena, layout.length());
      all.write(vae.weights());
      Inference inference =
          new Inference(vae.backend(), vae.spec(), Parameters.of(layout, all.buffer()));
      OptimizedCodes expected = inference.optimize(whole, config, 9);
      OptimizedCodes actual = inference.optimize(part, config, 9);
      for (int row = 0; row < 9; row++) {
        if (row != 4) {
          assertEquals(expected.after()[row], actual.after()[row], "row " + row);
          assertArrayEquals(expected.codes().mean().row(row), actual.codes().mean().row(row));
        }
      }
    }
  }

  @Test
  void rowsDoNotDependOnHowTheyAreBatched() {
    InferenceConfig config = new InferenceConfig(30, 0.1, 0.1, 3, 10, Start.ENCODER, 1);
    VaeSpec spec = VaeSpec.builder(12).hidden(7).latent(3).build();
    ParameterLayout layout = new ParameterLayout(spec);
    Matrix x = Matrix.zeros(23, 12);
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] = i * 7 % 3 == 0 ? 1 : 0;
    }
    try (Backend backend = Backends.open(new BackendOptions(Kind.REFERENCE, 1, Precision.FP32));
        DataSet data = DataSets.of(x)) {
      try (Arena arena = new Arena()) {
        Tensor parameters = backend.tensor(arena, layout.length());
        parameters.write(InitialWeights.draw(layout, Initializer.GLOROT, 1));
        Inference inference =
            new Inference(backend, spec, Parameters.of(layout, parameters.buffer()));
        OptimizedCodes whole = inference.optimize(data, config, 23);
        for (int batch : new int[] {1, 5, 22}) {
          OptimizedCodes split = inference.optimize(data, config, batch);
          assertArrayEquals(whole.after(), split.after());
          assertArrayEquals(whole.codes().mean().values(), split.codes().mean().values());
          assertArrayEquals(whole.codes().logvar().values(), split.codes().logvar().values());
        }
      }
    }
  }

  @Test
  void theCpuFollowsTheReference() {
    InferenceConfig config = new InferenceConfig(60, 0.1, 0.05, 4, 20, Start.ENCODER, 1);
    try (Vae reference = LinearGaussian.model(Kind.REFERENCE, MEAN_ERROR, LOGVAR_ERROR);
        Vae cpu = LinearGaussian.model(Kind.CPU, MEAN_ERROR, LOGVAR_ERROR);
        DataSet data = DataSets.of(LinearGaussian.rows(33))) {
      OptimizedCodes expected = reference.measure().optimize(data, config);
      OptimizedCodes actual = cpu.measure().optimize(data, config);
      assertArrayEquals(expected.encoder(), actual.encoder(), 1e-4);
      assertArrayEquals(expected.after(), actual.after(), 1e-3);
      assertArrayEquals(expected.codes().mean().values(), actual.codes().mean().values(), 1e-3f);
      assertArrayEquals(
          expected.codes().logvar().values(), actual.codes().logvar().values(), 1e-3f);
    }
  }

  /** gaussian-optimal refits its variance in training steps; here it is part of the decoder. */
  @ParameterizedTest
  @ValueSource(strings = {"gaussian-shared", "gaussian-optimal", "composite:0-=gaussian-optimal"})
  void theModelIsNotChanged(String likelihood) {
    InferenceConfig config = new InferenceConfig(40, 0.1, 0.1, 4, 20, Start.ENCODER, 1);
    try (Vae fixed = LinearGaussian.model(Kind.REFERENCE, MEAN_ERROR, LOGVAR_ERROR);
        Vae vae = LinearGaussian.model(Kind.REFERENCE, likelihood, MEAN_ERROR, LOGVAR_ERROR);
        DataSet data = DataSets.of(LinearGaussian.rows(10))) {
      double[] expected = fixed.measure().optimize(data, config).after();
      double bound = vae.evaluate(data, 10, 1).elbo();
      assertArrayEquals(expected, vae.measure().optimize(data, config).after(), 1e-4);
      assertEquals(bound, vae.evaluate(data, 10, 1).elbo());
    }
  }

  /** Images of MNIST, and the same images with their pixels in another order. */
  @Test
  void outliersHaveTheLargerRegret() {
    VaeSpec spec = VaeSpec.builder(784).hidden(100).latent(8).build();
    InferenceConfig config = new InferenceConfig(40, 0.1, 0.1, 2, 40, Start.ENCODER, 0);
    try (DataSet train = DataSets.open("mnist");
        DataSet test = DataSets.open("mnist:test");
        DataSet few = DataSets.head(train, 10_000);
        DataSet inliers = DataSets.head(test, 100);
        DataSet outliers = DataSets.of(permuted(DataSets.values(test, 0, 100)));
        Vae vae = Vae.create(spec, new BackendOptions(Kind.CPU, 1, Precision.FP32), 0)) {
      TrainConfig training = TrainConfig.builder().epochs(3).build();
      vae.train(few, null, training, TrainListener.NONE);
      double[] in = vae.measure().optimize(inliers, config).regret();
      double[] out = vae.measure().optimize(outliers, config).regret();
      assertTrue(auc(in, out) > 0.9, "AUC " + auc(in, out));
    }
  }

  private static Matrix permuted(Matrix images) {
    Permutation order = new Permutation(1, 0, images.columns());
    Matrix result = Matrix.zeros(images.rows(), images.columns());
    for (int row = 0; row < images.rows(); row++) {
      for (int d = 0; d < images.columns(); d++) {
        result.values()[row * images.columns() + d] = images.at(row, order.at(d));
      }
    }
    return result;
  }

  /** The chance that an outlier scores higher than an inlier. */
  private static double auc(double[] inliers, double[] outliers) {
    double wins = 0;
    for (double in : inliers) {
      for (double out : outliers) {
        wins += out > in ? 1 : out == in ? 0.5 : 0;
      }
    }
    return wins / inliers.length / outliers.length;
  }

  @Test
  void badSettingsAreNamed() {
    assertRefused("steps: expected 1 or more, given 0", 0, 0.1, 1, 1, 1);
    assertRefused("samples: expected 1 or more, given 0", 1, 0.1, 1, 0, 1);
    assertRefused("scoringSamples: expected 1 or more, given -1", 1, 0.1, 1, 1, -1);
    assertRefused("learningRate: expected a number above 0, given 0.0", 1, 0, 1, 1, 1);
    assertRefused("learningRate", 1, Double.NaN, 1, 1, 1);
    assertRefused("learningRate", 1, Double.POSITIVE_INFINITY, 1, 1, 1);
    assertRefused("decay: expected above 0 to 1, given 1.5", 1, 0.1, 1.5, 1, 1);
    assertRefused("decay", 1, 0.1, 0, 1, 1);
    try (Vae vae = LinearGaussian.model(Kind.REFERENCE, 0, 0);
        DataSet narrow = DataSets.of(Matrix.zeros(4, 2))) {
      InferenceConfig defaults = InferenceConfig.defaults();
      Thrown.says(
          VaeException.class, () -> vae.measure().optimize(narrow, defaults), "rows of 2 values");
    }
  }

  private static void assertRefused(
      String message, int steps, double rate, double decay, int samples, int scoringSamples) {
    Thrown.says(
        IllegalArgumentException.class,
        () -> new InferenceConfig(steps, rate, decay, samples, scoringSamples, Start.ENCODER, 0),
        message);
  }
}
