// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.infer.AnnealOptions;
import io.github.vae4j.infer.AnnealedLikelihood;
import io.github.vae4j.infer.Evaluation;
import io.github.vae4j.infer.InferenceConfig;
import io.github.vae4j.infer.LogLikelihood;
import io.github.vae4j.metrics.FrechetDistances;
import io.github.vae4j.metrics.ImageFeatures;
import io.github.vae4j.metrics.Information;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.sampler.GaussianMixture;
import io.github.vae4j.sampler.MixtureConfig;
import io.github.vae4j.sampler.MixtureFit;
import io.github.vae4j.sampler.TwoStage;
import io.github.vae4j.sampler.TwoStageConfig;
import io.github.vae4j.sampler.WeightedCodes;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.TrainListener;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The weights of rows reach each number that is a mean over rows: with all weight on the first row
 * of 20, or of two, it is the number of those rows alone.
 */
class WeightsTest {
  private static final int ROWS = 20;
  private static final int SIDE = 4;

  /** The measures by their method, and the numbers of a data set. */
  private static final Map<String, BiFunction<Vae, DataSet, Object>> WEIGHTED =
      Map.of(
          "evaluate", (vae, data) -> vae.evaluate(data, 3, 1),
          "logLikelihood", (vae, data) -> vae.measure().logLikelihood(data, 7, 1),
          "annealedLogLikelihood",
              (vae, data) ->
                  vae.measure().annealedLogLikelihood(data, new AnnealOptions(3, 5, 2), 1),
          "information", (vae, data) -> vae.measure().information(data, 50, 1),
          "sharpness", (vae, data) -> vae.measure().sharpness(data, 1),
          "frechet", (vae, data) -> vae.measure().frechet(data, corners(), 1),
          "optimize", (vae, data) -> vae.measure().optimize(data, InferenceConfig.defaults()).gap(),
          "weightedPosterior",
              (vae, data) -> {
                WeightedCodes codes = vae.measure().weightedPosterior(data, 3, 1);
                return GaussianMixture.fit(codes, MixtureConfig.of(2, 1));
              });

  /** Measures that have a result for each row, and one that cannot be weighted. */
  private static final Set<String> PER_ROW_OR_UNWEIGHTED =
      Set.of("score", "encode", "reconstruct", "aggregatePosterior", "disentanglement");

  private Vae vae;
  private Matrix images;

  @BeforeEach
  void open() {
    VaeSpec spec =
        VaeSpec.builder(SIDE * SIDE)
            .image(new ImageShape(SIDE, SIDE, 1))
            .hidden(6)
            .latent(2)
            .build();
    vae = Vae.create(spec, new BackendOptions(BackendOptions.Kind.CPU, 1, Precision.FP32), 3);
    images = Matrix.zeros(ROWS, SIDE * SIDE);
    for (int i = 0; i < images.values().length; i++) {
      images.values()[i] = (float) Philox.uniform(4, Stream.OBSERVATION, 0, i, 0);
    }
  }

  @AfterEach
  void close() {
    vae.close();
  }

  private static ImageFeatures corners() {
    return new ImageFeatures() {
      @Override
      public Matrix features(Matrix block, ImageShape shape) {
        Matrix features = Matrix.zeros(block.rows(), 2);
        for (int row = 0; row < block.rows(); row++) {
          features.values()[2 * row] = block.at(row, 0);
          features.values()[2 * row + 1] = block.at(row, SIDE * SIDE - 1);
        }
        return features;
      }

      @Override
      public void close() {}
    };
  }

  private DataSet weightedOnFirst(int count, float weight) {
    float[] weights = new float[ROWS];
    Arrays.fill(weights, 0, count, weight);
    return DataViews.weighted(DataSets.of(images), weights);
  }

  private DataSet first(int count) {
    return DataSets.head(DataSets.of(images), count);
  }

  /** The numbers of a result by name; counts of rows and rates are not among them. */
  private static Map<String, Double> numbers(Object result) {
    return Arrays.stream(result.getClass().getRecordComponents())
        .filter(component -> component.getType() == double.class)
        .filter(component -> !component.getName().endsWith("PerSecond"))
        .collect(Collectors.toMap(RecordComponent::getName, component -> value(component, result)));
  }

  private static double value(RecordComponent component, Object of) {
    try {
      return (double) component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(component.getName(), e);
    }
  }

  private static void assertSame(String measure, Object expected, Object actual) {
    if (expected instanceof MixtureFit fit && actual instanceof MixtureFit other) {
      assertArrayEquals(fit.logLikelihoods(), other.logLikelihoods(), 1e-9, measure);
      assertArrayEquals(fit.mixture().means()[0], other.mixture().means()[0], 1e-6, measure);
      return;
    }
    Map<String, Double> wanted = numbers(expected);
    assertFalse(wanted.isEmpty(), measure);
    numbers(actual)
        .forEach(
            (name, value) ->
                assertEquals(
                    Objects.requireNonNull(wanted.get(name)), value, 1e-5, measure + " " + name));
  }

