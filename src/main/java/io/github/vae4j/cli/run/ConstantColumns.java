// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.likelihood.Block;
import io.github.vae4j.likelihood.Likelihood;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The columns of a table that have one value in all rows. */
final class ConstantColumns {
  private static final int CHUNK_VALUES = 1 << 16;

  /** Likelihoods without a width that is learned: a constant column does not change their scale. */
  private static final Set<String> FIXED =
      Set.of(
          "gaussian",
          "laplace",
          "bernoulli",
          "continuous-bernoulli",
          "categorical",
          "multinomial",
          "poisson");

  private ConstantColumns() {}

  /** The remark on constant columns; empty if there are none, or if they do no harm. */
  static List<String> remark(DataSet data, Likelihood likelihood) {
    if (data.image() != null || data.rows() < 2 || FIXED.contains(likelihood.name())) {
      return List.of();
    }
    List<String> names = names(data, likelihood);
    if (names.isEmpty()) {
      return List.of();
    }
    return List.of(
        String.format(
                Locale.ROOT,
                "warning: %s of %s: the same value in all rows. With %s the width of such a column falls to",
                String.join(", ", names),
                data.name(),
                likelihood.name())
            + " its least value, and the column rules the bound, by up to 14 nats a row: leave it out");
  }

  private static List<String> names(DataSet data, Likelihood likelihood) {
    int width = data.features();
    float[] seen = new float[width];
    boolean[] known = new boolean[width];
    boolean[] varies = new boolean[width];
    int left = width;
    int chunk = Math.max(1, CHUNK_VALUES / width);
    for (int first = 0; first < data.rows() && left > 0; first += chunk) {
      float[] values = DataSets.values(data, first, Math.min(chunk, data.rows() - first)).values();
      for (int i = 0; i < values.length; i++) {
        int column = i % width;
        if (varies[column] || Float.isNaN(values[i])) {
          continue;
        }
        if (known[column] && seen[column] != values[i]) {
          varies[column] = true;
          left--;
        }
        seen[column] = values[i];
        known[column] = true;
      }
    }
    List<String> all = data.columns();
    List<String> names = new ArrayList<>();
    boolean[] harmless = harmless(likelihood, width);
    for (int column = 0; column < width; column++) {
      if (!varies[column] && known[column] && !harmless[column]) {
        names.add("column " + (all == null ? column + " (counted from 0)" : all.get(column)));
      }
    }
    return names;
  }

  /** The columns whose model has no learned width. */
  private static boolean[] harmless(Likelihood likelihood, int width) {
    boolean[] harmless = new boolean[width];
    for (Block block : likelihood.blocks(width)) {
      boolean fixed = FIXED.contains(block.likelihood().name());
      Arrays.fill(harmless, block.column(), block.column() + block.columns(), fixed);
    }
    return harmless;
  }
}
