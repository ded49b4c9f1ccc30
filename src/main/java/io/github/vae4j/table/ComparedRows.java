// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.metrics.MixedColumn;
import io.github.vae4j.random.Permutation;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Part;
import io.github.vae4j.schema.RowDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Rows of a table that are compared, in random order, column by column: scaled numbers, which have
 * the order of the column's values, or levels.
 */
final class ComparedRows {
  private static final int MOST_ROWS = 20_000;
  private static final int LEAST_ROWS = 1_000;

  /** Of all parts of the columns together, so that wide tables need no more memory. */
  private static final int ALL_VALUES = 1 << 24;

  private final DataSet set;
  private final List<MixedColumn> parts;

  /** The first part of each column. */
  private final int[] firsts;

  private final int rows;

  private ComparedRows(DataSet set, List<MixedColumn> parts, int[] firsts, int rows) {
    this.set = set;
    this.parts = parts;
    this.firsts = firsts;
    this.rows = rows;
  }

  /**
   * Draws rows.
   *
   * @param features of the schema
   * @param set encoded rows: all of them if they are few
   * @param seed of the draw
   * @param draw tells the draws of several sets apart
   */
  static ComparedRows of(Features features, DataSet set, long seed, int draw) {
    List<Part> parts = features.modelled();
    int kept = Math.min(set.rows(), most(parts.size()));
    int[] slots = new int[set.rows()];
    Arrays.fill(slots, -1);
    Permutation order = new Permutation(seed, draw, set.rows());
    for (int slot = 0; slot < kept; slot++) {
      slots[order.at(slot)] = slot;
    }
    float[][] values = new float[parts.size()][kept];
    EachRow.of(
        set,
        (number, row) -> {
          for (int part = 0; slots[number] >= 0 && part < values.length; part++) {
            values[part][slots[number]] = value(parts.get(part), row);
          }
        });
    List<MixedColumn> columns = new ArrayList<>();
    for (int part = 0; part < values.length; part++) {
      int levels = parts.get(part).use().isOneHot() ? parts.get(part).width() : 0;
      columns.add(new MixedColumn(values[part], levels));
    }
    return new ComparedRows(set, columns, firsts(parts), kept);
  }

  private static int[] firsts(List<Part> parts) {
    Map<Integer, Integer> firsts = new TreeMap<>();
    for (int part = 0; part < parts.size(); part++) {
      firsts.putIfAbsent(parts.get(part).column(), part);
    }
    return firsts.values().stream().mapToInt(Integer::intValue).toArray();
  }

  /** The greatest number of rows, for a number of parts. */
  static int most(int parts) {
    return Math.max(LEAST_ROWS, Math.min(MOST_ROWS, ALL_VALUES / parts));
  }

  private static float value(Part part, float[] row) {
    float first = row[part.first()];
    return Float.isNaN(first) || !part.use().isOneHot() ? first : RowDecoder.levelOf(part, row);
  }

  /** All rows, from which these were drawn. */
  DataSet set() {
    return set;
  }

  int rows() {
    return rows;
  }

  SyntheticCheck.Rows size() {
    return new SyntheticCheck.Rows(set.rows(), rows);
  }

  /** The first rows. */
  ComparedRows head(int count) {
    return count >= rows
        ? this
        : new ComparedRows(
            set, parts.stream().map(part -> part.head(count)).toList(), firsts, count);
  }

  /** All parts of the columns: of a time trend, hour and day of the week. */
  List<MixedColumn> parts() {
    return parts;
  }

  /** The modelled columns, in the order of the table: of a time the trend. */
  List<MixedColumn> columns() {
    return IntStream.of(firsts).mapToObj(parts::get).toList();
  }
}
