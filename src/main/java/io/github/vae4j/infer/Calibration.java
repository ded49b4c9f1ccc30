// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import java.util.Arrays;
import java.util.List;

/**
 * The anomaly scores of rows that were held out of training. The rank of a new score among them is
 * a conformal p-value (Vovk, Gammerman and Shafer 2005; for outliers Bates et al. 2023, "Testing
 * for outliers with conformal p-values"): if the row is from the distribution of the training data,
 * the value is at most p with probability p at most.
 *
 * @param samples Monte-Carlo samples of each score
 * @param seed of their noise
 * @param scores in increasing order, nats
 * @param columns the mean share of each modelled column in the scores, nats
 */
public record Calibration(int samples, long seed, List<Double> scores, List<Double> columns) {
  /** Sorts the scores. {@inheritDoc} */
  public Calibration {
    if (samples < 1) {
      throw new IllegalArgumentException("samples: expected 1 or more, given " + samples);
    }
    if (scores.isEmpty() || !scores.stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException(
          "scores: expected finite numbers, at least one, given " + scores.size());
    }
    scores = scores.stream().sorted().toList();
    columns = List.copyOf(columns);
  }

  /**
   * The ranks of new scores among these.
   *
   * @return p-values
   */
  public Ranks ranks() {
    return new Ranks(this);
  }

  /** p-values, without a search in a list of objects. */
  public static final class Ranks {
    private final double[] sorted;

    private Ranks(Calibration calibration) {
      sorted = calibration.scores.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /**
     * The p-value of a score: (1 + the number of scores that are as high) / (1 + the number of
     * scores).
     *
     * @param score of a row
     * @return above 0, at most 1
     */
    public double pValue(double score) {
      int below = Arrays.binarySearch(sorted, score);
      int at = below >= 0 ? below : -below - 1;
      while (at > 0 && sorted[at - 1] == score) {
        at--;
      }
      return (1.0 + sorted.length - at) / (1.0 + sorted.length);
    }

    /**
     * The smallest p-value that a score can have.
     *
     * @return 1 / (1 + the number of scores)
     */
    public double least() {
      return 1.0 / (1.0 + sorted.length);
    }
  }
}
