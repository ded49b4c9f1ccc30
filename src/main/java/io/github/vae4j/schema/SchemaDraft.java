// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The content of a schema's file, which a user may have edited: columns with all of their settings,
 * and columns of which only the kind is given, whose settings are inferred from the data.
 *
 * @param columns that are complete
 * @param asked the text of a kind by the name of its column, see {@link KindText}
 * @param order the names of all columns, in the order of the file
 * @param reading the format of the texts
 */
public record SchemaDraft(
    List<Column> columns, Map<String, String> asked, List<String> order, Reading reading) {
  /** Copies the lists and the map. {@inheritDoc} */
  public SchemaDraft {
    columns = List.copyOf(columns);
    asked = Map.copyOf(asked);
    order = List.copyOf(order);
  }

  /**
   * The schema, if every column is complete.
   *
   * @return whether nothing is to be inferred
   */
  public boolean isComplete() {
    return asked.isEmpty();
  }

  /**
   * The schema of complete columns.
   *
   * @return the schema
   */
  public Schema schema() {
    return new Schema(columns, reading);
  }

  /** The complete columns by their names. */
  Map<String, Column> byName() {
    Map<String, Column> byName = new LinkedHashMap<>();
    columns.forEach(column -> byName.put(column.name(), column));
    return byName;
  }
}
