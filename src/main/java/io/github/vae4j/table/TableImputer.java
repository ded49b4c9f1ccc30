// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.Vae;
import io.github.vae4j.data.RowBuffer;
import io.github.vae4j.data.TableRows;
import io.github.vae4j.random.Draws;
import io.github.vae4j.random.Stream;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.RowDecoder;
import io.github.vae4j.schema.RowEncoder;
import java.util.ArrayList;
import java.util.List;

/** Fills the missing cells of a table's rows. For one thread at a time. */
public final class TableImputer implements AutoCloseable {
  /** Samples of a row's posterior, if the user does not choose another number. */
  public static final int SAMPLES = 200;

  private final RowPass pass;
  private final RowFiller filler;
  private final long seed;

  /**
   * An imputer.
   *
   * @param vae a model of tables; it must stay open
   * @param table the name of the rows, for messages
   * @param samples of each row's posterior
   * @param seed of the samples and the draws
   */
  public TableImputer(Vae vae, String table, int samples, long seed) {
    this.seed = seed;
    pass = new RowPass(vae, table, samples, seed);
    filler = new RowFiller(pass.decoder(), vae.spec().likelihood(), vae.spec().features());
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
   * Fills the missing cells of the row that was encoded last.
   *
   * @param encoder has its features
   * @param note its notes
   * @param row its texts
   * @param names of the columns of the row
   * @param draws 0 for the expected value of each cell; else the number of rows, in each of which
   *     the cells are drawn together
   * @return one row, or as many as there are draws; cells that are not missing are as they were
   */
  public List<List<String>> fill(
      RowEncoder encoder, RowBuffer.Note note, TableRows row, List<String> names, int draws) {
    RowDecoder decoder = pass.decoder();
    List<Integer> holes = new ArrayList<>();
    for (int column = 0; column < decoder.columns(); column++) {
      if (decoder.isMissing(column, encoder.values())
          && names.contains(decoder.column(column).name())) {
        holes.add(column);
      }
    }
    List<List<String>> rows = new ArrayList<>();
    int count = Math.max(1, draws);
    if (holes.isEmpty()) {
      for (int i = 0; i < count; i++) {
        rows.add(texts(row, names));
      }
      return rows;
    }
    pass.run(encoder, note, row.place());
    float[] own = pass.row();
    double[][] outputs = pass.outputs();
    double[] weights = pass.weights();
    for (int i = 0; i < count; i++) {
      Draws random = new Draws(seed + i, Stream.CELL, (int) row.line());
      float[] filled =
          draws == 0
              ? filler.expected(own, outputs, weights)
              : filler.drawn(own, outputs, weights, random);
      List<String> texts = texts(row, names);
      for (int column : holes) {
        int at = names.indexOf(decoder.column(column).name());
        texts.set(at, decoder.text(column, filled, /* bounded= */ true));
      }
      rows.add(texts);
    }
    return rows;
  }

  private static List<String> texts(TableRows row, List<String> names) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String text = row.get(i);
      texts.add(text == null ? "" : text);
    }
    return texts;
  }

  @Override
  public void close() {
    pass.close();
  }
}
