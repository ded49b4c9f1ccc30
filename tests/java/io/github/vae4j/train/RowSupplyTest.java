// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.vae4j.Thrown;
import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Estimator;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.DensePlace;
import io.github.vae4j.model.InitialWeights;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.TrainConfig.Optimizer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Conditions, masks and weights of rows in the gradient of a step. */
class RowSupplyTest {
  private static final int ROWS = 4;
  private static final int FEATURES = 3;
  private static final VaeSpec SPEC =
      VaeSpec.builder(FEATURES)
          .hidden(4)
          .latent(2)
          .likelihood(Likelihoods.parse("gaussian"))
          .build();

  private static Matrix rows() {
    Matrix x = Matrix.zeros(ROWS, FEATURES);
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] = (i * 37 % 11) / 10f - 0.4f;
    }
    return x;
  }

  private static final Objective.Bound ELBO = Objective.Bound.elbo(3);

  static List<Objective.Bound> bounds() {
    return List.of(ELBO, ELBO.by(Estimator.SAMPLED), Objective.Bound.iwae(3));
  }

  private static float[] gradient(VaeSpec spec, DataSet data) {
    return gradient(spec, data, ELBO);
  }

  /** The gradient of one step over all rows, three samples each. */
  private static float[] gradient(VaeSpec spec, DataSet data, Objective.Bound bound) {
    TrainConfig config =
        TrainConfig.builder()
            .batch(ROWS)
            .objective(Objective.of(bound).withBeta(0.7, Objective.Warmup.NONE))
            .optimizer(Optimizer.adam(0))
            .seed(11)
            .build();
    ParameterLayout layout = new ParameterLayout(spec);
    try (Backend backend = new ReferenceBackend()) {
      float[] gradient;
      try (TrainingMemory memory = new TrainingMemory(backend, layout, false);
          Supply supply = new Supply(backend, spec, data, ROWS, config.seed());
          TrainingStep step = new TrainingStep(backend, spec, config, memory, supply, ROWS)) {
        memory.control.set(Control.BETA, 0.7).upload();
        memory.all.write(InitialWeights.draw(layout, spec.initializer(), 3));
        supply.prepare(0, 0, ROWS);
        step.run(memory.control, 1);
        gradient = memory.gradients.toFloats();
      }
      assertEquals(0, backend.open());
      return gradient;
    }
  }

  private static DataSet weighted(Matrix x, float... weights) {
    return DataViews.weighted(DataSets.of(x), weights);
  }

  @Test
  void equalWeightsAreNone() {
    float[] plain = gradient(SPEC, DataSets.of(rows()));
    assertArrayEquals(plain, gradient(SPEC, weighted(rows(), 7, 7, 7, 7)), 1e-6f);
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void theGradientIsTheWeightedMeanOfTheRowsOwn(Objective.Bound bound) {
    float[] weights = {0.5f, 0, 2, 1.5f};
    float[] sum = new float[gradient(SPEC, DataSets.of(rows())).length];
    for (int row = 0; row < ROWS; row++) {
      float[] only = new float[ROWS];
      only[row] = 1;
      float[] own = gradient(SPEC, weighted(rows(), only), bound);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += weights[row] * own[i] / ROWS;
      }
    }
    assertArrayEquals(sum, gradient(SPEC, weighted(rows(), weights), bound), 1e-5f);
  }

  /** Reconstruction and KL: nothing of such a row is in the gradient. */
  @ParameterizedTest
  @MethodSource("bounds")
  void aRowOfWeightZeroIsNotThere(Objective.Bound bound) {
    Matrix other = rows();
    Arrays.fill(other.values(), FEATURES, 2 * FEATURES, -9);
    assertArrayEquals(
        gradient(SPEC, weighted(rows(), 1, 0, 1, 2), bound),
        gradient(SPEC, weighted(other, 1, 0, 1, 2), bound));
    assertFalse(
        Arrays.equals(
            gradient(SPEC, weighted(rows(), 1, 1, 1, 2), bound),
            gradient(SPEC, weighted(other, 1, 1, 1, 2), bound)));
  }

  @Test
  void theDoublyReparameterisedGradientTakesNoWeights() {
    Objective.Bound bound = Objective.Bound.iwae(3).by(Estimator.DOUBLY_REPARAMETERIZED);
    Thrown.says(
        VaeException.class,
        () -> gradient(SPEC, weighted(rows(), 1, 0, 1, 2), bound),
        "rows have weights",
        "doubly reparameterised");
  }

  @Test
  void whatAMaskHidesIsNotThere() {
    Matrix mask = Matrix.zeros(ROWS, FEATURES);
    Arrays.fill(mask.values(), 1);
    mask.values()[4] = 0;
    mask.values()[8] = 0;
    Matrix other = rows();
    other.values()[4] = 1e30f;
    other.values()[8] = -3;
    float[] hidden = gradient(SPEC, DataViews.masked(DataSets.of(rows()), DataSets.of(mask)));
    assertArrayEquals(
        hidden, gradient(SPEC, DataViews.masked(DataSets.of(other), DataSets.of(mask))));
    Matrix missing = rows();
    missing.values()[4] = Float.NaN;
    missing.values()[8] = Float.NaN;
    assertArrayEquals(hidden, gradient(SPEC, DataSets.ofMissing(missing)));
    assertFalse(Arrays.equals(hidden, gradient(SPEC, DataSets.of(rows()))));
    for (float value : hidden) {
      assertFalse(Float.isNaN(value));
    }
  }

  @Test
  void whereNothingIsMissingAMaskChangesNothing() {
    assertArrayEquals(
        gradient(SPEC, DataSets.of(rows())), gradient(SPEC, DataSets.ofMissing(rows())));
  }

  /** Where all rows have one class, its weights are as good as a bias. */
  @Test
  void theConditionGoesToEachSampleOfItsOwnRow() {
    VaeSpec spec = SPEC.with(new Condition.Labels(2));
    ParameterLayout layout = new ParameterLayout(spec);
    DataSet data = DataViews.labelled(DataSets.of(rows()), new int[] {0, 0, 0, 0});
    float[] gradient = gradient(spec, data);
    for (DensePlace layer :
        List.of(DensePlace.encoder(layout).get(0), DensePlace.decoder(layout).get(0))) {
      int units = layer.outputs();
      int first = layer.weightOffset() + (layer.inputs() - 2) * units;
      for (int o = 0; o < units; o++) {
        assertEquals(gradient[layer.biasOffset() + o], gradient[first + o], 1e-6f);
        assertEquals(0, gradient[first + units + o]);
      }
      float[] biases = Arrays.copyOfRange(gradient, layer.biasOffset(), layer.biasOffset() + units);
      assertFalse(Arrays.equals(new float[units], biases));
    }
  }
}
