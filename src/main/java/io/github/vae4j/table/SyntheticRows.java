// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.random.Draws;
import io.github.vae4j.random.Stream;
import io.github.vae4j.schema.Column;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Kind;
import io.github.vae4j.schema.Part;
import io.github.vae4j.schema.RowDecoder;
import io.github.vae4j.tensor.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Rows of draws from a model as the texts of a table. */
public final class SyntheticRows {
  private final RowDecoder decoder;
  private final boolean bounded;
  private final long seed;

  /**
   * A writer of rows.
   *
   * @param features of the model's schema
   * @param bounded whether numbers and times are within the range of the training data
   * @param seed of the choice among rare texts
   */
  public SyntheticRows(Features features, boolean bounded, long seed) {
    this.decoder = new RowDecoder(features);
    this.bounded = bounded;
    this.seed = seed;
  }

  /**
   * The names of the modelled columns.
   *
   * @return in the order of the training data
   */
  public List<String> columns() {
    List<String> names = new ArrayList<>();
    for (int column = 0; column < decoder.columns(); column++) {
      names.add(decoder.column(column).name());
    }
    return names;
  }

  /**
   * The texts of a row.
   *
   * @param rows draws of p(x|z), (n, D)
   * @param row its number
   * @return a text for each modelled column; of the level "other" one of the rare texts
   */
  public List<String> texts(Matrix rows, int row) {
    int width = rows.columns();
    float[] values = Arrays.copyOfRange(rows.values(), row * width, (row + 1) * width);
    RandomGenerator random = new Draws(seed, Stream.CELL, row);
    List<String> texts = new ArrayList<>();
    for (int column = 0; column < decoder.columns(); column++) {
      Column own = decoder.column(column);
      String text = decoder.text(column, values, bounded);
      boolean levels = decoder.parts(column).get(0).use() == Part.Use.LEVELS;
      texts.add(levels ? named(own.kind(), text, random) : text);
    }
    return texts;
  }

  /** A text of the training data in place of the name of a level that has none. */
  private static String named(Kind kind, String text, RandomGenerator random) {
    if (kind.levels().contains(text)) {
      return text;
    }
    boolean other = text.equals(Part.OTHER) && !kind.rare().isEmpty();
    return other ? kind.rare().get(random.nextInt(kind.rare().size())) : kind.levels().get(0);
  }
}
