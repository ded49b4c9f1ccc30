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
import java.util.List;

/** The passes of a model over rows of a table. For one thread at a time. */
final class RowPass implements AutoCloseable {
  private final Features features;
  private final RowDecoder decoder;
  private final RowBlock block;
  private final RowScorer scorer;

  RowPass(Vae vae, String table, int samples, long seed) {
    VaeSpec spec = vae.spec();
    features = features(spec);
    decoder = new RowDecoder(features);
    int batch = RowScorer.batch(spec, samples);
    block = new RowBlock(table, batch, spec.features(), features.givenWidth());
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

  /** The most rows of a pass. */
  int batch() {
    return block.rows();
  }

  /** Takes the row that was encoded last as a row of the next pass. */
  void set(int row, RowEncoder encoder, RowBuffer.Note note, String place) {
    block.set(row, encoder.values(), encoder.given(), note.logJacobian(), place);
  }

  /** Runs the first rows. */
  List<RowScorer.Score> run(int count) {
    return scorer.score(0, count);
  }

  /** The features of a row of the last pass. */
  float[] row(int row) {
    return block.row(row);
  }

  /** The parameters of the likelihood for each sample of a row of the last pass. */
  double[][] outputs(int row) {
    return scorer.outputs(row);
  }

  @Override
  public void close() {
    scorer.close();
  }
}
