// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

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
import io.github.vae4j.metrics.CornerFeatures;
import io.github.vae4j.metrics.FrechetDistances;
import io.github.vae4j.metrics.Information;
import io.github.vae4j.metrics.Sharpness;
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
          "frechet", (vae, data) -> vae.measure().frechet(data, new CornerFeatures(), 1),
          "optimize", (vae, data) -> vae.measure().optimize(data, InferenceConfig.defaults()).gap(),
          "weightedPosterior",
              (vae, data) -> {
                WeightedCodes codes = vae.measure().weightedPosterior(data, 3, 1);
                return GaussianMixture.fit(codes, MixtureConfig.of(2, 1));
              });

  /** Measures that have a result for each row, and one that cannot be weighted. */
  private static final Set<String> PER_ROW_OR_UNWEIGHTED =
      Set.of(
          "score",
          "rowLogLikelihoods",
          "rowScorer",
          "rowPosterior",
          "encode",
          "interpolate",
          "reconstruct",
          "aggregatePosterior",
          "posteriorSamples",
          "disentanglement");

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
    Sharpness sharp = vae.measure().sharpness(weighted, 1);
    Sharpness ofRepeated = vae.measure().sharpness(repeated, 1);
    assertEquals(ofRepeated.data(), sharp.data(), 1e-6);
    assertEquals(ofRepeated.reconstructions(), sharp.reconstructions(), 1e-6);
    Information most = vae.measure().information(weighted, 400, 1);
    assertEquals(-0.75 * Math.log(0.75) - 0.25 * Math.log(0.25), most.mostInformation(), 1e-12);
    // Draws are spread over rows by weight: each draw is of the same row in both.
    Information same = vae.measure().information(repeated, 400, 1);
    assertEquals(same.kl(), most.kl(), 1e-6);
    assertEquals(same.mutualInformation(), most.mutualInformation(), 1e-6);
    assertEquals(same.aggregateKl(), most.aggregateKl(), 1e-6);
    assertEquals(same.totalCorrelation(), most.totalCorrelation(), 1e-6);
    assertEquals(same.dimensionwiseKl(), most.dimensionwiseKl(), 1e-6);
  }

  @Test
  void weightedFrechetDistancesAreThoseOfPlainSums() {
    float[] weights = new float[ROWS];
    for (int row = 0; row < ROWS; row++) {
      weights[row] = row % 4;
    }
    DataSet data = DataViews.weighted(DataSets.of(images), weights);
    CornerMoments real = CornerMoments.of(images, weights);
    CornerMoments rebuilt = CornerMoments.of(vae.reconstruct(data), weights);
    CornerMoments drawn = CornerMoments.of(vae.sample(Sampling.of(ROWS).seed(1)), weights);
    FrechetDistances found = vae.measure().frechet(data, new CornerFeatures(), 1);
    assertEquals(real.distance(rebuilt), found.reconstructions(), 1e-6);
    assertEquals(real.distance(drawn), found.samples(), 1e-6);
    FrechetDistances plain = vae.measure().frechet(DataSets.of(images), new CornerFeatures(), 1);
    assertNotEquals(plain.reconstructions(), found.reconstructions(), 1e-4);
  }

  /** Weighted mean and covariance of the two features of {@link CornerFeatures}. */
  private record CornerMoments(double a, double b, double aa, double ab, double bb) {
    static CornerMoments of(Matrix rows, float[] weights) {
      double sum = 0;
      double squares = 0;
      double a = 0;
      double b = 0;
      for (int row = 0; row < rows.rows(); row++) {
        sum += weights[row];
        squares += weights[row] * weights[row];
        a += weights[row] * rows.at(row, 0);
        b += weights[row] * rows.at(row, SIDE * SIDE - 1);
      }
      double aa = 0;
      double ab = 0;
      double bb = 0;
      for (int row = 0; row < rows.rows(); row++) {
        double x = rows.at(row, 0) - a / sum;
        double y = rows.at(row, SIDE * SIDE - 1) - b / sum;
        aa += weights[row] * x * x;
        ab += weights[row] * x * y;
        bb += weights[row] * y * y;
      }
      double freedom = sum - squares / sum;
      return new CornerMoments(a / sum, b / sum, aa / freedom, ab / freedom, bb / freedom);
    }

    /** Of 2 x 2 matrices the trace of the root of M is sqrt(tr M + 2 sqrt(det M)). */
    double distance(CornerMoments o) {
      double trace = aa * o.aa + 2 * ab * o.ab + bb * o.bb;
      double determinant = (aa * bb - ab * ab) * (o.aa * o.bb - o.ab * o.ab);
      double means = (a - o.a) * (a - o.a) + (b - o.b) * (b - o.b);
      double root = Math.sqrt(trace + 2 * Math.sqrt(determinant));
      return means + aa + bb + o.aa + o.bb - 2 * root;
    }
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
