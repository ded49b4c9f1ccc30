// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.likelihood.Block;
import io.github.vae4j.likelihood.FeatureLikelihood;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.schema.Part;
import io.github.vae4j.schema.RowDecoder;
import java.util.List;

/**
 * The share of each column in a row's anomaly score: the mean of -log p(x_c | z) over the samples,
 * in nats of the column's own unit. With the KL of the row they sum to the score.
 */
final class ColumnNats {
  private final RowDecoder decoder;
  private final int[] columns;
  private final List<Block> blocks;

  /** The number of the decoder's outputs, after which the shared parameters come. */
  private final int outputs;

  ColumnNats(RowDecoder decoder, Likelihood likelihood, int features) {
    this.decoder = decoder;
    this.columns = decoder.columnsOfFeatures();
    this.blocks = likelihood.blocks(features);
    this.outputs = likelihood.parameters(features);
  }

  /**
   * The shares of a row.
   *
   * @param row its features
   * @param outputs of the decoder, for each sample
   * @return nats for each modelled column; 0 where the value is missing
   */
  double[] of(float[] row, double[][] outputs) {
    double[] nats = new double[decoder.columns()];
    for (double[] sample : outputs) {
      for (Block block : blocks) {
        add(block, row, sample, nats);
      }
    }
    for (int column = 0; column < nats.length; column++) {
      nats[column] /= outputs.length;
      Part first = decoder.parts(column).get(0);
      if (first.use() == Part.Use.NUMBER && !decoder.isMissing(column, row)) {
        double value = decoder.map(column).fromModel(row[first.first()]);
        nats[column] -= decoder.map(column).logSlope(value);
      }
    }
    return nats;
  }

  private void add(Block block, float[] row, double[] sample, double[] nats) {
    if (block.likelihood() instanceof FeatureLikelihood likelihood) {
      for (int d = 0; d < block.columns(); d++) {
        float x = row[block.column() + d];
        if (!Float.isNaN(x)) {
          double[] own = block.ofFeature(sample, outputs, d);
          nats[columns[block.column() + d]] +=
              likelihood.featureNll(own, x, new double[own.length]);
        }
      }
      return;
    }
    if (Float.isNaN(row[block.column()])) {
      return;
    }
    double[] own = block.own(sample, outputs);
    double[] x = new double[block.columns()];
    for (int d = 0; d < x.length; d++) {
      x[d] = row[block.column() + d];
    }
    nats[columns[block.column()]] +=
        block.likelihood().negativeLogLikelihood(own, x, new double[own.length]);
  }
}
