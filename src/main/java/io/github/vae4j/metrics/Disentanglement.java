// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import io.github.vae4j.tensor.Matrix;

/**
 * Scores of the relation between single latent dimensions and single known factors. All scores are
 * about 1 if each factor has a dimension of its own, and about 0 if dimensions do not depend on
 * factors.
 *
 * @param rows N
 * @param factors K
 * @param mig mutual information gap (Chen et al. 2018): see {@link MutualInformationGap}
 * @param sap separated attribute predictability (Kumar et al. 2018): see {@link
 *     SeparatedAttributes}
 * @param disentanglement high if each dimension predicts one factor (Eastwood and Williams 2018):
 *     see {@link DciScores}; NaN with a single factor
 * @param completeness high if one dimension predicts each factor; NaN with a single dimension
 * @param informativeness the part of the factors' variance that a linear model of the codes
 *     predicts
 */
public record Disentanglement(
    int rows,
    int factors,
    double mig,
    double sap,
    double disentanglement,
    double completeness,
    double informativeness) {
  private static final int LEAST_ROWS = 20;

  /**
   * Scores codes.
   *
   * @param codes (rows, latent), the posteriors' means
   * @param factors of the same rows
   * @return the scores
   * @throws IllegalArgumentException if there are fewer than 20 rows, or different numbers of both
   */
  public static Disentanglement of(Matrix codes, Factors factors) {
    if (codes.rows() != factors.rows()) {
      throw new IllegalArgumentException(
          "factors: expected "
              + codes.rows()
              + " rows, one for each row of data, given "
              + factors.rows());
    }
    if (codes.rows() < LEAST_ROWS) {
      throw new IllegalArgumentException(
          "disentanglement: expected " + LEAST_ROWS + " rows or more, given " + codes.rows());
    }
    HalfSplit split = new HalfSplit(codes.rows());
    DciScores dci = DciScores.of(codes, factors, split);
    return new Disentanglement(
        codes.rows(),
        factors.count(),
        MutualInformationGap.of(codes, factors),
        SeparatedAttributes.of(codes, factors, split),
        dci.disentanglement(),
        dci.completeness(),
        dci.informativeness());
  }
}
