// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The columns of a table, and the format of its texts. It is inferred from the training data, can
 * be edited, and is kept with the model, so that later data are read in the same way.
 *
 * @param columns in the order of the training data, with different names
 * @param reading the format of the texts
 */
public record Schema(List<Column> columns, Reading reading) {
  /** Checks names and roles. {@inheritDoc} */
  public Schema {
    columns = List.copyOf(columns);
    Set<String> seen = new HashSet<>();
    for (Column column : columns) {
      if (!seen.add(column.name())) {
        throw new IllegalArgumentException(
            "columns: expected different names, given \"" + column.name() + "\" twice");
      }
    }
    requireOne(columns, Kind.Role.LABEL, "label");
    requireOne(columns, Kind.Role.WEIGHT, "weight");
  }

  private static void requireOne(List<Column> columns, Kind.Role role, String name) {
    List<String> found =
        columns.stream().filter(c -> c.kind().role() == role).map(Column::name).toList();
    if (found.size() > 1) {
      throw new IllegalArgumentException(
          "columns: expected one " + name + " at most, given " + String.join(", ", found));
    }
  }

  /**
   * The columns that are modelled.
   *
   * @return in the order of the table
   */
  public List<Column> modelled() {
    return columns.stream().filter(column -> isModelled(column.kind())).toList();
  }

  /**
   * Whether a row needs a column of a kind to be scored.
   *
   * @param kind of the column
   * @return true for modelled columns and those of the condition
   */
  public static boolean isUsed(Kind kind) {
    return isModelled(kind) || kind.role() == Kind.Role.CONDITION;
  }

  /** Whether a model has a column of a kind. */
  static boolean isModelled(Kind kind) {
    return kind.role() == Kind.Role.MODELLED;
  }
}
