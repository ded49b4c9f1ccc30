// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** The area under the receiver operating characteristic. */
public final class Auroc {
  private Auroc() {}

  /**
   * The probability that a positive row has a higher score than a negative one, ties counted half
   * (Mann and Whitney 1947).
   *
   * @param scores one for each row
   * @param positive which rows are positive
   * @return 0 to 1; NaN if all rows, or none, are positive
   */
  public static double of(double[] scores, boolean[] positive) {
    if (scores.length != positive.length) {
      throw new IllegalArgumentException(
          "positive: expected " + scores.length + " values, given " + positive.length);
    }
    int[] order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(row -> scores[row]))
            .mapToInt(Integer::intValue)
            .toArray();
    double ranks = 0;
    long count = 0;
    for (int first = 0; first < order.length; ) {
      int end = first;
      while (end < order.length && scores[order[end]] == scores[order[first]]) {
        end++;
      }
      double rank = (first + end + 1) / 2.0;
      long here =
          Arrays.stream(order, first, end).filter(row -> positive[row]).count();
      ranks += here * rank;
      count += here;
      first = end;
    }
    double pairs = count * (double) (scores.length - count);
    return (ranks - count * (count + 1) / 2.0) / pairs;
  }
}
