// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.benchmarks;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.RowBuffer;
import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableOptions;
import io.github.vae4j.data.TableRows;
import io.github.vae4j.schema.RowEncoder;
import io.github.vae4j.table.TableImputer;
import io.github.vae4j.table.TableModel;
import io.github.vae4j.table.TableTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Takes a fifth of the cells out of the second half of a table's rows, fills them by a model of the
 * first half, by the column's mean or most frequent text, and by the five nearest rows, and prints
 * the errors, of models their means over three seeds: of numbers the root of the mean square in
 * units of the column's standard deviation, of texts the share that is right. A column is one of
 * numbers if all of its texts are.
 */
public final class Imputation {
  private static final double TAKEN = 0.2;
  private static final int NEIGHBOURS = 5;
  private static final int SEEDS = 3;
  private static final double HIDDEN = 0.2;

  private final List<String> names;
  private final List<List<String>> train;
  private final List<List<String>> test;
  private final boolean[] numeric;
  private final double[] mean;
  private final double[] deviation;

  private Imputation(List<String> names, List<List<String>> rows) {
    this.names = names;
    List<List<String>> mixed = new ArrayList<>(rows);
    Collections.shuffle(mixed, new Random(1));
    train = mixed.subList(0, mixed.size() / 2);
    test = mixed.subList(mixed.size() / 2, mixed.size());
    int columns = names.size();
    numeric = new boolean[columns];
    mean = new double[columns];
    deviation = new double[columns];
    for (int c = 0; c < columns; c++) {
      int column = c;
      numeric[c] = train.stream().allMatch(row -> isNumber(row.get(column)));
      if (numeric[c]) {
        double[] values = train.stream().mapToDouble(row -> number(row.get(column))).toArray();
        mean[c] = Arrays.stream(values).average().orElse(0);
        double own = mean[c];
        deviation[c] =
            Math.sqrt(Arrays.stream(values).map(x -> (x - own) * (x - own)).average().orElse(0));
      }
    }
  }

  private static boolean isNumber(String text) {
    return text.matches("-?\\d+(\\.\\d+)?([eE]-?\\d+)?");
  }

  private static double number(String text) {
    return Double.parseDouble(text);
  }

  /**
   * Runs.
   *
   * @param args CSV files without missing cells
   * @throws IOException if a file cannot be read
   */
  public static void main(String[] args) throws IOException {
    System.out.println("| table | filled by | RMSE of numbers | texts that are right | rows/s |");
    System.out.println("| --- | --- | --- | --- | --- |");
    for (String file : args) {
      List<List<String>> lines =
          Files.readAllLines(Path.of(file)).stream().map(l -> List.of(l.split(",", -1))).toList();
      new Imputation(lines.get(0), lines.subList(1, lines.size())).run(Path.of(file));
    }
  }

  private void run(Path file) throws IOException {
    boolean[][] holes = new boolean[test.size()][names.size()];
    SplittableRandom random = new SplittableRandom(7);
    for (boolean[] row : holes) {
      for (int c = 0; c < row.length; c++) {
        row[c] = random.nextDouble() < TAKEN;
      }
    }
    for (double hidden : new double[] {0, HIDDEN}) {
      List<Errors> seeds = new ArrayList<>();
      for (long seed = 0; seed < SEEDS; seed++) {
        seeds.add(model(holes, hidden, seed));
      }
      print(file, "vae4j impute" + (hidden > 0 ? ", --hide-cells " + hidden : ""), seeds);
    }
    print(file, "mean, most frequent", List.of(errors(holes, column(), Double.NaN)));
    print(file, NEIGHBOURS + " neighbours", List.of(errors(holes, neighbours(holes), Double.NaN)));
  }

  private Errors model(boolean[][] holes, double hidden, long seed) throws IOException {
    Path folder = Files.createTempDirectory("vae4j");
    Path known = folder.resolve("train.csv");
    Path open = folder.resolve("holes.csv");
    Files.write(known, text(train, null));
    Files.write(open, text(test, holes));
    BackendOptions cpu = new BackendOptions(BackendOptions.Kind.CPU, 1, Precision.FP32);
    List<List<String>> filled = new ArrayList<>();
    try (Table table = Table.open(known.toString(), TableOptions.defaults())) {
      TableTraining settings = TableTraining.defaults().backend(cpu).seed(seed).hidden(hidden);
      TableModel model = TableModel.train(table, settings);
      try (Vae vae = model.open(cpu);
          Table rows = Table.open(open.toString(), TableOptions.defaults());
          TableImputer imputer = new TableImputer(vae, rows, TableImputer.SAMPLES, 0);
          TableRows pass = rows.rows()) {
        long start = System.nanoTime();
        RowEncoder encoder = new RowEncoder(imputer.features(), rows, RowEncoder.Absent.REFUSE);
        while (pass.next()) {
          RowBuffer.Note note = Objects.requireNonNull(encoder.encode(pass, BadRows.fail()));
          filled.add(imputer.fill(encoder, note, pass, 0).get(0));
        }
        return errors(holes, filled, (System.nanoTime() - start) / 1e9);
      }
    } finally {
      Files.delete(known);
      Files.delete(open);
      Files.delete(folder);
    }
  }

