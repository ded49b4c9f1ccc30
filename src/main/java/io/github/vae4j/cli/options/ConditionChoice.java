// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.data.DataException;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.model.Condition;
import org.jspecify.annotations.Nullable;

/**
 * The condition of a new model, from the command line: labels or columns of the data.
 *
 * @param columns the covariates' columns; null for labels
 * @param classes the number of labels; 0 for the number in the data
 */
public record ConditionChoice(@Nullable String columns, int classes) {
  private static final String LABELS = "labels";
  private static final String COLUMNS = "columns:";

  static ConditionChoice parse(String text) {
    if (text.equals(LABELS)) {
      return new ConditionChoice(null, 0);
    }
    if (text.startsWith(COLUMNS) && text.length() > COLUMNS.length()) {
      return new ConditionChoice(text.substring(COLUMNS.length()), 0);
    }
    if (text.matches(LABELS + ":[1-9]\\d{0,5}")) {
      return new ConditionChoice(null, Integer.parseInt(text.substring(LABELS.length() + 1)));
    }
    throw new IllegalArgumentException(
        "expected labels, labels:CLASSES or columns:NAME,NAME,..., given \"" + text + "\"");
  }

  /**
   * The condition, with its size in the training data.
   *
   * @param train the training rows
   * @return the condition
   */
  public Condition of(DataSet train) {
    DataSet covariates = train.covariates();
    if (columns != null && covariates != null) {
      return new Condition.Covariates(covariates.features());
    }
    if (classes > 0) {
      return new Condition.Labels(classes);
    }
    int largest = -1;
    for (int row = 0; row < train.rows(); row++) {
      largest = Math.max(largest, train.label(row));
    }
    if (largest < 0) {
      throw new DataException(
          train.name()
              + ": has no labels to be conditional on; name their column with --label-column, or"
              + " give idx:FILE,LABELS or a folder of folders of images");
    }
    return new Condition.Labels(largest + 1);
  }

  /**
   * Compares with the condition of a model.
   *
   * @param condition the model's; null for none
   * @return whether it is of this kind
   */
  public boolean fits(@Nullable Condition condition) {
    return condition != null
        && condition.match(
            labels -> columns == null && (classes == 0 || classes == labels.classes()),
            covariates -> columns != null);
  }
}
