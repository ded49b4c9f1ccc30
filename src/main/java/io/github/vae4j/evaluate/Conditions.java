package io.github.vae4j.evaluate;

import io.github.vae4j.VaeException;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.model.Condition;

/** What a data set says of its rows to a conditional model. */
public final class Conditions {
  private Conditions() {}

  /**
   * The conditions of all rows.
   *
   * @param condition what the model is told
   * @param data the rows; must stay open
   * @return (rows, C): a view
   * @throws VaeException if the data do not say it, or naming a row where they say another thing
   */
  public static DataSet of(Condition condition, DataSet data) {
    if (condition instanceof Condition.Labels labels) {
      return DataViews.oneHot(data, labels.classes());
    }
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