  private List<String> text(List<List<String>> rows, boolean @Nullable [][] holes) {
    List<String> lines = new ArrayList<>(List.of(String.join(",", names)));
    for (int r = 0; r < rows.size(); r++) {
      List<String> cells = new ArrayList<>(rows.get(r));
      for (int c = 0; holes != null && c < cells.size(); c++) {
        cells.set(c, holes[r][c] ? "" : cells.get(c));
      }
      lines.add(String.join(",", cells));
    }
    return lines;
  }

  private List<List<String>> column() {
    List<String> fill = new ArrayList<>();
    for (int c = 0; c < names.size(); c++) {
      fill.add(numeric[c] ? Double.toString(mean[c]) : mostFrequent(train, c));
    }
    return test.stream().map(row -> fill).toList();
  }

  private static String mostFrequent(List<List<String>> rows, int column) {
    Map<String, Integer> counts = new HashMap<>();
    rows.forEach(row -> counts.merge(row.get(column), 1, Integer::sum));
    return counts.entrySet().stream()
        .max(
            Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .orElseThrow()
        .getKey();
  }

  private List<List<String>> neighbours(boolean[][] holes) {
    List<List<String>> filled = new ArrayList<>();
    for (int r = 0; r < test.size(); r++) {
      int row = r;
      double[] distances =
          train.stream().mapToDouble(t -> distance(test.get(row), t, holes[row])).toArray();
      List<List<String>> nearest =
          IntStream.range(0, distances.length)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> distances[i]))
              .limit(NEIGHBOURS)
              .map(train::get)
              .toList();
      List<String> fill = new ArrayList<>();
      for (int c = 0; c < names.size(); c++) {
        int column = c;
        fill.add(
            numeric[c]
                ? Double.toString(
                    nearest.stream().mapToDouble(t -> number(t.get(column))).average().orElse(0))
                : mostFrequent(nearest, c));
      }
      filled.add(fill);
    }
    return filled;
  }

  private double distance(List<String> row, List<String> other, boolean[] holes) {
    double sum = 0;
    for (int c = 0; c < names.size(); c++) {
      if (holes[c]) {
        continue;
      }
      if (numeric[c] && deviation[c] > 0) {
        double part = (number(row.get(c)) - number(other.get(c))) / deviation[c];
        sum += part * part;
      } else if (!numeric[c] && !row.get(c).equals(other.get(c))) {
        sum += 2;
      }
    }
    return sum;
  }

  /** The root of the mean square of the errors of numbers, the share of right texts, and speed. */
  private record Errors(double numbers, double texts, double rowsPerSecond) {}

  private Errors errors(boolean[][] holes, List<List<String>> filled, double seconds) {
    double squares = 0;
    long numbers = 0;
    long right = 0;
    long texts = 0;
    for (int r = 0; r < test.size(); r++) {
      for (int c = 0; c < names.size(); c++) {
        String found = filled.get(r).get(c);
        if (!holes[r][c] || found.isEmpty()) {
          continue;
        }
        if (numeric[c] && deviation[c] > 0) {
          double part = (number(found) - number(test.get(r).get(c))) / deviation[c];
          squares += part * part;
          numbers++;
        } else if (!numeric[c]) {
          right += found.equals(test.get(r).get(c)) ? 1 : 0;
          texts++;
        }
      }
    }
    return new Errors(Math.sqrt(squares / numbers), right / (double) texts, test.size() / seconds);
  }

  private static void print(Path file, String method, List<Errors> seeds) {
    double numbers = seeds.stream().mapToDouble(Errors::numbers).average().orElse(Double.NaN);
    double texts = seeds.stream().mapToDouble(Errors::texts).average().orElse(Double.NaN);
    double speed = seeds.stream().mapToDouble(Errors::rowsPerSecond).average().orElse(Double.NaN);
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %.3f | %s | %s |%n",
        file.getFileName(),
        method,
        numbers,
        Double.isNaN(texts) ? "" : String.format(Locale.ROOT, "%.3f", texts),
        Double.isNaN(speed) ? "" : String.format(Locale.ROOT, "%.0f", speed));
  }
}
