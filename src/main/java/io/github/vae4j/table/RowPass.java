// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.Vae;
import io.github.vae4j.data.RowBuffer;
import io.github.vae4j.infer.RowScorer;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.RowDecoder;
import io.github.vae4j.schema.RowEncoder;
import io.github.vae4j.schema.Schema;

/** The pass of a model over single rows of a table. For one thread at a time. */
final class RowPass implements AutoCloseable {
  private final Features features;
  private final RowDecoder decoder;
  private final RowBlock block;
  private final RowScorer scorer;

  RowPass(Vae vae, String table, int samples, long seed) {
    VaeSpec spec = vae.spec();
    features = features(spec);
    decoder = new RowDecoder(features);
    block = new RowBlock(table, 1, spec.features(), features.givenWidth());
    scorer = vae.measure().rowScorer(block, samples, seed);
  }

  /** The features of a model's schema. */
  static Features features(VaeSpec spec) {
    Schema schema = spec.schema();
    if (schema == null) {
      throw new IllegalArgumentException("model: expected one of tables, with a schema");
    }
    return new Features(schema);
  }

  Features features() {
    return features;
  }

  RowDecoder decoder() {
    return decoder;
  }

  /** Runs the row that was encoded last. */
  RowScorer.Score run(RowEncoder encoder, RowBuffer.Note note, String place) {
    block.set(0, encoder.values(), encoder.given(), note.logJacobian(), place);
    return scorer.score(0);
  }

  /** The features of the last row. */
  float[] row() {
    return block.row(0);
  }

  /** The parameters of the likelihood for each sample of the last row. */
  double[][] outputs() {
    return scorer.outputs();
  }

  /** The importance weights of the samples of the last row, which sum to 1. */
  double[] weights() {
    return scorer.weights();
  }

  @Override
  public void close() {
    scorer.close();
  }
}