  @Test
  void allWeightOnTwoRowsIsTheNumberOfThemAlone() {
    WEIGHTED.forEach(
        (measure, call) ->
            assertSame(measure, call.apply(vae, first(2)), call.apply(vae, weightedOnFirst(2, 7))));
  }

  @Test
  void allWeightOnOneRowIsTheNumberOfItAlone() {
    WEIGHTED.forEach(
        (measure, call) -> {
          if (measure.equals("frechet")) {
            Thrown.says(
                VaeException.class,
                () -> call.apply(vae, weightedOnFirst(1, 7)),
                "expected 2 images or more, given 1");
          } else {
            assertSame(measure, call.apply(vae, first(1)), call.apply(vae, weightedOnFirst(1, 7)));
          }
        });
  }

  /** A weight of 3 counts as three rows, where no noise is drawn anew for each row. */
  @Test
  void aWeightCountsAsSoManyRows() {
    float[] weights = {3, 1};
    DataSet weighted = DataViews.weighted(first(2), weights);
    DataSet repeated = DataSets.rows(DataSets.of(images), new int[] {0, 0, 0, 1});
    FrechetDistances a = vae.measure().frechet(weighted, corners(), 1);
    assertTrue(Double.isFinite(a.samples()));
    assertEquals(
        vae.measure().sharpness(repeated, 1).data(),
        vae.measure().sharpness(weighted, 1).data(),
        1e-6);
    Information most = vae.measure().information(weighted, 400, 1);
    assertEquals(-0.75 * Math.log(0.75) - 0.25 * Math.log(0.25), most.mostInformation(), 1e-12);
    assertTrue(most.mutualInformation() <= most.mostInformation() + 1e-9);
    Information same = vae.measure().information(repeated, 400, 1);
    assertEquals(same.aggregateKl(), most.aggregateKl(), 0.1);
  }

  /** A standard error over one row is not known. */
  @Test
  void aStandardErrorOverOneRowIsNotKnown() {
    DataSet one = weightedOnFirst(1, 2);
    Evaluation bound = vae.evaluate(one);
    LogLikelihood likelihood = vae.measure().logLikelihood(one, 3, 0);
    AnnealedLikelihood annealed =
        vae.measure().annealedLogLikelihood(one, new AnnealOptions(2, 3, 1), 0);
    assertEquals(Double.NaN, bound.standardError());
    assertEquals(Double.NaN, bound.sampled().standardError());
    assertEquals(Double.NaN, likelihood.standardError());
    assertEquals(Double.NaN, annealed.standardError());
  }

  @Test
  void rowsOfWeightZeroAloneAreRefused() {
    float[] weights = new float[ROWS];
    weights[ROWS - 1] = 1;
    DataSet data = DataViews.weighted(DataSets.of(images), weights);
    Thrown.says(
        VaeException.class,
        () -> DataSets.head(data, 5),
        "all 5 rows that are used have weight 0; use others");
  }

  @Test
  void theSecondStageIsFittedToTheRowsWithWeight() {
    TwoStageConfig config = TwoStageConfig.of(1, 1);
    WeightedCodes alone = vae.measure().weightedPosterior(first(2), 3, 1);
    WeightedCodes weighted = vae.measure().weightedPosterior(weightedOnFirst(2, 7), 3, 1);
    assertArrayEquals(alone.codes().values(), weighted.codes().values());
    assertArrayEquals(
        TwoStage.fit(vae.backend(), alone, config, TrainListener.NONE).weights(),
        TwoStage.fit(vae.backend(), weighted, config, TrainListener.NONE).weights(),
        1e-6f);
  }

  /** A new measure of rows fails here until it is in one of the two lists above. */
  @Test
  void noMeasureIsForgotten() {
    List<Method> methods = new ArrayList<>(List.of(Vae.class.getDeclaredMethods()));
    methods.addAll(List.of(Measures.class.getDeclaredMethods()));
    Set<String> ofRows =
        methods.stream()
            .filter(method -> !method.isSynthetic())
            .filter(method -> method.getParameterTypes().length > 0)
            .filter(method -> List.of(method.getParameterTypes()).contains(DataSet.class))
            .filter(method -> java.lang.reflect.Modifier.isPublic(method.getModifiers()))
            .map(Method::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    ofRows.removeAll(Set.of("train", "trainer"));
    Set<String> listed = new TreeSet<>(WEIGHTED.keySet());
    listed.addAll(PER_ROW_OR_UNWEIGHTED);
    assertEquals(new ArrayList<>(listed), new ArrayList<>(ofRows));
  }
}
