// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a set in their source.
 *
 * @param names a name for each column; null if the source has none
 * @param numbers the place of each column in the source, from 0
 */
record Columns(@Nullable List<String> names, List<Integer> numbers) {
  Columns {
    names = names == null ? null : List.copyOf(names);
    numbers = List.copyOf(numbers);
  }

  /** The columns of a set; null if they have no names and are those of the source. */
  static @Nullable Columns of(DataSet set) {
    if (set instanceof RowDataSet own) {
      return own.source();
    }
    List<String> names = set.columns();
    return names == null ? null : new Columns(names, first(names.size()));
  }

  /** The first columns of a source. */
  static List<Integer> first(int count) {
    List<Integer> numbers = new ArrayList<>(count);
    for (int column = 0; column < count; column++) {
      numbers.add(column);
    }
    return numbers;
  }

  /** Some of a set's columns. */
  static Columns some(DataSet set, int[] columns) {
    Columns all = of(set);
    List<String> names = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    for (int column : columns) {
      numbers.add(all == null ? column : all.numbers.get(column));
      if (all != null && all.names != null) {
        names.add(all.names.get(column));
      }
    }
    return new Columns(all == null || all.names == null ? null : names, numbers);
  }

  /** The column with a number in the source; -1 if it is not among these. */
  int at(int number) {
    return numbers.indexOf(number);
  }

  /** The place of a column, for messages. */
  static String text(@Nullable Columns columns, int column) {
    int number = columns == null ? column : columns.numbers.get(column);
    return columns == null || columns.names == null
        ? "column " + number + " (counted from 0)"
        : "column " + (number + 1) + " (" + Excerpt.of(columns.names.get(column)) + ")";
  }
}
