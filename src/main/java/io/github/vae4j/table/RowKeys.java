// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.data.DataException;
import io.github.vae4j.data.Excerpt;
import io.github.vae4j.schema.CloseNames;
import io.github.vae4j.schema.Column;
import io.github.vae4j.schema.Schema;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The names that a row of a program may have: the columns of the training data, those among them
 * that are not modelled too, so that a row of the same source can be given as it is.
 */
final class RowKeys {
  /** Columns of row numbers by pandas in CSV and Parquet, which tables are read without. */
  private static final List<String> INDEX = List.of("", "Unnamed: 0", "__index_level_0__");

  private final List<String> names;
  private final Set<String> known;
  private final Set<String> modelled;

  RowKeys(Schema schema) {
    names = schema.columns().stream().map(Column::name).toList();
    known = new HashSet<>(names);
    known.addAll(INDEX);
    modelled = new HashSet<>(schema.modelled().stream().map(Column::name).toList());
  }

  /**
   * Refuses names that are no columns, and rows without a column of the model.
   *
   * @param row the values
   * @param place of the row, for messages; empty for the only one
   * @throws DataException if a name is unknown, or none is one of the model
   */
  void check(Map<String, ?> row, String place) {
    boolean any = false;
    for (String key : row.keySet()) {
      if (!known.contains(key)) {
        throw refused(place, unknown(String.valueOf(key)));
      }
      any |= modelled.contains(key);
    }
    if (!any) {
      throw refused(
          place,
          "expected values of columns of the model, "
              + Excerpt.quoted(names.stream().filter(modelled::contains).toList())
              + ", given none");
    }
  }

  private String unknown(String key) {
    List<String> close = CloseNames.of(key, names);
    return "the model knows no column \""
        + Excerpt.of(key)
        + "\""
        + (close.isEmpty() ? "" : ", did you mean " + Excerpt.quoted(close) + "?")
        + "; the training data had "
        + Excerpt.quoted(names);
  }

  private static DataException refused(String place, String text) {
    return new DataException(place.isEmpty() ? text : place + ": " + text);
  }
}
