// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Estimator;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.data.DataNames;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.InitialWeights;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.Layers;
import io.github.vae4j.model.Parameter;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.TopLevel;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.TrainConfig.Optimizer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gradient of a whole step against finite differences of its loss, with the noise fixed. */
class TrainingStepTest {
  private static final double BETA = 0.7;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bernoulli",
        "gaussian:sigma=0.5",
        "gaussian-learned",
        "gaussian-shared",
        "gaussian-optimal",
        "composite:0=continuous-bernoulli;1-=student-t"
      })
  void gradientIsThatOfTheLoss(String likelihood) {
    check(spec(likelihood), Objective.Bound.elbo(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bernoulli", "gaussian-learned"})
  void gradientOfAConditionalModelIsThatOfTheLoss(String likelihood) {
    check(spec(likelihood).with(new Condition.Labels(3)), Objective.Bound.elbo(3));
  }

  static List<Objective.Bound> bounds() {
    return List.of(
        Objective.Bound.iwae(1),
        Objective.Bound.iwae(5),
        new Objective.Bound(Objective.Kind.IWAE, 2, 3, 0, Estimator.SAMPLED),
        new Objective.Bound(Objective.Kind.RENYI, 4, 1, 0.5, Estimator.SAMPLED),
        new Objective.Bound(Objective.Kind.RENYI, 2, 2, -1, Estimator.SAMPLED));
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void gradientIsThatOfTheBound(Objective.Bound bound) {
    check(spec("bernoulli"), bound);
  }

  @ParameterizedTest
  @MethodSource("penalised")
  void gradientIsThatOfThePenalisedBound(Objective objective) {
    check(spec("bernoulli"), objective);
  }

  static List<Objective> penalised() {
    return List.of(
        Objective.elbo().withPenalties(10, 0),
        Objective.of(Objective.Bound.elbo(3)).withPenalties(0, 2),
        Objective.of(Objective.Bound.iwae(5)).withPenalties(5, 1));
  }

  /** Families without a closed form, of which the step's loss is an estimate by its own samples. */
  static List<VaeSpec> families() {
    VaeSpec.Builder small = VaeSpec.builder(5).hidden(4, 3).latent(2).activation(Activation.SILU);
    return List.of(
        small.posterior(Posterior.parse("planar:2")).build(),
        small.posterior(Posterior.FULL).build(),
        small.prior(Prior.parse("mog:3")).build(),
        small.posterior(Posterior.DIAGONAL).build(),
        small.prior(Prior.parse("vamp:3")).build(),
        small.prior(Prior.STANDARD).top(3, 4).build(),
        small.posterior(Posterior.parse("planar:1")).build());
  }

  @ParameterizedTest
  @MethodSource("families")
  void gradientIsThatOfTheLossOfOtherFamilies(VaeSpec spec) {
    check(spec, Objective.Bound.elbo(3));
    check(spec, Objective.Bound.iwae(3));
  }

  static List<String> layers() {
    return List.of(
        "4,norm,3",
        "4,layer-norm,3",
        "4,dropout:0.3,3,dropout:0.2",
        "layer-norm,4,norm,layer-norm,3,dropout:0.25",
        "norm,4");
  }

  @Test
  void everyFamilyAndEveryLayerIsAmongThem() {
    assertEquals(
        Set.of(Posterior.class.getPermittedSubclasses()),
        families().stream().map(spec -> spec.latents().posterior().getClass()).collect(toSet()));
    assertEquals(
        Set.of(Prior.class.getPermittedSubclasses()),
        families().stream().map(spec -> spec.latents().prior().getClass()).collect(toSet()));
    assertEquals(
        Set.of(Layer.class.getPermittedSubclasses()),
        Stream.concat(layers().stream(), ImageStepTest.texts())
            .flatMap(text -> Layers.parse(text, Activation.SILU).stream())
            .map(Layer::getClass)
            .collect(toSet()));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void gradientOfOtherLayersIsThatOfTheLoss(String layers) {
    VaeSpec spec =
        VaeSpec.builder(5).layers(Layers.parse(layers, Activation.SILU)).latent(2).build();
    check(spec, Objective.Bound.elbo(3));
    check(spec, Objective.Bound.iwae(3));
    check(spec.with(new Condition.Labels(3)), Objective.Bound.elbo(3));
  }

  /** A layer above z has nets of its own. */
  @Test
  void gradientOfOtherLayersAboveIsThatOfTheLoss() {
    List<Layer> layers = Layers.parse("4,norm,dropout:0.2", Activation.SILU);
    VaeSpec plain = spec("bernoulli");
    TopLevel top = new TopLevel(layers, 3, Layers.mirrored(layers));
    check(
        new VaeSpec(
            plain.features(),
            plain.encoder(),
            plain.latent(),
            plain.decoder(),
            plain.likelihood(),
            plain.initializer(),
            null,
            null,
            plain.latents().withTop(top),
            false,
            DataNames.NONE,
            null),
        Objective.Bound.elbo(3));
  }

  private static VaeSpec spec(String likelihood) {
    return VaeSpec.builder(5)
        .hidden(4, 3)
        .latent(2)
        .activation(Activation.SILU)
        .likelihood(Likelihoods.parse(likelihood))
        .build();
  }

  private static TrainConfig config(Objective objective) {
    return TrainConfig.builder()
        .batch(4)
        .objective(objective.withBeta(BETA, Objective.Warmup.NONE))
        .optimizer(Optimizer.adam(0))
        .seed(11)
        .build();
  }

  private static Matrix rows(int columns) {
    Matrix x = Matrix.zeros(4, columns);
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] = (i * 37 % 11) / 10f;
    }
    return x;
  }

  static void check(VaeSpec spec, Objective.Bound bound) {
    check(spec, Objective.of(bound));
  }

  private static void check(VaeSpec spec, Objective objective) {
    Objective.Bound bound = objective.bound();
    TrainConfig config = config(objective);
    ParameterLayout layout = new ParameterLayout(spec);
    try (Backend backend =
            Backends.open(new BackendOptions(BackendOptions.Kind.REFERENCE, 1, Precision.FP32));
        DataSet data =
            DataViews.labelled(DataSets.of(rows(spec.features())), new int[] {2, 0, 1, 2})) {
      try (TrainingMemory memory = new TrainingMemory(backend, layout, false);
          Supply feed = new Supply(backend, spec, data, 4, config.seed());
          TrainingStep step = new TrainingStep(backend, spec, config, memory, feed, 4)) {
        memory.control.set(Control.BETA, BETA);
        float[] weights = InitialWeights.draw(layout, spec.initializer(), 3);
        loss(memory, step, bound, weights);
        float[] gradient = memory.gradients.toFloats();
        int checked = 0;
        for (ParameterLayout.Place place : layout.places()) {
          if (!place.parameter().role().trained()) {
            continue;
          }
          Parameter.Role role = place.parameter().role();
          boolean matrix = role == Parameter.Role.WEIGHT || role == Parameter.Role.FILTER;
          for (int i = 0; i < place.length(); i += matrix ? 3 : 1) {
            check(memory, step, bound, weights, gradient, place.offset() + i);
            checked += matrix ? 1 : 0;
          }
        }
        assertTrue(checked > 20);
      }
      assertEquals(0, backend.open());
    }
  }

  /** The gradient of the first step on a backend. */
  static float[] gradient(BackendOptions.Kind kind, VaeSpec spec, Objective.Bound bound) {
    TrainConfig config = config(Objective.of(bound));
    ParameterLayout layout = new ParameterLayout(spec);
    try (Backend backend = Backends.open(new BackendOptions(kind, 1, Precision.FP32));
        DataSet data = DataSets.of(rows(spec.features()))) {
      try (TrainingMemory memory = new TrainingMemory(backend, layout, false);
          Supply feed = new Supply(backend, spec, data, 4, config.seed());
          TrainingStep step = new TrainingStep(backend, spec, config, memory, feed, 4)) {
        memory.control.set(Control.BETA, BETA);
        loss(memory, step, bound, InitialWeights.draw(layout, spec.initializer(), 3));
        return memory.gradients.toFloats();
      }
    }
  }

  private static void check(
      TrainingMemory memory,
      TrainingStep step,
      Objective.Bound bound,
      float[] weights,
      float[] gradient,
      int at) {
    double wide = slope(memory, step, bound, weights, at, 1e-2f);
    double narrow = slope(memory, step, bound, weights, at, 5e-3f);
    // Richardson's extrapolation: normalisations bend the loss more than the other layers.
    double difference = narrow + (narrow - wide) / 3;
    assertEquals(difference, gradient[at], 2e-3 * (1 + Math.abs(difference)), "weight " + at);
  }

  private static double slope(
      TrainingMemory memory,
      TrainingStep step,
      Objective.Bound bound,
      float[] weights,
      int at,
      float reach) {
    float kept = weights[at];
    float up = kept + reach;
    float down = kept - reach;
    weights[at] = up;
    double above = loss(memory, step, bound, weights);
    weights[at] = down;
    double below = loss(memory, step, bound, weights);
    weights[at] = kept;
    return (above - below) / (up - down);
  }

  private static double loss(
      TrainingMemory memory, TrainingStep step, Objective.Bound bound, float[] weights) {
    memory.all.write(weights);
    step.run(memory.control, 1);
    double[] ring = memory.ring.toDoubles();
    double penalty = ring[5];
    return penalty + (bound.weighted() ? -ring[4] : ring[0] + BETA * ring[1]);
  }

  /**
   * Both gradients of the same bound have the same mean; the doubly reparameterised is the less
   * noisy.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void estimatorsAgreeInTheMean(int samples) {
    Objective.Bound bound = Objective.Bound.iwae(samples);
    MeanGradient standard = new MeanGradient(bound, 3000);
    MeanGradient doubly = new MeanGradient(bound.by(Estimator.DOUBLY_REPARAMETERIZED), 3000);
    double apart = 0;
    for (int i = 0; i < standard.mean.length; i++) {
      double error = Math.sqrt((standard.variance[i] + doubly.variance[i]) / 3000);
      apart = Math.max(apart, Math.abs(standard.mean[i] - doubly.mean[i]) / (error + 1e-9));
    }
    assertTrue(apart < 5, "standard errors apart: " + apart);
    assertTrue(sum(doubly.variance) < sum(standard.variance));
  }

  /** The ELBO's analytic, sampled and path gradients have the same mean. */
  @ParameterizedTest
  @EnumSource(
      value = Estimator.class,
      names = {"SAMPLED", "DOUBLY_REPARAMETERIZED"})
  void formsOfTheElboAgreeInTheMean(Estimator estimator) {
    MeanGradient analytic = new MeanGradient(Objective.Bound.elbo(2), 3000);
    MeanGradient sampled = new MeanGradient(Objective.Bound.elbo(2).by(estimator), 3000);
    for (int i = 0; i < analytic.mean.length; i++) {
      double error = Math.sqrt((analytic.variance[i] + sampled.variance[i]) / 3000);
      assertEquals(analytic.mean[i], sampled.mean[i], 5 * error + 1e-9, "weight " + i);
    }
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  /** The encoder's gradient over many draws of the noise. */
  private static final class MeanGradient {
    final double[] mean;
    final double[] variance;

    MeanGradient(Objective.Bound bound, int draws) {
      VaeSpec spec = spec("bernoulli");
      TrainConfig config = config(Objective.of(bound));
      ParameterLayout layout = new ParameterLayout(spec);
      int length = layout.place("decoder.0.weight").offset();
      mean = new double[length];
      variance = new double[length];
      try (Backend backend =
              Backends.open(new BackendOptions(BackendOptions.Kind.REFERENCE, 1, Precision.FP32));
          DataSet data = DataSets.of(rows(spec.features()))) {
        try (TrainingMemory memory = new TrainingMemory(backend, layout, false);
            Supply feed = new Supply(backend, spec, data, 4, config.seed());
            TrainingStep step = new TrainingStep(backend, spec, config, memory, feed, 4)) {
          memory.all.write(InitialWeights.draw(layout, spec.initializer(), 3));
          for (int draw = 0; draw < draws; draw++) {
            memory.control.set(Control.STEP, draw).set(Control.BETA, 1);
            step.run(memory.control, 1);
            float[] gradient = memory.gradients.toFloats();
            for (int i = 0; i < length; i++) {
              double delta = gradient[i] - mean[i];
              mean[i] += delta / (draw + 1);
              variance[i] += (delta * (gradient[i] - mean[i]) - variance[i]) / (draw + 1);
            }
          }
        }
      }
    }
  }
}
