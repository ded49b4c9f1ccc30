// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.RowsInTurn;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the condition of rows without data: decoded codes and samples. */
public final class GivenOptions {
  @Option(
      names = "--label",
      paramLabel = "LIST",
      split = ",",
      description =
          "For a model conditional on labels: the label of all rows, or several, as in 0,1,2, that"
              + " rows take in turn. Where classes have names (inspect lists them), a name.")
  private @Nullable List<String> labels;

  @Option(
      names = "--covariates",
      paramLabel = "LIST",
      split = ",",
      description = "For a model conditional on columns: their values, as in 0.5,1.")
  private @Nullable List<Float> covariates;

  /**
   * The conditions of some rows.
   *
   * @param spec the model
   * @param count the number of rows
   * @return (count, C); null if the model is not conditional
   */
  public @Nullable Matrix rows(VaeSpec spec, int count) {
    Condition condition = spec.condition();
    if (condition == null) {
      refuse("--label", labels, "the model is not conditional; leave it out");
      refuse("--covariates", covariates, "the model is not conditional; leave it out");
      return null;
    }
    return RowsInTurn.of(
        condition.match(labels -> ofLabels(labels, spec.names().classes()), this::ofCovariates),
        count);
  }

  private Matrix ofLabels(Condition.Labels classes, @Nullable List<String> names) {
    refuse("--covariates", covariates, "the model is conditional on labels; give --label");
    if (labels == null || labels.isEmpty()) {
      throw new IllegalArgumentException(
          "--label: the model is conditional on labels 0 to "
              + (classes.classes() - 1)
              + ": give one, or several as in --label 0,1");
    }
    return classes.rows(labels.stream().mapToInt(text -> label(text.strip(), names)).toArray());
  }

  /** A class by its name, else by its number. */
  private static int label(String text, @Nullable List<String> names) {
    int named = names == null ? -1 : names.indexOf(text);
    if (named >= 0) {
      return named;
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--label: expected "
              + (names == null
                  ? "a number"
                  : "one of " + String.join(", ", names) + ", or a number")
              + ", given \""
              + text
              + "\"",
          e);
    }
  }

  private Matrix ofCovariates(Condition.Covariates columns) {
    refuse("--label", labels, "the model is conditional on columns; give --covariates");
    int given = covariates == null ? 0 : covariates.size();
    if (covariates == null || given != columns.columns()) {
      throw new IllegalArgumentException(
          "--covariates: the model is conditional on "
              + Numbers.plural(columns.columns(), "column")
              + ": expected as many values, given "
              + given);
    }
    Matrix one = Matrix.zeros(1, given);
    for (int i = 0; i < given; i++) {
      one.values()[i] = covariates.get(i);
    }
    return one;
  }

  private static void refuse(String name, @Nullable Object given, String why) {
    if (given != null) {
      throw new IllegalArgumentException(name + ": " + why);
    }
  }
}
