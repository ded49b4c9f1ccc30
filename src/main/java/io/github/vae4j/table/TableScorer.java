// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.Vae;
import io.github.vae4j.data.RowBuffer;
import io.github.vae4j.infer.Calibration;
import io.github.vae4j.infer.RowScorer;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.RowDecoder;
import io.github.vae4j.schema.RowEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Scores and explains the rows of tables, one at a time or several in a pass, with the same scores.
 * For one thread at a time.
 */
public final class TableScorer implements AutoCloseable {
  /** Samples of a score, if the user does not choose another number. */
  public static final int SAMPLES = 64;

  private final Features features;
  private final RowDecoder decoder;
  private final RowBlock block;
  private final RowScorer scorer;
  private final ColumnNats nats;
  private final Expectation expectation;
  private final Calibration.@Nullable Ranks ranks;

  /** The mean nats of each column; zeros if they are not known. */
  private final double[] means;

  /**
   * A scorer of a model.
   *
   * @param vae a model of tables; it must stay open
   * @param table the name of the rows, for messages
   * @param samples Monte-Carlo samples of a score
   * @param seed of their noise
   * @param calibration of the scores with the same samples and seed; null for no p-values
   */
  public TableScorer(
      Vae vae, String table, int samples, long seed, @Nullable Calibration calibration) {
    VaeSpec spec = vae.spec();
    features = new Features(TableModel.schemaOf(spec));
    decoder = new RowDecoder(features);
    block = new RowBlock(table, RowScorer.batch(spec, samples), features);
    scorer = vae.measure().rowScorer(block, samples, seed);
    nats = new ColumnNats(decoder, spec.likelihood(), spec.features());
    expectation = new Expectation(decoder, spec.likelihood(), spec.features());
    ranks = calibration == null ? null : calibration.ranks();
    means = new double[decoder.columns()];
    if (calibration != null && calibration.columns().size() == means.length) {
      Arrays.setAll(means, column -> calibration.columns().get(column));
    }
  }

  /**
   * The features of the model's schema.
   *
   * @return for a {@link RowEncoder}
   */
  public Features features() {
    return features;
  }

  /**
   * The number of rows for which one pass is fastest.
   *
   * @return 1 or more
   */
  public int batch() {
    return block.rows();
  }

  /**
   * Takes the row that was encoded last as a row of the next pass.
   *
   * @param row its number in the pass, 0 to {@link #batch} - 1
   * @param encoder has its features
   * @param note its notes
   * @param place of the row, for messages
   */
  public void set(int row, RowEncoder encoder, RowBuffer.Note note, String place) {
    block.set(row, encoder, note, place);
  }

  /**
   * Scores the rows that were set.
   *
   * @param count the number of rows, 1 to {@link #batch}
   * @return their scores
   * @throws io.github.vae4j.VaeException if a score is not finite; it names the row
   */
  public List<RowScore> score(int count) {
    return scorer.score(0, count).stream().map(this::score).toList();
  }

  private RowScore score(RowScorer.Score found) {
    double score = -found.elbo();
    return new RowScore(
        score,
        found.error(),
        ranks == null ? Double.NaN : ranks.pValue(score),
        found.kl(),
        found.logLikelihood());
  }

  /**
   * The shares of the modelled columns in the score of a row of the last pass. With the latent term
   * they sum to the score.
   *
   * @param row its number in the pass; 0 for a row that was scored alone
   * @return nats, in the order of the schema's modelled columns
   */
  public double[] columnNats(int row) {
    return nats.of(block.row(row), scorer.outputs(row));
  }

  /**
   * The columns that raise the score of a row of the last pass most, over their means among
   * held-out rows.
   *
   * @param row its number in the pass; 0 for a row that was scored alone
   * @param texts its texts by the names of columns; null for a column that it does not have
   * @param most the number of columns
   * @return the columns, the largest contribution first
   */
  public List<Explanation> explain(int row, Function<String, @Nullable String> texts, int most) {
    double[][] outputs = scorer.outputs(row);
    double[] shares = nats.of(block.row(row), outputs);
    List<Integer> order =
        IntStream.range(0, shares.length)
            .boxed()
            .sorted(Comparator.comparingDouble(column -> means[column] - shares[column]))
            .limit(most)
            .toList();
    List<Explanation> explanations = new ArrayList<>();
    for (int column : order) {
      String text = texts.apply(decoder.column(column).name());
      explanations.add(
          expectation.of(
              column,
              text == null ? "" : text,
              shares[column],
              shares[column] - means[column],
              outputs));
    }
    return explanations;
  }

  @Override
  public void close() {
    scorer.close();
  }
}
