// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The user's choices for the inference of a schema.
 *
 * @param kinds the text of a kind by the name of its column, see {@link KindText}
 * @param reading the format of the texts
 */
public record SchemaRequest(Map<String, String> kinds, Reading reading) {
  /** Copies the map. {@inheritDoc} */
  public SchemaRequest {
    kinds = Map.copyOf(kinds);
  }

  /** No choices: everything is inferred. */
  public static final SchemaRequest NONE = new SchemaRequest(Map.of(), Reading.DEFAULTS);

  /**
   * A copy with a column's kind.
   *
   * @param column the name
   * @param kind for example "categorical"
   * @return the request
   */
  public SchemaRequest with(String column, String kind) {
    Map<String, String> more = new LinkedHashMap<>(kinds);
    more.put(column, kind);
    return new SchemaRequest(more, reading);
  }

  /**
   * A copy with another format of texts.
   *
   * @param other the format
   * @return the request
   */
  public SchemaRequest with(Reading other) {
    return new SchemaRequest(kinds, other);
  }
}
