// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.cli.options.OutputFile;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.data.ArrayOptions;
import io.github.vae4j.data.ArraySizes;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.OpenOptions;
import io.github.vae4j.model.Shape;
import io.github.vae4j.tensor.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The codes of a file: flat rows of Z values, or, in an array, images of the code's shape with the
 * channels last. A file that {@code encode --logvar} wrote has the log variances too.
 *
 * @param spec the file
 * @param code the shape of a code
 */
record CodeRows(String spec, Shape code) {
  /**
   * Reads the codes.
   *
   * @param report receives the remark that log variances are not used
   * @return (rows, Z)
   * @throws IllegalArgumentException if the file has rows of another shape
   */
  Matrix read(Report report) {
    ArrayOptions order = ArrayOptions.PLAIN.withLayout(ArrayOptions.Layout.NHWC);
    try (DataSet rows = DataSets.open(spec, OpenOptions.defaults().withArrays(order))) {
      List<Long> sizes = ArraySizes.of(spec);
      int parts = rows.features() == 2 * code.size() ? 2 : 1;
      int group = sizes == null ? ofTable(rows, parts) : ofArray(rows, sizes, parts);
      Matrix values = DataSets.values(rows, 0, rows.rows());
      if (parts == 1) {
        return values;
      }
      report.remark(
          spec + ": has log variances beside the means (encode --logvar): the means are decoded");
      return means(values, group);
    }
  }

  /** The number of means before the first log variance. */
  private int ofTable(DataSet rows, int parts) {
    List<String> both = new ArrayList<>(OutputFile.numbered("mean", code.size()));
    both.addAll(OutputFile.numbered("logvar", code.size()));
    if (rows.features() != parts * code.size() || (parts == 2 && !both.equals(rows.columns()))) {
      throw wrong(rows.features() + " columns", "");
    }
    return code.size();
  }

  private int ofArray(DataSet rows, List<Long> sizes, int parts) {
    List<Long> row = larger(sizes.stream().skip(1));
    long channels = (long) parts * code.channels();
    if (rows.features() == parts * code.size()) {
      if (row.equals(larger(Stream.of((long) rows.features())))) {
        return code.size();
      } else if (row.equals(
          larger(Stream.of((long) code.height(), (long) code.width(), channels)))) {
        return code.channels();
      }
    }
    boolean first =
        row.equals(larger(Stream.of(channels, (long) code.height(), (long) code.width())));
    throw wrong(
        sizes.stream().map(String::valueOf).collect(Collectors.joining(", ", "the shape (", ")")),
        first ? ", whose channels come first: save numpy.moveaxis(codes, 1, -1)" : "");
  }

  /** Sizes of 1 say nothing of the order of values. */
  private static List<Long> larger(Stream<Long> sizes) {
    return sizes.filter(size -> size != 1).toList();
  }

  private IllegalArgumentException wrong(String given, String remedy) {
    String image =
        code.isFlat()
            ? ""
            : String.format(
                Locale.ROOT,
                ", or an array of (rows, %d, %d, %d): height, width and channels",
                code.height(),
                code.width(),
                code.channels());
    return new IllegalArgumentException(
        "--codes: expected rows of "
            + code.size()
            + " values, the model's latent dimensions"
            + image
            + "; "
            + spec
            + " has "
            + given
            + remedy);
  }

  private static Matrix means(Matrix both, int group) {
    Matrix means = Matrix.zeros(both.rows(), both.columns() / 2);
    for (int at = 0; at < means.values().length; at += group) {
      System.arraycopy(both.values(), 2 * at, means.values(), at, group);
    }
    return means;
  }
}
