// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.checkpoint.RowReading;
import io.github.vae4j.data.RowRoles;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of the condition, the weights and the missing values of a new run's rows. */
final class RowOptions {
  private static final String COLUMN = "column:";

  @Option(
      names = "--condition",
      paramLabel = "SOURCE",
      description =
          "Make the model conditional on labels (or labels:CLASSES, if not all of them are in the"
              + " data) or on columns:NAME,NAME,... of the data (names, or numbers from 0).")
  private @Nullable ConditionChoice condition;

  @Option(
      names = "--label-column",
      paramLabel = "NAME",
      description = "The column with the row's label: 0, 1, 2, ...")
  private @Nullable String labels;

  @Option(
      names = "--weights",
      paramLabel = "SOURCE",
      description =
          "column:NAME, or a file with a weight for each row of --data: 0 or more; only their"
              + " ratios count.")
  private @Nullable String weights;

  @Option(
      names = "--missing",
      description = "NaN, and in tables also empty fields and NA, mean that a value is missing.")
  private boolean missing;

  @Option(
      names = "--mask",
      paramLabel = "FILE",
      description = "Which values of --data are missing: 0 for those, else 1, in the same shape.")
  private @Nullable String mask;

  @Option(names = "--test-mask", paramLabel = "FILE", description = "The same for --test-data.")
  private @Nullable String testMask;

  @Mixin private ArrayArguments arrays = new ArrayArguments();
  @Mixin private PictureArguments pictures = new PictureArguments();

  @Nullable ConditionChoice condition() {
    return condition;
  }

  /** The kinds of columns of a table that these options name. */
  Map<String, String> kinds() {
    Map<String, String> kinds = new LinkedHashMap<>();
    if (labels != null) {
      kinds.put(labels, "label");
    }
    if (weights != null && weights.startsWith(COLUMN)) {
      kinds.put(column(weights), "weight");
    }
    if (condition != null && condition.columns() != null) {
      for (String name : condition.columns().split(",", -1)) {
        kinds.put(name.strip(), "condition");
      }
    }
    return kinds;
  }

  /** Refuses options of arrays and pictures for other data. */
  void requireUsed(String spec) {
    arrays.requireArray(spec);
    pictures.requireFolder(spec);
  }

  /** The reading options of a run with the changes of the command line; null for the defaults. */
  @Nullable RowReading over(@Nullable RowReading of) {
    RowReading base = of == null ? RowReading.PLAIN : of;
    boolean file = weights != null && !weights.startsWith(COLUMN);
    RowReading reading =
        new RowReading(
            missing || base.missing(),
            new RowRoles(
                labels == null ? base.columns().labels() : labels,
                condition == null || condition.columns() == null
                    ? base.columns().covariates()
                    : condition.columns(),
                weights == null || file ? base.columns().weights() : column(weights)),
            file ? weights : base.weights(),
            mask == null ? base.mask() : mask,
            testMask == null ? base.testMask() : testMask,
            arrays.over(base.arrays()),
            pictures.over(base.pictures()),
            arrays.shapeOver(base.shape()));
    return reading.equals(RowReading.PLAIN) ? null : reading;
  }

  /** The column that a text names; null if it names a file. */
  static @Nullable String column(String text) {
    return text.startsWith(COLUMN) ? text.substring(COLUMN.length()) : null;
  }
}
