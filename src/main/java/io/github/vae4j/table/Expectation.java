// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.likelihood.Block;
import io.github.vae4j.likelihood.FeatureLikelihood;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.metrics.Quantiles;
import io.github.vae4j.random.Draws;
import io.github.vae4j.random.Stream;
import io.github.vae4j.schema.Column;
import io.github.vae4j.schema.Part;
import io.github.vae4j.schema.RowDecoder;
import io.github.vae4j.schema.ScalingMap;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The values that a model expects in a column, given samples of a row's posterior. */
final class Expectation {
  /** Draws of a column's distribution, over all samples: enough for its 5 % quantiles. */
  private static final int DRAWS = 400;

  private static final double TAIL = 0.05;

  private final RowDecoder decoder;
  private final List<Block> blocks;
  private final int outputs;

  Expectation(RowDecoder decoder, Likelihood likelihood, int features) {
    this.decoder = decoder;
    this.blocks = likelihood.blocks(features);
    this.outputs = likelihood.parameters(features);
  }

  /**
   * The explanation of a column.
   *
   * @param column the number of the modelled column
   * @param value the row's text
   * @param nats of the score
   * @param excess over the mean of the column
   * @param samples the decoder's outputs for each sample, with the shared parameters
   */
  Explanation of(int column, String value, double nats, double excess, double[][] samples) {
    Column own = decoder.column(column);
    Part first = decoder.parts(column).get(0);
    Block block =
        blocks.stream()
            .filter(b -> first.first() >= b.column() && first.first() < b.column() + b.columns())
            .findFirst()
            .orElseThrow();
    if (block.likelihood() instanceof FeatureLikelihood likelihood) {
      double[] draws = draws(block, likelihood, first.first() - block.column(), samples);
      ScalingMap map = decoder.map(column);
      return new Explanation(
          own.name(),
          value,
          decoder.number(own.kind(), map.fromModel(Quantiles.nearest(draws, 0.5)), false),
          decoder.number(own.kind(), map.fromModel(Quantiles.nearest(draws, TAIL)), false),
          decoder.number(own.kind(), map.fromModel(Quantiles.nearest(draws, 1 - TAIL)), false),
          nats,
          excess);
    }
    double[] probabilities = probabilities(block, samples);
    int best = 0;
    for (int i = 1; i < probabilities.length; i++) {
      best = probabilities[i] > probabilities[best] ? i : best;
    }
    String level = decoder.level(own.kind(), best);
    String share = String.format(Locale.ROOT, "%.0f %%", 100 * probabilities[best]);
    return new Explanation(own.name(), value, level, "", share, nats, excess);
  }

  /** The mean over samples of the levels' probabilities. */
  private double[] probabilities(Block block, double[][] samples) {
    double[] mean = new double[block.columns()];
    double[] probabilities = new double[block.columns()];
    for (double[] sample : samples) {
      block.likelihood().mean(block.own(sample, outputs), probabilities);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += probabilities[i] / samples.length;
      }
    }
    return mean;
  }

  private double[] draws(
      Block block, FeatureLikelihood likelihood, int feature, double[][] samples) {
    int each = Math.max(1, DRAWS / samples.length);
    double[] draws = new double[each * samples.length];
    for (int l = 0; l < samples.length; l++) {
      double[] own = block.ofFeature(samples[l], outputs, feature);
      Draws random = new Draws(0, Stream.CELL, l);
      for (int i = 0; i < each; i++) {
        draws[l * each + i] = likelihood.featureSample(own, random);
      }
    }
    Arrays.sort(draws);
    return draws;
  }
}
