// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.benchmarks;

import io.github.vae4j.Vae;
import io.github.vae4j.anomaly.Columns;
import io.github.vae4j.anomaly.NormalScores;
import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Layers;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainConfig.LearningRate;
import io.github.vae4j.train.TrainConfig.Optimizer;
import io.github.vae4j.train.TrainListener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/**
 * The one setting with which benchmarks/anomaly.sh trains on every set. It sees training rows
 * alone, no label; sizes and steps depend on nothing but the numbers of rows and columns.
 */
final class AnomalyRecipe implements AutoCloseable {
  /** A column with a greater excess kurtosis has heavy tails, and is mapped by its ranks. */
  private static final double HEAVY = 5;

  private static final String LIKELIHOOD = "student-t";
  private static final String HIDDEN = "64,32";
  private static final int LATENT = 4;
  private static final int BATCH = 128;
  private static final int STEPS = 3000;
  private static final double RATE = 3e-3;
  private static final double LAST_RATE = 0.01;

  private final int[] used;
  private final DoubleUnaryOperator[] scales;
  private final Vae vae;

  private AnomalyRecipe(int[] used, DoubleUnaryOperator[] scales, Vae vae) {
    this.used = used;
    this.scales = scales;
    this.vae = vae;
  }

  static AnomalyRecipe train(double[][] rows, BackendOptions backend, long seed) {
    List<Integer> columns = new ArrayList<>();
    List<DoubleUnaryOperator> maps = new ArrayList<>();
    for (int column = 0; column < rows[0].length; column++) {
      double[] values = Columns.of(rows, column);
      if (!Columns.isConstant(values)) {
        columns.add(column);
        maps.add(
            Columns.excessKurtosis(values) > HEAVY
                ? new NormalScores(values)
                : Columns.standard(values));
      }
    }
    int[] used = columns.stream().mapToInt(Integer::intValue).toArray();
    DoubleUnaryOperator[] scales = maps.toArray(DoubleUnaryOperator[]::new);
    Matrix scaled = scaled(rows, used, scales);
    blur(scaled, new SplittableRandom(seed));
    int batch = Math.min(BATCH, rows.length);
    int stepsPerEpoch = (rows.length + batch - 1) / batch;
    TrainConfig config =
        TrainConfig.builder()
            .epochs(Math.max(1, Math.round((float) STEPS / stepsPerEpoch)))
            .batch(batch)
            .optimizer(Optimizer.adam(RATE))
            .schedule(new LearningRate(LearningRate.Shape.COSINE, 0, 1, LAST_RATE))
            .seed(seed)
            .build();
    VaeSpec spec =
        VaeSpec.builder(used.length)
            .layers(Layers.parse(HIDDEN, Activation.RELU))
            .latent(LATENT)
            .likelihood(Likelihoods.parse(LIKELIHOOD))
            .build();
    Vae vae = Vae.create(spec, backend, seed);
    AnomalyRecipe recipe = new AnomalyRecipe(used, scales, vae);
    try (DataSet data = DataSets.of(scaled)) {
      vae.train(data, null, config, TrainListener.NONE);
      return recipe;
    } catch (RuntimeException | Error e) {
      recipe.close();
      throw e;
    }
  }

  Vae vae() {
    return vae;
  }

  /** Rows as the model takes them. */
  DataSet data(double[][] rows) {
    return DataSets.of(scaled(rows, used, scales));
  }

  private static Matrix scaled(double[][] rows, int[] used, DoubleUnaryOperator[] scales) {
    Matrix scaled = Matrix.zeros(rows.length, used.length);
    for (int row = 0; row < rows.length; row++) {
      for (int i = 0; i < used.length; i++) {
        double value = scales[i].applyAsDouble(rows[row][used[i]]);
        scaled.values()[row * used.length + i] = (float) value;
      }
    }
    return scaled;
  }

  /**
   * Adds noise of a column's resolution, with the variance of a rounding error: rounded values are
   * points to which a density could give any height.
   */
  private static void blur(Matrix rows, SplittableRandom random) {
    for (int column = 0; column < rows.columns(); column++) {
      double[] sorted = new double[rows.rows()];
      for (int row = 0; row < sorted.length; row++) {
        sorted[row] = rows.at(row, column);
      }
      Arrays.sort(sorted);
      double[] gaps = gaps(sorted);
      double resolution = gaps.length == 0 ? 0 : gaps[gaps.length / 2];
      for (int row = 0; row < sorted.length; row++) {
        rows.values()[row * rows.columns() + column] +=
            (float) (resolution / Math.sqrt(12) * random.nextGaussian());
      }
    }
  }

  /** The distances of neighbouring values that differ, in order. */
  private static double[] gaps(double[] sorted) {
    double[] gaps = new double[sorted.length];
    int count = 0;
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i] > sorted[i - 1]) {
        gaps[count++] = sorted[i] - sorted[i - 1];
      }
    }
    double[] all = Arrays.copyOf(gaps, count);
    Arrays.sort(all);
    return all;
  }

  @Override
  public void close() {
    vae.close();
  }
}
