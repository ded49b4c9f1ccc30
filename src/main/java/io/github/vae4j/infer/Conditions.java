// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.VaeException;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.model.Condition;

/** The conditions of a data set's rows, for a conditional model: its labels or covariates. */
public final class Conditions {
  private Conditions() {}

  /**
   * The conditions of all rows.
   *
   * @param condition the model's condition
   * @param data the rows; must stay open
   * @return (rows, C): a view
   * @throws VaeException if the data have no such condition, or if the condition of a row is not
   *     valid; it names the row
   */
  public static DataSet of(Condition condition, DataSet data) {
    return condition.match(
        labels -> DataViews.oneHot(data, labels.classes()), columns -> covariates(columns, data));
  }

  private static DataSet covariates(Condition.Covariates condition, DataSet data) {
    DataSet covariates = data.covariates();
    if (covariates == null || covariates.features() != condition.columns()) {
      throw new VaeException(
          "data "
              + data.name()
              + " has "
              + (covariates == null ? "no" : covariates.features())
              + " covariates, the model is conditional on "
              + condition.columns());
    }
    return covariates;
  }
}
