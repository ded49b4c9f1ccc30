// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds columns that predict the label without an error, which are often the label itself under
 * another name: of two classes a number separates, or each level of a column has one class.
 */
public final class LabelLeak {
  private static final int LEAST_ROWS = 20;

  private final List<Part> parts;
  private final double[][] least;
  private final double[][] greatest;
  private final int[] classOfFeature;
  private final boolean[] mixed;
  private final int[] counts = new int[2];

  private LabelLeak(Features features) {
    parts = features.modelled();
    int width = features.width();
    least = new double[2][width];
    greatest = new double[2][width];
    for (int label = 0; label < 2; label++) {
      Arrays.fill(least[label], Double.POSITIVE_INFINITY);
      Arrays.fill(greatest[label], Double.NEGATIVE_INFINITY);
    }
    classOfFeature = new int[width];
    Arrays.fill(classOfFeature, -1);
    mixed = new boolean[width];
  }

  /**
   * The columns that predict the label.
   *
   * @param features of the schema
   * @param rows encoded rows
   * @return their names; empty for rows without labels of two classes, or fewer than 20 of them
   */
  public static List<String> columns(Features features, DataSet rows) {
    LabelLeak leak = new LabelLeak(features);
    for (int row = 0; row < rows.rows(); row++) {
      int label = rows.label(row);
      if (label > 1) {
        return List.of();
      }
      if (label >= 0) {
        leak.add(label, DataSets.values(rows, row, 1).values());
      }
    }
    return leak.found(features);
  }

  private void add(int label, float[] row) {
    counts[label]++;
    for (int d = 0; d < row.length; d++) {
      least[label][d] = Math.min(least[label][d], row[d]);
      greatest[label][d] = Math.max(greatest[label][d], row[d]);
      if (row[d] == 1) {
        mixed[d] = mixed[d] || (classOfFeature[d] >= 0 && classOfFeature[d] != label);
        classOfFeature[d] = label;
      }
    }
  }

  private List<String> found(Features features) {
    Set<String> names = new LinkedHashSet<>();
    if (counts[0] + counts[1] >= LEAST_ROWS && counts[0] > 0 && counts[1] > 0) {
      for (Part part : parts) {
        boolean predicts =
            switch (part.use()) {
              case NUMBER, COUNT -> isSeparated(part.first());
              case LEVELS -> isOfOneClassEach(part);
              case HOUR, WEEKDAY -> false;
            };
        if (predicts) {
          names.add(features.schema().columns().get(part.column()).name());
        }
      }
    }
    return new ArrayList<>(names);
  }

  private boolean isSeparated(int feature) {
    boolean both = Double.isFinite(least[0][feature]) && Double.isFinite(least[1][feature]);
    return both
        && (greatest[0][feature] < least[1][feature] || greatest[1][feature] < least[0][feature]);
  }

  private boolean isOfOneClassEach(Part part) {
    boolean[] seen = new boolean[2];
    for (int d = part.first(); d < part.first() + part.width(); d++) {
      if (mixed[d]) {
        return false;
      }
      if (classOfFeature[d] >= 0) {
        seen[classOfFeature[d]] = true;
      }
    }
    return seen[0] && seen[1];
  }
}
