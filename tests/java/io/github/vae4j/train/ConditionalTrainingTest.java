// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Sampling;
import io.github.vae4j.Thrown;
import io.github.vae4j.Vae;
import io.github.vae4j.VaeException;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataException;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.data.OtherReads;
import io.github.vae4j.infer.RowScores;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.TrainConfig.Optimizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Conditional models on classes of points far apart. */
class ConditionalTrainingTest {
  private static final float[][] CENTRES = {{2, -2}, {0, 3}, {-3, 0}};
  private static final Condition.Labels LABELS = new Condition.Labels(3);
  private static final VaeSpec SPEC =
      VaeSpec.builder(2)
          .hidden(16)
          .latent(1)
          .likelihood(Likelihoods.parse("gaussian:sigma=0.3"))
          .condition(LABELS)
          .build();
  private static final TrainConfig CONFIG =
      TrainConfig.builder()
          .epochs(12)
          .batch(25)
          .objective(Objective.of(Objective.Bound.elbo(2)))
          .optimizer(Optimizer.adam(0.02))
          .seed(5)
          .build();

  @TempDir Path folder;

  private static Vae open(Kind kind, VaeSpec spec) {
    return Vae.create(spec, new BackendOptions(kind, 1, Precision.FP32), CONFIG.seed());
  }

