// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.metrics.Moments;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The mean and quantiles of a number of each row, weighted if the rows have weights. */
final class WeightedQuantiles {
  private final double[] values;
  private final DataSet rows;
  private final List<Integer> order;

  WeightedQuantiles(double[] values, DataSet rows) {
    this.values = values;
    this.rows = rows;
    order =
        IntStream.range(0, values.length)
            .filter(row -> rows.weight(row) > 0)
            .boxed()
            .sorted(Comparator.comparingDouble(row -> values[row]))
            .toList();
  }

  double mean() {
    if (!rows.weighted()) {
      return order.stream().mapToDouble(row -> values[row]).average().orElse(Double.NaN);
    }
    Moments moments = new Moments();
    for (int row : order) {
      moments.add(values[row], rows.weight(row));
    }
    return moments.mean();
  }

  /** The value below which a part of the weight lies; of rows without weights, the nearest one. */
  double at(double part) {
    if (!rows.weighted()) {
      return values[order.get((int) Math.round(part * (order.size() - 1)))];
    }
    double total = order.stream().mapToDouble(row -> rows.weight(row)).sum();
    double sum = 0;
    for (int row : order) {
      sum += rows.weight(row);
      if (sum >= part * total) {
        return values[row];
      }
    }
    return values[order.get(order.size() - 1)];
  }
}
