// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.Vae;
import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.latent.LatentStage;
import io.github.vae4j.metrics.Moments;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.DensePlace;
import io.github.vae4j.model.InitialWeights;
import io.github.vae4j.model.Initializer;
import io.github.vae4j.model.Net;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.Objective;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainListener;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Evaluation and sampling of models whose posterior or prior is not the default. */
final class LatentFamiliesTest {
  private static final double LOG_2_PI = Math.log(2 * Math.PI);

  private final Backend backend = new ReferenceBackend();
  private final Arena arena = new Arena();

  @AfterEach
  void close() {
    arena.close();
    assertEquals(0, backend.open());
    backend.close();
  }

  private static VaeSpec.Builder small() {
    return VaeSpec.builder(4).hidden(5).latent(2).activation(Activation.TANH);
  }

  private static DataSet rows(int n) {
    Matrix x = Matrix.zeros(n, 4);
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] = i * 7 % 5 / 4f;
    }
    return DataSets.of(x);
  }

  /** Weights twice as large as usual, so that families differ. */
  private static float[] weights(ParameterLayout layout) {
    float[] weights = InitialWeights.draw(layout, Initializer.PYTORCH, 5);
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= 2;
    }
    return weights;
  }

  private Parameters parameters(ParameterLayout layout, float[] values) {
    Buffer all = backend.tensor(arena, layout.length()).buffer();
    all.write(values);
    return Parameters.of(layout, all);
  }

  @Test
  void oneStandardComponentHasTheNumbersOfTheStandardNormal() {
    VaeSpec standard = small().build();
    VaeSpec mixture = small().prior(Prior.parse("mog:1")).build();
    ParameterLayout layout = new ParameterLayout(mixture);
    float[] weights = weights(layout);
    ParameterLayout.Place place = layout.place(ParameterLayout.COMPONENTS);
    Arrays.fill(weights, place.offset(), place.offset() + place.length(), 0);
    ParameterLayout small = new ParameterLayout(standard);
    Parameters parameters = parameters(layout, weights);
    try (DataSet data = rows(9);
        Evaluator other = new Evaluator(backend, mixture, parameters);
        Evaluator usual =
            new Evaluator(
                backend, standard, parameters(small, Arrays.copyOf(weights, small.length())))) {
      Evaluation expected = usual.evaluate(data, 3, 1);
      Evaluation given = other.evaluate(data, 3, 1);
      assertEquals(expected.sampled(), given.sampled());
      assertEquals(expected.sampled().kl(), given.kl(), 1e-6);
      assertEquals(expected.entropy(), given.entropy());
      assertEquals(
          usual.logLikelihood(data, 20, 1).mean(), other.logLikelihood(data, 20, 1).mean());
      assertEquals(1, expected.kl() / given.kl(), 0.5);
    }
  }

  @Test
  void bothFormsOfTheBoundAgreeOnTheSameSamples() {
    for (VaeSpec spec :
        List.of(
            small().posterior(Posterior.parse("planar:2")).build(),
            small().posterior(Posterior.FULL).build(),
            small().prior(Prior.parse("mog:3")).build(),
            small().prior(Prior.parse("vamp:2")).build(),
            small().top(3, 4).build())) {
      ParameterLayout layout = new ParameterLayout(spec);
      Parameters parameters = parameters(layout, weights(layout));
      try (DataSet data = rows(7);
          Evaluator evaluator = new Evaluator(backend, spec, parameters)) {
        Evaluation evaluation = evaluator.evaluate(data, 5, 3);
        assertEquals(evaluation.elbo(), evaluation.sampled().elbo(), 1e-5, spec.toString());
        assertEquals(
            evaluation.sampled().elbo(),
            evaluation.sampled().joint() + evaluation.sampled().entropy(),
            1e-9);
        double logp = evaluator.logLikelihood(data, 200, 3).mean();
        assertTrue(logp > evaluation.elbo(), logp + " and " + evaluation.elbo());
      }
    }
  }

  /** log w of two stochastic layers by plain loops over the nets' weights. */
  @Test
  void twoLayersHaveTheLogWeightOfTheirFormula() {
    VaeSpec spec = small().top(3, 4).build();
    ParameterLayout layout = new ParameterLayout(spec);
    float[] weights = weights(layout);
    int samples = 2;
    Parameters parameters = parameters(layout, weights);
    try (DataSet data = rows(3);
        EvaluationPlan plan =
            new EvaluationPlan(
                backend,
                spec,
                parameters,
                StagedRows.Source.of(spec, data).form(),
                3,
                samples,
                9,
                false)) {
      plan.encode(StagedRows.Source.of(spec, data), 0, 3);
      plan.sample(4);
      LatentStage.Level lower = plan.results.levels().get(0);
      LatentStage.Level upper = plan.results.levels().get(1);
      float[] x = DataSets.values(data, 0, 3).values();
      for (int r = 0; r < 3 * samples; r++) {
        double[] z = row(lower.z().toFloats(), r, 2);
        double[] y = row(upper.z().toFloats(), r, 3);
        double[] below = net(layout, layout.encoder(), weights, row(x, r / samples, 4));
        double[] above = net(layout, layout.topEncoder(), weights, z);
        double[] prior = net(layout, layout.topDecoder(), weights, y);
        double expected =
            logNormal(z, prior)
                + logNormal(y, new double[6])
                - logNormal(z, below)
                - logNormal(y, above);
        assertEquals(expected, plan.results.logRatio().toFloats()[r], 1e-4);
      }
    }
  }

  private static double[] row(float[] values, int row, int columns) {
    double[] out = new double[columns];
    for (int j = 0; j < columns; j++) {
      out[j] = values[row * columns + j];
    }
    return out;
  }

  private static double[] net(ParameterLayout layout, Net net, float[] weights, double[] input) {
    List<DensePlace> layers = DensePlace.of(layout, net);
    double[] x = input;
    for (int k = 0; k < layers.size(); k++) {
      DensePlace layer = layers.get(k);
      double[] y = new double[layer.outputs()];
      for (int o = 0; o < y.length; o++) {
        y[o] = weights[layer.biasOffset() + o];
        for (int i = 0; i < x.length; i++) {
          y[o] += x[i] * weights[layer.weightOffset() + i * y.length + o];
        }
        y[o] = k < layers.size() - 1 ? Math.tanh(y[o]) : y[o];
      }
      x = y;
    }
    return x;
  }

  /** log N(z; means, exp(log variances)), both halves of stats. */
  private static double logNormal(double[] z, double[] stats) {
    double sum = 0;
    for (int j = 0; j < z.length; j++) {
      double error = z[j] - stats[j];
      double logvar = stats[z.length + j];
      sum -= (LOG_2_PI + logvar + error * error * Math.exp(-logvar)) / 2;
    }
    return sum;
  }

  /**
   * KL(N(m, S) || N(0, I)) = 1/2 (tr S + |m|^2 - Z - log det S), with marginal means and variances
   * from encode and log det S the sum of the log variances before the map.
   */
  @Test
  void theKlOfAFullCovarianceIsThatOfItsClosedForm() {
    VaeSpec spec = small().latent(3).posterior(Posterior.FULL).build();
    ParameterLayout layout = new ParameterLayout(spec);
    Parameters parameters = parameters(layout, weights(layout));
    try (DataSet data = rows(5);
        Evaluator evaluator = new Evaluator(backend, spec, parameters);
        EvaluationPlan plan =
            new EvaluationPlan(
                backend,
                spec,
                parameters,
                StagedRows.Source.of(spec, data).form(),
                5,
                1,
                9,
                false)) {
      plan.encode(StagedRows.Source.of(spec, data), 0, 5);
      float[] head = plan.results.head().toFloats();
      Codes codes = evaluator.encode(data);
      double expected = 0;
      for (int row = 0; row < 5; row++) {
        for (int j = 0; j < 3; j++) {
          double mean = codes.mean().values()[3 * row + j];
          double variance = Math.exp(codes.logvar().values()[3 * row + j]);
          double logvar = head[row * spec.posteriorColumns() + 3 + j];
          expected += (variance + mean * mean - 1 - logvar) / 2 / 5;
        }
      }
      double diagonal = 0;
      for (double kl : evaluator.evaluate(data, 1, 1).klPerDimension()) {
        diagonal += kl;
      }
      assertTrue(expected - diagonal > 1e-3, "the map should make a difference");
      // Of 100,000 samples whose log ratios have a standard deviation of about 2.
      assertEquals(expected, evaluator.evaluate(data, 20_000, 1).kl(), 0.03);
    }
  }

  /** The mean code is the Gaussian's mean, taken through the maps: as a sample without noise is. */
  @Test
  void aPlanarCodeIsTheMeanTakenThroughTheMaps() {
    VaeSpec spec = small().posterior(Posterior.parse("planar:3")).build();
    ParameterLayout layout = new ParameterLayout(spec);
    float[] weights = weights(layout);
    // Log variances at the clamp: samples are their means.
    DensePlace head = DensePlace.encoder(layout).get(1);
    for (int j = 2; j < 4; j++) {
      weights[head.biasOffset() + j] = -100;
    }
    Parameters parameters = parameters(layout, weights);
    try (DataSet data = rows(6);
        Evaluator evaluator = new Evaluator(backend, spec, parameters);
        EvaluationPlan plan =
            new EvaluationPlan(
                backend,
                spec,
                parameters,
                StagedRows.Source.of(spec, data).form(),
                6,
                1,
                9,
                false)) {
      plan.encode(StagedRows.Source.of(spec, data), 0, 6);
      plan.sample(0);
      float[] samples = plan.results.levels().get(0).z().toFloats();
      assertArrayEquals(samples, evaluator.encode(data).mean().values(), 1e-4f);
    }
  }

  @Test
  void samplesComeFromTheModelsOwnPrior() {
    VaeSpec mixture = small().prior(Prior.parse("mog:2")).build();
    ParameterLayout layout = new ParameterLayout(mixture);
    float[] weights = weights(layout);
    int at = layout.place(ParameterLayout.COMPONENTS).offset();
    float[] components = {10, 20, -2, -4, -10, 0, 0, 0};
    System.arraycopy(components, 0, weights, at, components.length);
    int logits = layout.place(ParameterLayout.LOGITS).offset();
    weights[logits] = (float) Math.log(3);
    weights[logits + 1] = 0;
    int n = 4000;
    Parameters parameters = parameters(layout, weights);
    PriorSampler sampler = new PriorSampler(backend, mixture, parameters);
    Matrix codes = sampler.draw(n, 1, 1);
    Moments first = new Moments();
    Moments second = new Moments();
    for (int i = 0; i < n; i++) {
      if (codes.values()[2 * i] > 0) {
        first.add(codes.values()[2 * i]);
        second.add(codes.values()[2 * i + 1]);
      }
    }
    double share = codes.rows() == n ? count(codes) / (double) n : Double.NaN;
    assertEquals(0.75, share, 0.03);
    assertEquals(10, first.mean(), 0.05);
    assertEquals(Math.exp(-2), first.variance(), 0.01);
    assertEquals(Math.exp(-4), second.variance(), 0.002);
    Matrix fewer = sampler.draw(10, 1, 1);
    assertEquals(codes.values()[19], fewer.values()[19]);
    Matrix cold = sampler.draw(n, 1, 0);
    assertTrue(cold.values()[0] == 10 || cold.values()[0] == -10);
  }

  private static int count(Matrix codes) {
    int right = 0;
    for (int i = 0; i < codes.rows(); i++) {
      right += codes.values()[2 * i] > 0 ? 1 : 0;
    }
    return right;
  }

  @Test
  void samplesOfTwoLayersComeFromAbove() {
    VaeSpec spec = small().top(3, 4).build();
    ParameterLayout layout = new ParameterLayout(spec);
    float[] weights = weights(layout);
    Parameters parameters = parameters(layout, weights);
    Matrix codes = new PriorSampler(backend, spec, parameters).draw(300, 8, 1);
    for (int i : new int[] {0, 7, 299}) {
      double[] y = new double[3];
      for (int j = 0; j < 3; j++) {
        y[j] = Philox.normal(8, Stream.PRIOR, 2, i, j);
      }
      double[] prior = net(layout, layout.topDecoder(), weights, y);
      for (int j = 0; j < 2; j++) {
        double noise = Philox.normal(8, Stream.PRIOR, 0, i, j);
        double expected = prior[j] + Math.exp(prior[2 + j] / 2) * noise;
        assertEquals(expected, codes.values()[2 * i + j], 1e-5);
      }
    }
  }

  @Test
  void samplesOfAVampPriorAreNearPosteriorsOfPseudoInputs() {
    VaeSpec spec = small().prior(Prior.parse("vamp:3")).build();
    ParameterLayout layout = new ParameterLayout(spec);
    float[] weights = weights(layout);
    int at = layout.place(ParameterLayout.PSEUDO_INPUTS).offset();
    Parameters parameters = parameters(layout, weights);
    Matrix codes = new PriorSampler(backend, spec, parameters).draw(50, 8, 0);
    for (int i = 0; i < 50; i++) {
      double nearest = Double.POSITIVE_INFINITY;
      for (int k = 0; k < 3; k++) {
        double[] input = new double[4];
        for (int d = 0; d < 4; d++) {
          input[d] = weights[at + 4 * k + d];
        }
        double[] stats = net(layout, layout.encoder(), weights, input);
        double apart =
            Math.abs(stats[0] - codes.values()[2 * i])
                + Math.abs(stats[1] - codes.values()[2 * i + 1]);
        nearest = Math.min(nearest, apart);
      }
      assertEquals(0, nearest, 1e-5);
    }
  }

  /** Measures of the default families are refused for others. */
  @Test
  void numbersOfTheStandardFamiliesAloneAreRefusedForOthers() {
    BackendOptions where = new BackendOptions(BackendOptions.Kind.REFERENCE, 1, Precision.FP32);
    try (DataSet data = rows(3);
        Vae full = Vae.create(small().posterior(Posterior.FULL).build(), where, 0);
        Vae mixture = Vae.create(small().prior(Prior.parse("mog:2")).build(), where, 0);
        Vae two = Vae.create(small().top(2, 3).build(), where, 0)) {
      String posterior = "expected a model with a diagonal Gaussian posterior, given one with";
      String prior = "expected a model with a standard normal prior, given one with";
      refused(() -> full.measure().optimize(data, InferenceConfig.defaults()), posterior, "full");
      refused(() -> full.measure().information(data, 10, 0), posterior, "full");
      refused(() -> full.measure().aggregatePosterior(data, 1, 0), posterior, "full");
      refused(() -> mixture.measure().optimize(data, InferenceConfig.defaults()), prior, "mog:2");
      AnnealOptions short1 = new AnnealOptions(1, 2, 1);
      refused(() -> mixture.measure().annealedLogLikelihood(data, short1, 0), prior, "mog:2");
      refused(() -> two.measure().information(data, 10, 0), prior, "a second stochastic layer");
      TrainConfig mmd =
          TrainConfig.builder().objective(Objective.elbo().withPenalties(1, 0)).build();
      TrainConfig tc =
          TrainConfig.builder().objective(Objective.elbo().withPenalties(0, 1)).build();
      Thrown.says(
          IllegalArgumentException.class,
          () -> two.train(data, null, mmd, TrainListener.NONE),
          "mmd: expected 0",
          "given 1.0");
      Thrown.says(
          IllegalArgumentException.class,
          () -> full.train(data, null, tc, TrainListener.NONE),
          "totalCorrelation: expected 0",
          "full, given 1.0");
    }
    IllegalArgumentException vamp =
        assertThrows(
            IllegalArgumentException.class,
            () -> small().prior(Prior.parse("vamp:2")).condition(new Condition.Labels(2)).build());
    assertTrue(String.valueOf(vamp.getMessage()).contains("pseudo-inputs have no condition"));
  }

  private static void refused(Executable call, String... parts) {
    Thrown.says(VaeException.class, call, parts);
  }
}
