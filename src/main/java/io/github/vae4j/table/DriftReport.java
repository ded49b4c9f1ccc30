// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The differences of a table from the training data of a model.
 *
 * @param rows of the table
 * @param trainingRows of the training data
 * @param alpha the greatest q-value of drift
 * @param columns the modelled columns, in the order of the schema
 * @param score of the anomaly score; null if it was not compared
 */
public record DriftReport(
    long rows,
    long trainingRows,
    double alpha,
    List<ColumnDrift> columns,
    @Nullable ScoreDrift score) {
  /** Copies the list. {@inheritDoc} */
  public DriftReport {
    columns = List.copyOf(columns);
  }

  /**
   * Whether a column or the score differs.
   *
   * @return whether a test has a q-value of at most alpha
   */
  public boolean drifts() {
    return columns.stream().anyMatch(ColumnDrift::drifts) || (score != null && score.drifts());
  }

  /** The tests. */
  public enum Kind {
    /** Kolmogorov and Smirnov, of numbers. */
    KS,
    /** Pearson's chi-squared, of levels. */
    CHI_SQUARED,
    /** Two proportions. */
    PROPORTIONS;

    /**
     * The name for people.
     *
     * @return for example "chi-squared"
     */
    public String text() {
      return this == KS ? "KS" : name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * A test of the hypothesis that nothing has changed.
   *
   * @param kind of the test
   * @param statistic NaN if the test could not be made
   * @param pValue NaN with it
   * @param qValue the p-value after the control of false discoveries over all tests of the table
   * @param drifts whether the q-value is at most alpha
   */
  public record Test(Kind kind, double statistic, double pValue, double qValue, boolean drifts) {}

  /**
   * The differences of a column.
   *
   * @param column its name
   * @param kind its kind in the schema
   * @param stability the population stability index: of deciles of the training data, or levels
   * @param values the test of the values
   * @param missingBefore the share of missing values in the training data
   * @param missingNow the share of missing values in the table
   * @param missing the test of these shares
   * @param unseenRows rows with a text that the training data did not have
   * @param unseen the test of their share
   */
  public record ColumnDrift(
      String column,
      String kind,
      double stability,
      Test values,
      double missingBefore,
      double missingNow,
      Test missing,
      long unseenRows,
      Test unseen) {
    /**
     * Whether the column differs.
     *
     * @return whether one of its tests has a q-value of at most alpha
     */
    public boolean drifts() {
      return values.drifts || missing.drifts || unseen.drifts;
    }
  }

  /**
   * The difference of the anomaly score, from that of rows that were held out of training.
   *
   * @param stability the population stability index of deciles of the held-out scores
   * @param values the test of the scores
   * @param meanBefore the mean of the held-out scores, nats
   * @param meanNow the mean of the table's scores, nats
   */
  public record ScoreDrift(double stability, Test values, double meanBefore, double meanNow) {
    /**
     * Whether the score differs.
     *
     * @return whether its test has a q-value of at most alpha
     */
    public boolean drifts() {
      return values.drifts;
    }
  }
}
