// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.sampler;

import io.github.vae4j.random.Draws;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Matrix;
import java.util.Arrays;

/**
 * The seeds of k-means++ (Arthur and Vassilvitskii 2007), the best of a few candidates for each
 * (their section 7): a code becomes a seed with a probability proportional to its squared distance
 * from the nearest seed, times its weight.
 */
final class KMeansPlusPlus {
  private final WeightedCodes weighted;
  private final Matrix codes;
  private final Draws draws;
  private final double[] distances;
  private final int[] nearest;

  private KMeansPlusPlus(WeightedCodes weighted, long seed) {
    this.weighted = weighted;
    this.codes = weighted.codes();
    this.draws = new Draws(seed, Stream.MIXTURE, 0);
    this.distances = new double[codes.rows()];
    this.nearest = new int[codes.rows()];
  }

  /**
   * Chooses seeds.
   *
   * @return the number of each code's nearest seed, from 0; fewer seeds than requested if there are
   *     fewer different codes
   */
  static int[] nearestSeed(WeightedCodes codes, int seeds, long seed) {
    KMeansPlusPlus search = new KMeansPlusPlus(codes, seed);
    search.pick(seeds);
    return search.nearest;
  }

  private void pick(int seeds) {
    int candidates = 2 + (int) Math.log(seeds);
    Arrays.fill(distances, Double.POSITIVE_INFINITY);
    add(first(), 0);
    for (int count = 1; count < seeds; count++) {
      double total = total();
      if (total == 0) {
        return;
      }
      int best = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < candidates; i++) {
        int candidate = inProportion(total * draws.nextDouble());
        double left = left(candidate);
        if (left < least) {
          least = left;
          best = candidate;
        }
      }
      add(best, count);
    }
  }

  /** The first seed: each code with a probability proportional to its weight. */
  private int first() {
    if (weighted.weights() == null) {
      return draws.nextInt(codes.rows());
    }
    double left = draws.nextDouble() * codes.rows();
    int code = 0;
    while (code < codes.rows() - 1 && left >= weighted.weight(code)) {
      left -= weighted.weight(code++);
    }
    return code;
  }

  private double total() {
    if (weighted.weights() == null) {
      return Arrays.stream(distances).sum();
    }
    double sum = 0;
    for (int row = 0; row < distances.length; row++) {
      sum += weighted.weight(row) * distances[row];
    }
    return sum;
  }

  /** The code at which the cumulative sum of distances exceeds a value; never a seed. */
  private int inProportion(double value) {
    int last = 0;
    for (int row = 0; row < distances.length; row++) {
      if (distances[row] > 0) {
        last = row;
        value -= weighted.weight(row) * distances[row];
        if (value < 0) {
          return row;
        }
      }
    }
    return last;
  }

  /** The sum of distances if a code became a seed. */
  private double left(int candidate) {
    double sum = 0;
    for (int row = 0; row < distances.length; row++) {
      double distance = Math.min(distances[row], squaredDistance(row, candidate));
      sum += weighted.weight(row) * distance;
    }
    return sum;
  }

  private void add(int code, int number) {
    for (int row = 0; row < distances.length; row++) {
      double distance = squaredDistance(row, code);
      if (distance < distances[row]) {
        distances[row] = distance;
        nearest[row] = number;
      }
    }
  }

  private double squaredDistance(int one, int other) {
    int latent = codes.columns();
    double sum = 0;
    for (int j = 0; j < latent; j++) {
      double difference =
          (double) codes.values()[one * latent + j] - codes.values()[other * latent + j];
      sum += difference * difference;
    }
    return sum;
  }
}
