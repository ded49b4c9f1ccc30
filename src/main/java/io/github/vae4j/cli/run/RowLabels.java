// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.picture.GridLabels;
import io.github.vae4j.tensor.Matrix;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The classes of rows, as texts of pictures. */
public final class RowLabels {
  private RowLabels() {}

  /**
   * The class of a row.
   *
   * @param spec the model, which may know the classes' names
   * @param rows the data
   * @param row one of them
   * @return a name or a number; empty if the row has no label
   */
  public static String of(VaeSpec spec, DataSet rows, int row) {
    int label = rows.label(row);
    return label < 0 ? "" : name(spec, label);
  }

  /**
   * The classes that conditions stand for.
   *
   * @param spec the model
   * @param conditions (n, C); null for a model without a condition
   * @return n names or numbers; empty if the model is not conditional on labels
   */
  public static List<String> of(VaeSpec spec, @Nullable Matrix conditions) {
    if (conditions == null || !spec.labelled()) {
      return List.of();
    }
    return IntStream.range(0, conditions.rows())
        .mapToObj(row -> name(spec, largest(conditions.row(row))))
        .toList();
  }

  /**
   * The labels of a picture of rows and their reconstructions.
   *
   * @param across images in a line, an even number
   * @param classes of the rows
   * @return labels of columns and, where rows have classes, of images
   */
  public static GridLabels pairs(int across, List<String> classes) {
    List<String> columns =
        IntStream.range(0, across)
            .mapToObj(i -> i % 2 == 0 ? "original" : "reconstruction")
            .toList();
    List<String> cells = classes.stream().flatMap(name -> Stream.of(name, "")).toList();
    boolean named = classes.stream().anyMatch(name -> !name.isEmpty());
    return GridLabels.NONE.columns(columns).cells(named ? cells : List.of());
  }

  /**
   * The classes of rows.
   *
   * @param spec the model, which may know the classes' names
   * @param rows the data
   * @return a name or a number for each row; empty for a row without a label
   */
  public static List<String> of(VaeSpec spec, DataSet rows) {
    return IntStream.range(0, rows.rows()).mapToObj(row -> of(spec, rows, row)).toList();
  }

  private static String name(VaeSpec spec, int label) {
    List<String> names = spec.names().classes();
    return names == null || label >= names.size() ? Integer.toString(label) : names.get(label);
  }

  private static int largest(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }
}
