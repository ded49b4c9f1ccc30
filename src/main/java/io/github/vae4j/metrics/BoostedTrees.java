// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A classifier of two kinds of rows: gradient boosting of the logistic loss by trees of depth 3
 * with a Newton step in each leaf (Friedman 2001, "Greedy function approximation"; Chen and
 * Guestrin 2016, "XGBoost"). Each tree sees one half of the rows (Friedman 2002, "Stochastic
 * gradient boosting") and at most 64 columns, which are drawn, as its first split is (Geurts, Ernst
 * and Wehenkel 2006, "Extremely randomized trees"); the further splits are the best ones. Levels
 * are ordered by their mean gradient before they are divided (Fisher 1958, "On grouping for maximum
 * homogeneity"). The trees are not kept: each row has its score.
 */
final class BoostedTrees {
  private static final int TREES = 100;
  private static final int DEPTH = 3;
  private static final int MOST_COLUMNS = 64;
  private static final double RATE = 0.1;
  private static final double RIDGE = 1;
  private static final int LEAST_ROWS = 5;
  private static final double LEAST_GAIN = 1e-6;

  /** Added to the curvature of a level, so that rare levels are not the ends of the order. */
  private static final double SMOOTHING = 5;

  private final BinnedColumns data;
  private final boolean[] positive;
  private final RandomGenerator random;
  private final int[] training;
  private final int[] columns;
  private final double[] scores;
  private final double[] gradients;
  private final double[] curvatures;

  /** For each row the number of its node in the present level of the tree. */
  private final int[] nodes;

  private BoostedTrees(
      BinnedColumns data, boolean[] positive, int[] training, RandomGenerator random) {
    this.data = data;
    this.positive = positive;
    this.training = training.clone();
    this.random = random;
    columns = IntStream.range(0, data.bins().length).toArray();
    scores = new double[positive.length];
    gradients = new double[positive.length];
    curvatures = new double[positive.length];
    nodes = new int[positive.length];
  }

  /**
   * Fits the classifier to some rows and scores all.
   *
   * @param data the columns
   * @param positive the kinds of the rows
   * @param training the rows that the classifier is fitted to
   * @param random the source of the draws
   * @return the log-odds of each row to be positive
   */
  static double[] scores(
      BinnedColumns data, boolean[] positive, int[] training, RandomGenerator random) {
    BoostedTrees trees = new BoostedTrees(data, positive, training, random);
    for (int tree = 0; tree < TREES; tree++) {
      trees.addTree();
    }
    return trees.scores;
  }

  private void addTree() {
    int half = (training.length + 1) / 2;
    drawFirst(training, half);
    int used = Math.min(columns.length, MOST_COLUMNS);
    drawFirst(columns, used);
    for (int i = 0; i < half; i++) {
      int row = training[i];
      double probability = 1 / (1 + Math.exp(-scores[row]));
      gradients[row] = probability - (positive[row] ? 1 : 0);
      curvatures[row] = probability * (1 - probability);
    }
    Arrays.fill(nodes, 0);
    for (int level = 0; level < DEPTH; level++) {
      @Nullable Split[] best = new Split[1 << level];
      if (level == 0) {
        best[0] = drawnSplit();
      }
      for (int i = 0; i < used && level > 0; i++) {
        improve(best, columns[i], half);
      }
      for (int row = 0; row < nodes.length; row++) {
        Split split = best[nodes[row]];
        boolean right = split != null && !split.left[data.codes()[split.column][row] & 0xFF];
        nodes[row] = 2 * nodes[row] + (right ? 1 : 0);
      }
    }
    addLeaves(half);
  }

  /**
   * The first split of a tree, by a column and the value of a row that are drawn: if the dependence
   * of two columns alone tells the kinds apart, no first split has a gain.
   */
  private Split drawnSplit() {
    int column = columns[0];
    int bin = data.codes()[column][training[0]] & 0xFF;
    boolean[] left = new boolean[data.bins()[column]];
    for (int i = 0; i < left.length; i++) {
      left[i] = data.ordered()[column] ? i <= bin : i == bin;
    }
    return new Split(column, left, 0);
  }

  /** Shuffles a part of an array, so that its first elements are drawn from all of it. */
  private void drawFirst(int[] array, int count) {
    for (int i = 0; i < count; i++) {
      int other = i + random.nextInt(array.length - i);
      int own = array[i];
      array[i] = array[other];
      array[other] = own;
    }
  }

  private void addLeaves(int half) {
    Sums sums = new Sums(1 << DEPTH);
    for (int i = 0; i < half; i++) {
      sums.add(nodes[training[i]], gradients[training[i]], curvatures[training[i]]);
    }
    for (int row = 0; row < nodes.length; row++) {
      int leaf = nodes[row];
      scores[row] -= RATE * sums.gradients[leaf] / (sums.curvatures[leaf] + RIDGE);
    }
  }

  /** Sums of gradients and curvatures over the rows of cells. */
  private static final class Sums {
    private final double[] gradients;
    private final double[] curvatures;
    private final int[] rows;

    Sums(int cells) {
      gradients = new double[cells];
      curvatures = new double[cells];
      rows = new int[cells];
    }

    void add(int cell, double gradient, double curvature) {
      gradients[cell] += gradient;
      curvatures[cell] += curvature;
      rows[cell]++;
    }

    void add(int cell, Sums other, int from) {
      gradients[cell] += other.gradients[from];
      curvatures[cell] += other.curvatures[from];
      rows[cell] += other.rows[from];
    }

    double order(int cell) {
      return gradients[cell] / (curvatures[cell] + SMOOTHING);
    }

    double score(int cell) {
      return gradients[cell] * gradients[cell] / (curvatures[cell] + RIDGE);
    }
  }

  /** The division of a node by a column: the bins that go to the left. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Split(int column, boolean[] left, double gain) {}

  /** Replaces the best split of each node where the column has a better one. */
  private void improve(@Nullable Split[] best, int column, int half) {
    int bins = data.bins()[column];
    byte[] codes = data.codes()[column];
    Sums sums = new Sums(best.length * bins);
    for (int i = 0; i < half; i++) {
      int row = training[i];
      sums.add(nodes[row] * bins + (codes[row] & 0xFF), gradients[row], curvatures[row]);
    }
    for (int node = 0; node < best.length; node++) {
      int first = node * bins;
      int[] order = IntStream.range(0, bins).filter(bin -> sums.rows[first + bin] > 0).toArray();
      if (!data.ordered()[column]) {
        order =
            IntStream.of(order)
                .boxed()
                .sorted(Comparator.comparingDouble(bin -> sums.order(first + bin)))
                .mapToInt(Integer::intValue)
                .toArray();
      }
      best[node] = better(best[node], sums, first, order, column);
      if (data.ordered()[column] && order.length > 2 && order[0] == 0) {
        // Missing values go with the small numbers above, with the large ones here.
        int[] missingLast = Arrays.copyOfRange(order, 1, order.length + 1);
        best[node] = better(best[node], sums, first, missingLast, column);
      }
    }
  }

  /** The best split of a node that leaves bins in their order. */
  private @Nullable Split better(
      @Nullable Split best, Sums sums, int first, int[] order, int column) {
    Sums sides = new Sums(2);
    Sums all = new Sums(1);
    for (int bin : order) {
      sides.add(1, sums, first + bin);
      all.add(0, sums, first + bin);
    }
    double most = best == null ? LEAST_GAIN : best.gain;
    int end = 0;
    for (int i = 0; i < order.length - 1; i++) {
      int cell = first + order[i];
      sides.add(0, sums, cell);
      sides.gradients[1] = all.gradients[0] - sides.gradients[0];
      sides.curvatures[1] = all.curvatures[0] - sides.curvatures[0];
      sides.rows[1] = all.rows[0] - sides.rows[0];
      if (Math.min(sides.rows[0], sides.rows[1]) >= LEAST_ROWS) {
        double gain = sides.score(0) + sides.score(1) - all.score(0);
        if (gain > most) {
          most = gain;
          end = i + 1;
        }
      }
    }
    if (end == 0) {
      return best;
    }
    boolean[] left = new boolean[data.bins()[column]];
    for (int i = 0; i < end; i++) {
      left[order[i]] = true;
    }
    return new Split(column, left, most);
  }
}
