// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.likelihood.Block;
import io.github.vae4j.likelihood.FeatureLikelihood;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.schema.Kind;
import io.github.vae4j.schema.Part;
import io.github.vae4j.schema.RowDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Fills the missing features of a row from samples of its posterior that have importance weights
 * (Mattei and Frellsen 2019, "MIWAE: deep generative modelling and imputation of incomplete data
 * sets", section 3.2).
 */
final class RowFiller {
  private final List<Block> blocks;
  private final int outputs;
  private final int[] levels;

  RowFiller(RowDecoder decoder, Likelihood likelihood, int features) {
    blocks = likelihood.blocks(features);
    outputs = likelihood.parameters(features);
    levels = levels(decoder, features);
  }

  /** For the first feature of a column of levels, the number of those that have a text. */
  private static int[] levels(RowDecoder decoder, int features) {
    int[] levels = new int[features];
    for (int column = 0; column < decoder.columns(); column++) {
      Kind kind = decoder.column(column).kind();
      for (Part part : decoder.parts(column)) {
        levels[part.first()] = part.use() == Part.Use.LEVELS ? kind.levels().size() : part.width();
      }
    }
    return levels;
  }

  /**
   * The expected row: of a number the weighted mean of its centres, of levels their probabilities.
   *
   * @param row features, NaN where one is missing
   * @param samples the decoder's outputs for each sample, with the shared parameters
   * @param weights of the samples
   * @return the row without missing features; a level without a text has probability -1
   */
  float[] expected(float[] row, double[][] samples, double[] weights) {
    float[] filled = row.clone();
    for (Block block : blocks) {
      if (block.likelihood() instanceof FeatureLikelihood likelihood) {
        for (int d = 0; d < block.columns(); d++) {
          if (Float.isNaN(row[block.column() + d])) {
            double mean = 0;
            for (int l = 0; l < samples.length; l++) {
              mean += weights[l] * likelihood.featureMean(block.ofFeature(samples[l], outputs, d));
            }
            filled[block.column() + d] = (float) mean;
          }
        }
      } else if (Float.isNaN(row[block.column()])) {
        double[] mean = new double[block.columns()];
        for (int l = 0; l < samples.length; l++) {
          double[] probabilities = new double[block.columns()];
          block.likelihood().mean(block.own(samples[l], outputs), probabilities);
          for (int i = 0; i < mean.length; i++) {
            mean[i] += weights[l] * probabilities[i];
          }
        }
        fill(filled, block, mean);
      }
    }
    return filled;
  }

  /** Levels without a text cannot be written into a table. */
  private void fill(float[] filled, Block block, double[] values) {
    int named = levels[block.column()];
    for (int i = 0; i < values.length; i++) {
      filled[block.column() + i] = i < named ? (float) values[i] : -1;
    }
  }

  /**
   * A row whose missing features are drawn.
   *
   * @param row features, NaN where one is missing
   * @param samples the decoder's outputs for each sample, with the shared parameters
   * @param weights of the samples
   * @param random the source of randomness
   * @return the row without missing features
   */
  float[] drawn(float[] row, double[][] samples, double[] weights, RandomGenerator random) {
    double[] sample = samples[chosen(weights, random)];
    float[] filled = row.clone();
    for (Block block : blocks) {
      if (block.likelihood() instanceof FeatureLikelihood likelihood) {
        for (int d = 0; d < block.columns(); d++) {
          if (Float.isNaN(row[block.column() + d])) {
            filled[block.column() + d] =
                (float) likelihood.featureSample(block.ofFeature(sample, outputs, d), random);
          }
        }
      } else if (Float.isNaN(row[block.column()])) {
        double[] probabilities = new double[block.columns()];
        block.likelihood().mean(block.own(sample, outputs), probabilities);
        int named = levels[block.column()];
        double[] levelled = Arrays.copyOf(probabilities, named);
        double sum = Arrays.stream(levelled).sum();
        for (int i = 0; i < named; i++) {
          levelled[i] = sum > 0 ? levelled[i] / sum : 1.0 / named;
        }
        double[] one = new double[block.columns()];
        one[chosen(levelled, random)] = 1;
        fill(filled, block, one);
      }
    }
    return filled;
  }

  private static int chosen(double[] weights, RandomGenerator random) {
    double left = random.nextDouble();
    int last = 0;
    for (int i = 0; i < weights.length; i++) {
      last = weights[i] > 0 ? i : last;
      left -= weights[i];
      if (left < 0) {
        return i;
      }
    }
    return last;
  }
}