  /** Ten rows short of whole batches, so that the last one is smaller. */
  static DataSet points() {
    int rows = 290;
    Matrix x = Matrix.zeros(rows, 2);
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = row * 7 % 3;
      for (int d = 0; d < 2; d++) {
        double noise = 0.3 * Philox.normal(1, Stream.OBSERVATION, 0, row, d);
        x.values()[2 * row + d] = (float) (CENTRES[labels[row]][d] + noise);
      }
    }
    return DataViews.labelled(DataSets.of(x), labels);
  }

  /** Trains on points and asserts that each label decodes to its class, on average its centre. */
  static void eachLabelDecodesToItsClass(Kind kind) {
    int each = 100;
    TrainConfig longer = CONFIG.toBuilder().epochs(30).build();
    try (Vae vae = open(kind, SPEC)) {
      vae.train(points(), points(), longer, TrainListener.NONE);
      for (int label = 0; label < 3; label++) {
        int[] labels = new int[each];
        Arrays.fill(labels, label);
        Matrix drawn = vae.sample(Sampling.given(LABELS.rows(labels)).seed(3));
        float[] mean = new float[2];
        for (int row = 0; row < each; row++) {
          assertEquals(label, nearest(drawn.row(row)), "sample " + row);
          mean[0] += drawn.at(row, 0) / each;
          mean[1] += drawn.at(row, 1) / each;
        }
        assertArrayEquals(CENTRES[label], mean, 0.25f, "label " + label);
      }
    }
  }

  private static int nearest(float[] point) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < CENTRES.length; k++) {
      double away = Math.hypot(point[0] - CENTRES[k][0], point[1] - CENTRES[k][1]);
      best = away < least ? k : best;
      least = Math.min(away, least);
    }
    return best;
  }

  @ParameterizedTest
  @EnumSource(names = {"REFERENCE", "CPU"})
  void aLabelDecodesToItsClass(Kind kind) {
    eachLabelDecodesToItsClass(kind);
  }

  @Test
  void theWrongLabelIsLessLikely() {
    DataSet right = points();
    int[] labels = new int[right.rows()];
    for (int row = 0; row < labels.length; row++) {
      labels[row] = (right.label(row) + 1) % 3;
    }
    DataSet wrong = DataViews.labelled(right, labels);
    try (Vae vae = open(Kind.CPU, SPEC)) {
      vae.train(right, null, CONFIG, TrainListener.NONE);
      double bound = vae.evaluate(right, 2, 0).elbo();
      assertTrue(bound > vae.evaluate(wrong, 2, 0).elbo() + 5);
      assertTrue(
          vae.measure().logLikelihood(right, 130, 0).mean()
              > vae.measure().logLikelihood(wrong, 130, 0).mean() + 5);
      RowScores scores = vae.score(right, 2, 0);
      double sum = 0;
      for (double elbo : scores.elbo()) {
        sum += elbo;
      }
      assertEquals(bound, sum / right.rows(), 1e-9);
      Matrix reconstructed = vae.reconstruct(DataSets.head(right, 3));
      for (int row = 0; row < 3; row++) {
        assertArrayEquals(CENTRES[right.label(row)], reconstructed.row(row), 1.2f);
      }
    }
  }

  private static TrainState train(Kind kind, DataSet data, int steps) {
    try (Vae vae = open(kind, SPEC);
        Trainer trainer = vae.trainer(data, null, CONFIG, TrainListener.NONE)) {
      int[] left = {steps};
      trainer.run(() -> left[0]-- == 0);
      return trainer.state();
    }
  }

  /** Weights too, and missing values: all that is fed beside the rows. */
  private static DataSet full() {
    DataSet points = points();
    Matrix x = DataSets.values(points, 0, points.rows());
    int[] labels = new int[points.rows()];
    float[] weights = new float[points.rows()];
    for (int row = 0; row < labels.length; row++) {
      labels[row] = points.label(row);
      weights[row] = row % 4;
      x.values()[2 * row + row % 2] = row % 5 == 0 ? Float.NaN : x.at(row, row % 2);
    }
    return DataViews.weighted(DataViews.labelled(DataSets.ofMissing(x), labels), weights);
  }

  @ParameterizedTest
  @EnumSource(names = {"REFERENCE", "CPU"})
  void aStreamedSetTrainsToTheSameBits(Kind kind) {
    DataSet streamed = OtherReads.streamed(full());
    TrainState resident = train(kind, full(), 30);
    assertArrayEquals(resident.parameters(), train(kind, streamed, 30).parameters());
    for (float value : resident.parameters()) {
      assertTrue(Float.isFinite(value));
    }
  }

  @Test
  void theCpuFollowsTheReference() {
    List<float[]> weights = new ArrayList<>();
    for (Kind kind : List.of(Kind.REFERENCE, Kind.CPU)) {
      weights.add(train(kind, full(), 20).parameters());
    }
    assertArrayEquals(weights.get(0), weights.get(1), 2e-3f);
  }

  @Test
  void aRunGoesOnToTheBit() {
    TrainState whole = train(Kind.CPU, full(), 40);
    TrainState half = train(Kind.CPU, full(), 17);
    try (Vae vae = open(Kind.CPU, SPEC);
        Trainer trainer = vae.trainer(full(), null, CONFIG, TrainListener.NONE)) {
      trainer.restore(half);
      int[] left = {23};
      trainer.run(() -> left[0]-- == 0);
      assertArrayEquals(whole.parameters(), trainer.state().parameters());
    }
  }

  @Test
  void aModelComesBackFromItsFile() {
    Path file = folder.resolve("model.safetensors");
    Matrix drawn;
    try (Vae vae = open(Kind.CPU, SPEC)) {
      vae.train(points(), null, CONFIG, TrainListener.NONE);
      drawn = vae.sample(Sampling.given(LABELS.rows(2, 0)).seed(3).drawn(true));
      vae.save(file);
    }
    try (Vae again = Vae.load(file, new BackendOptions(Kind.CPU, 1, Precision.FP32))) {
      assertEquals(SPEC, again.spec());
      assertArrayEquals(
          drawn.values(),
          again.sample(Sampling.given(LABELS.rows(2, 0)).seed(3).drawn(true)).values());
    }
  }

  @Test
  void covariatesMoveWhatIsDecoded() {
    int rows = 200;
    Matrix x = Matrix.zeros(rows, 2);
    Matrix given = Matrix.zeros(rows, 1);
    for (int row = 0; row < rows; row++) {
      float c = (row % 21 - 10) / 10f;
      given.values()[row] = c;
      x.values()[2 * row] = 2 * c;
      x.values()[2 * row + 1] = -c;
    }
    VaeSpec spec = SPEC.with(new Condition.Covariates(1));
    DataSet data = DataViews.given(DataSets.of(x), DataSets.of(given));
    try (Vae vae = open(Kind.CPU, spec)) {
      vae.train(data, null, CONFIG.toBuilder().epochs(60).build(), TrainListener.NONE);
      Matrix drawn =
          vae.sample(Sampling.given(new Matrix(2, 1, new float[] {0.9f, -0.9f})).seed(1));
      assertArrayEquals(new float[] {1.8f, -0.9f, -1.8f, 0.9f}, drawn.values(), 0.4f);
    }
    refused(spec, points(), "has no covariates", "conditional on 1");
  }

  private static void refused(VaeSpec spec, @Nullable DataSet data, String... parts) {
    try (Vae vae = open(Kind.REFERENCE, spec)) {
      DataSet rows = data == null ? points() : data;
      Thrown.says(
          VaeException.class, () -> vae.train(rows, null, CONFIG, TrainListener.NONE), parts);
      Thrown.says(VaeException.class, () -> vae.evaluate(rows, 1, 0), parts);
      Thrown.says(VaeException.class, () -> vae.encode(rows), parts);
    }
  }

  @Test
  void labelsThatAreNotThereOrOutOfRange() {
    refused(SPEC.with(new Condition.Labels(2)), null, "row 2 has label 2", "labels 0 to 1");
    DataSet bare = DataSets.of(DataSets.values(points(), 0, 9));
    refused(SPEC, bare, "row 0 has no label", "labels 0 to 2");
    try (Vae vae = open(Kind.REFERENCE, SPEC)) {
      Thrown.says(
          DataException.class,
          () -> vae.train(points(), bare, CONFIG, TrainListener.NONE),
          "row 0 has no label");
    }
  }

  @Test
  void conditionsAreGivenExactlyWhereTheyAreNeeded() {
    try (Vae vae = open(Kind.REFERENCE, SPEC)) {
      Thrown.says(
          IllegalArgumentException.class, () -> vae.sample(Sampling.of(2)), "conditions of 2 x 3");
      Thrown.says(
          IllegalArgumentException.class,
          () -> vae.decode(Matrix.zeros(2, 1), LABELS.rows(1)),
          "conditions of 2 x 3",
          "given 1 x 3");
      Thrown.says(
          IllegalArgumentException.class, () -> LABELS.rows(0, 3), "expected 0 to 2", "given 3");
    }
    try (Vae vae = open(Kind.REFERENCE, SPEC.with(null))) {
      Thrown.says(
          IllegalArgumentException.class,
          () -> vae.sample(Sampling.given(LABELS.rows(1))),
          "the model is not conditional");
    }
  }
}
