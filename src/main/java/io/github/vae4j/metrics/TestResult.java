// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

/**
 * The result of a test of the hypothesis that two samples are of one distribution.
 *
 * @param statistic the statistic; NaN if the samples do not allow the test
 * @param pValue the probability of a statistic at least as large under the hypothesis; NaN with it
 */
public record TestResult(double statistic, double pValue) {
  /** No test. */
  public static final TestResult NONE = new TestResult(Double.NaN, Double.NaN);
}
