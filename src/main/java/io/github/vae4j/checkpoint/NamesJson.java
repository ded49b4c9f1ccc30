// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.data.DataNames;
import io.github.vae4j.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The names of columns and classes in the JSON of a model. */
final class NamesJson {
  /** The key in a model; it is there if something has names. */
  static final String KEY = "names";

  private static final String COLUMNS = "columns";
  private static final String COVARIATES = "covariates";
  private static final String CLASSES = "classes";

  private NamesJson() {}

  static void write(DataNames names, JsonObject model) {
    if (!names.equals(DataNames.NONE)) {
      JsonObject node = model.putObject(KEY);
      write(node, COLUMNS, names.columns());
      write(node, COVARIATES, names.covariates());
      write(node, CLASSES, names.classes());
    }
  }

  private static void write(JsonObject node, String key, @Nullable List<String> names) {
    if (names != null) {
      names.forEach(node.putArray(key)::add);
    }
  }

  static DataNames read(JsonFields model) {
    JsonFields names = model.optionalObject(KEY);
    if (names == null) {
      return DataNames.NONE;
    }
    names.allow(COLUMNS, COVARIATES, CLASSES);
    return new DataNames(
        names.optionalTexts(COLUMNS),
        names.optionalTexts(COVARIATES),
        names.optionalTexts(CLASSES));
  }
}
