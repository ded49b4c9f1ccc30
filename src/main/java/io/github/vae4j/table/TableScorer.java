// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.Vae;
import io.github.vae4j.data.RowBuffer;
import io.github.vae4j.data.TableRows;
import io.github.vae4j.infer.Calibration;
import io.github.vae4j.infer.RowScorer;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.RowEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Scores and explains the rows of tables, one at a time. For one thread at a time. */
public final class TableScorer implements AutoCloseable {
  /** Samples of a score, if the user does not choose another number. */
  public static final int SAMPLES = 64;

  private final RowPass pass;
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
    pass = new RowPass(vae, table, samples, seed);
    nats = new ColumnNats(pass.decoder(), spec.likelihood(), spec.features());
    expectation = new Expectation(pass.decoder(), spec.likelihood(), spec.features());
    ranks = calibration == null ? null : calibration.ranks();
    means = new double[pass.decoder().columns()];
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
    return pass.features();
  }

  /**
   * Scores the row that was encoded last.
   *
   * @param encoder has its features
   * @param note its notes
   * @param place of the row, for messages
   * @return the score
   * @throws io.github.vae4j.VaeException if the score is not finite; it names the row
   */
  public RowScore score(RowEncoder encoder, RowBuffer.Note note, String place) {
    RowScorer.Score found = pass.run(encoder, note, place);
    double score = -found.elbo();
    return new RowScore(
        score,
        found.error(),
        ranks == null ? Double.NaN : ranks.pValue(score),
        found.kl(),
        found.logLikelihood());
  }

  /**
   * The shares of the modelled columns in the score of the last row. With the latent term they sum
   * to the score.
   *
   * @return nats, in the order of the schema's modelled columns
   */
  public double[] columnNats() {
    return nats.of(pass.row(), pass.outputs());
  }

  /**
   * The columns that raise the score of the last row most, over their means among held-out rows.
   *
   * @param row its texts
   * @param names of the columns of the row
   * @param most the number of columns
   * @return the columns, the largest contribution first
   */
  public List<Explanation> explain(TableRows row, List<String> names, int most) {
    double[][] outputs = pass.outputs();
    double[] shares = nats.of(pass.row(), outputs);
    List<Integer> order =
        IntStream.range(0, shares.length)
            .boxed()
            .sorted(Comparator.comparingDouble(column -> means[column] - shares[column]))
            .limit(most)
            .toList();
    List<Explanation> explanations = new ArrayList<>();
    for (int column : order) {
      int at = names.indexOf(pass.decoder().column(column).name());
      String text = at < 0 ? null : row.get(at);
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
    pass.close();
  }
}
