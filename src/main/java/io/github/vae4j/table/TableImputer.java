// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.Vae;
import io.github.vae4j.data.RowBuffer;
import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableRows;
import io.github.vae4j.infer.RowPosterior;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.random.Draws;
import io.github.vae4j.random.Stream;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.RowDecoder;
import io.github.vae4j.schema.RowEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Fills the missing cells of a table's rows. For one thread at a time. */
public final class TableImputer implements AutoCloseable {
  /** Samples of a row's posterior, if the user does not choose another number. */
  public static final int SAMPLES = 300;

  private final Features features;
  private final RowDecoder decoder;
  private final RowBlock block;
  private final RowPosterior posterior;
  private final RowFiller filler;
  private final long seed;
  private final int width;

  /** The table's column of each modelled one; -1 if it has none. */
  private final int[] places;

  /**
   * An imputer.
   *
   * @param vae a model of tables; it must stay open
   * @param table whose rows are filled
   * @param samples of each row's posterior; see {@link RowPosterior}
   * @param seed of the samples and the draws
   */
  public TableImputer(Vae vae, Table table, int samples, long seed) {
    this.seed = seed;
    VaeSpec spec = vae.spec();
    features = new Features(TableModel.schemaOf(spec));
    decoder = new RowDecoder(features);
    block = new RowBlock(table.name(), 1, features);
    posterior = vae.measure().rowPosterior(block, samples, seed);
    filler = new RowFiller(decoder, spec.likelihood(), spec.features());
    width = table.columns().size();
    Map<String, Integer> named = Table.places(table.columns());
    places = new int[decoder.columns()];
    Arrays.setAll(places, i -> named.getOrDefault(decoder.column(i).name(), -1));
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
   * Fills the missing cells of the row that was encoded last.
   *
   * @param encoder has its features
   * @param note its notes
   * @param row its texts
   * @param draws 0 for the expected value of each cell; else the number of rows, in each of which
   *     the cells are drawn together
   * @return one row, or as many as there are draws; cells that are not missing are as they were
   */
  public List<List<String>> fill(
      RowEncoder encoder, RowBuffer.Note note, TableRows row, int draws) {
    List<Integer> holes = new ArrayList<>();
    for (int column = 0; column < decoder.columns(); column++) {
      if (places[column] >= 0 && decoder.isMissing(column, encoder.values())) {
        holes.add(column);
      }
    }
    List<List<String>> rows = new ArrayList<>();
    int count = Math.max(1, draws);
    if (holes.isEmpty()) {
      for (int i = 0; i < count; i++) {
        rows.add(texts(row));
      }
      return rows;
    }
    block.set(0, encoder, note, row.place());
    posterior.infer(0);
    float[] own = block.row(0);
    double[][] outputs = posterior.outputs();
    double[] weights = posterior.weights();
    for (int i = 0; i < count; i++) {
      Draws random = new Draws(seed + i, Stream.CELL, (int) row.line());
      float[] filled =
          draws == 0
              ? filler.expected(own, outputs, weights)
              : filler.drawn(own, outputs, weights, random);
      List<String> texts = texts(row);
      for (int column : holes) {
        texts.set(places[column], decoder.text(column, filled, /* bounded= */ true));
      }
      rows.add(texts);
    }
    return rows;
  }

  private List<String> texts(TableRows row) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      String text = row.get(i);
      texts.add(text == null ? "" : text);
    }
    return texts;
  }

  @Override
  public void close() {
    posterior.close();
  }
}
