// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.benchmarks;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableOptions;
import io.github.vae4j.schema.EncodedTable;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.RowEncoder.Absent;
import io.github.vae4j.table.TableModel;
import io.github.vae4j.table.TableTraining;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The product's default on every set: the rows are written as a CSV file, and a model of the table
 * is trained without any option, or with hidden cells. It sees training rows alone, no label.
 */
final class AnomalyRecipe implements AutoCloseable {
  private final Features features;
  private final Vae vae;

  private AnomalyRecipe(Features features, Vae vae) {
    this.features = features;
    this.vae = vae;
  }

  static AnomalyRecipe train(double[][] rows, BackendOptions backend, long seed, double hidden) {
    return withTable(
        rows,
        table -> {
          TableTraining settings =
              TableTraining.defaults().backend(backend).seed(seed).hidden(hidden);
          TableModel model = TableModel.train(table, settings);
          return new AnomalyRecipe(new Features(model.schema()), model.open(backend));
        });
  }

  Vae vae() {
    return vae;
  }

  /** Rows as the model takes them. */
  DataSet data(double[][] rows) {
    return withTable(
        rows,
        table ->
            EncodedTable.read(features, table, Absent.REFUSE, BadRows.fail(), share -> {}).set());
  }

  private interface Use<T> {
    T of(Table table);
  }

  private static <T> T withTable(double[][] rows, Use<T> use) {
    try {
      Path file = Files.createTempFile("vae4j", ".csv");
      try {
        Files.writeString(file, text(rows));
        try (Table table = Table.open(file.toString(), TableOptions.defaults())) {
          return use.of(table);
        }
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(double[][] rows) {
    String header =
        IntStream.range(0, rows[0].length).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
    return Arrays.stream(rows)
        .map(AnomalyRecipe::line)
        .collect(Collectors.joining("\n", header + "\n", "\n"));
  }

  /** The sets are read as float32, whose shortest texts are those of their sources. */
  private static String line(double[] row) {
    return Arrays.stream(row)
        .mapToObj(value -> Float.toString((float) value))
        .collect(Collectors.joining(","));
  }

  @Override
  public void close() {
    vae.close();
  }
}
