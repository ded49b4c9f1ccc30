// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.sampler;

import io.github.vae4j.random.Draws;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Matrix;
import java.util.Arrays;

/**
 * The seeds of k-means++ (Arthur and Vassilvitskii 2007), the best of a few candidates for each
 * (their section 7): a code becomes a seed with a probability proportional to its squared distance
 * from the nearest seed.
 */
final class KMeansPlusPlus {
  private final Matrix codes;
  private final Draws draws;
  private final double[] distances;
  private final int[] nearest;

  private KMeansPlusPlus(Matrix codes, long seed) {
    this.codes = codes;
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
  static int[] nearestSeed(Matrix codes, int seeds, long seed) {
    KMeansPlusPlus search = new KMeansPlusPlus(codes, seed);
    search.pick(seeds);
    return search.nearest;
  }

  private void pick(int seeds) {
    int candidates = 2 + (int) Math.log(seeds);
    Arrays.fill(distances, Double.POSITIVE_INFINITY);
    add(draws.nextInt(codes.rows()), 0);
    for (int count = 1; count < seeds; count++) {
      double total = Arrays.stream(distances).sum();
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

  /** The code at which the cumulative sum of distances exceeds a value; never a seed. */
  private int inProportion(double value) {
    int last = 0;
    for (int row = 0; row < distances.length; row++) {
      if (distances[row] > 0) {
        last = row;
        value -= distances[row];
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
      sum += Math.min(distances[row], squaredDistance(row, candidate));
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
