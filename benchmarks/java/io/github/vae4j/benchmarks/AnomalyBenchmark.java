// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.vae4j.anomaly.LabelledRows;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.benchmarks.AnomalyScores.Measure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Trains on each set of ADBench with one setting and prints AUROC in percent beside the published
 * figures of the same protocol, as Markdown: see benchmarks/anomaly.sh.
 */
public final class AnomalyBenchmark {
  /** Their published figures are of rows that were drawn twice, and do not compare. */
  private static final Set<String> RESAMPLED = Set.of("breastw", "ionosphere", "wdbc");

  private static final List<String> PUBLISHED = List.of("LOF", "KNN", "IForest", "PCA", "VAE");
  private static final double TOLERANCE = 1;

  private final Path folder;
  private final int seeds;
  private final boolean regret;
  private final double hidden;
  private final BackendOptions backend =
      new BackendOptions(BackendOptions.Kind.CPU, 1, Precision.FP32);

  private AnomalyBenchmark(Path folder, int seeds, boolean regret, double hidden) {
    this.folder = folder;
    this.seeds = seeds;
    this.regret = regret;
    this.hidden = hidden;
  }

  /** A set with its figures, each a mean over the seeds. */
  private record Line(
      String name,
      String size,
      Map<Measure, Double> figures,
      double lowest,
      double highest,
      JsonNode published) {
    double published(String method) {
      return published.get(method).asDouble();
    }

    boolean compares() {
      return !RESAMPLED.contains(name);
    }

    double best() {
      double best = 0;
      for (JsonNode figure : published) {
        best = Math.max(best, figure.asDouble());
      }
      return best;
    }
  }

  /**
   * Runs.
   *
   * @param args the folder of the sets, the number of seeds, 1 for the likelihood regret too, under
   *     the first protocol, and the part of the cells that is hidden in training
   * @throws IOException if the folder cannot be read
   */
  public static void main(String[] args) throws IOException {
    AnomalyBenchmark benchmark =
        new AnomalyBenchmark(
            Path.of(args[0]),
            Integer.parseInt(args[1]),
            args[2].equals("1"),
            Double.parseDouble(args[3]));
    benchmark.run("semi", "Semi-supervised: trained on the first half of the normal rows");
    benchmark.run("unsup", "Unsupervised: trained on a bootstrap of all rows");
  }

  private void run(String protocol, String title) throws IOException {
    JsonNode published =
        new ObjectMapper().readTree(folder.resolve("published.json").toFile()).get(protocol);
    List<Line> lines = new ArrayList<>();
    for (String name : names()) {
      lines.add(line(protocol, name, published.get(name)));
      System.err.printf(Locale.ROOT, "%s %s%n", protocol, name);
    }
    System.out.printf("## %s%n%n%s", title, header());
    lines.forEach(line -> System.out.print(row(line.name, line.size, cells(List.of(line), true))));
    Predicate<Line> all = line -> true;
    System.out.print(row("mean of the sets that compare", "", means(lines, Line::compares, true)));
    System.out.print(row("mean of all", "", means(lines, all, false)));
    System.out.println();
    printPublishedMeans(lines);
    for (Measure pca : List.of(Measure.PCA, Measure.PCA_ERROR)) {
      List<String> below =
          lines.stream()
              .filter(line -> figure(line, Measure.ELBO) < figure(line, pca) - TOLERANCE)
              .map(Line::name)
              .toList();
      System.out.printf(
          "Sets more than 1 point below %s: %d (%s).%n",
          pca.title, below.size(), String.join(", ", below));
    }
    System.out.println();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".npz"))
          .map(name -> name.substring(0, name.length() - ".npz".length()))
          .sorted()
          .toList();
    }
  }

  private Line line(String protocol, String name, JsonNode published) {
    LabelledRows rows = LabelledRows.open(folder.resolve(name + ".npz"));
    Map<Measure, Double> means = new EnumMap<>(Measure.class);
    Map<Measure, Integer> counts = new EnumMap<>(Measure.class);
    double lowest = Double.POSITIVE_INFINITY;
    double highest = 0;
    LabelledRows.Split split = rows.semiSupervised();
    for (int seed = 0; seed < seeds; seed++) {
      Map<Measure, Double> found = new EnumMap<>(Measure.class);
      boolean fixed = protocol.equals("semi");
      split = fixed ? split : rows.unsupervised(seed);
      found.putAll(AnomalyScores.model(split, backend, seed, hidden, regret && fixed));
      if (!fixed || seed == 0) {
        found.putAll(AnomalyScores.baselines(split));
      }
      lowest = Math.min(lowest, figure(found, Measure.ELBO));
      highest = Math.max(highest, figure(found, Measure.ELBO));
      found.forEach((measure, value) -> means.merge(measure, value, Double::sum));
      found.keySet().forEach(measure -> counts.merge(measure, 1, Integer::sum));
    }
    means.replaceAll((measure, sum) -> sum / counts.getOrDefault(measure, 1));
    String size = split.train().length + " x " + split.train()[0].length;
    return new Line(name, size, means, lowest, highest, published);
  }

  private static double figure(Line line, Measure measure) {
    return figure(line.figures, measure);
  }

  private static double figure(Map<Measure, Double> figures, Measure measure) {
    return figures.getOrDefault(measure, Double.NaN);
  }

  private static String header() {
    List<String> cells = new ArrayList<>(List.of("set", "trained on"));
    for (Measure measure : Measure.values()) {
      cells.add(measure.title);
      if (measure == Measure.ELBO) {
        cells.add("of the seeds");
      }
    }
    PUBLISHED.forEach(method -> cells.add(method + ", published"));
    cells.add("best published");
    String rule = "| --- ".repeat(cells.size()) + "|\n";
    return "| " + String.join(" | ", cells) + " |\n" + rule;
  }

  private static String row(String name, String size, List<String> cells) {
    return "| " + name + " | " + size + " | " + String.join(" | ", cells) + " |\n";
  }

  private static List<String> means(
      List<Line> lines, Predicate<Line> which, boolean withPublished) {
    return cells(lines.stream().filter(which).toList(), withPublished);
  }

  /** The figures of a set, or the means of several. */
  private static List<String> cells(List<Line> lines, boolean withPublished) {
    List<String> cells = new ArrayList<>();
    for (Measure measure : Measure.values()) {
      cells.add(text(mean(lines, line -> figure(line, measure))));
      if (measure == Measure.ELBO) {
        Line only = lines.get(0);
        cells.add(
            lines.size() > 1
                ? ""
                : String.format(Locale.ROOT, "%.1f-%.1f", only.lowest, only.highest));
      }
    }
    boolean shown = withPublished && lines.stream().allMatch(Line::compares);
    for (String method : PUBLISHED) {
      cells.add(shown ? text(mean(lines, line -> line.published(method))) : "");
    }
    // The method that is best on one set is another one than on the next.
    cells.add(shown && lines.size() == 1 ? text(lines.get(0).best()) : "");
    return cells;
  }

  private static String text(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.1f", value);
  }

  /** The means of the published methods over the sets that compare, the best five. */
  private static void printPublishedMeans(List<Line> lines) {
    List<Line> compared = lines.stream().filter(Line::compares).toList();
    List<Published> means = new ArrayList<>();
    for (Iterator<String> methods = compared.get(0).published.fieldNames(); methods.hasNext(); ) {
      String method = methods.next();
      means.add(new Published(method, mean(compared, line -> line.published(method))));
    }
    means.sort(Comparator.comparingDouble(Published::mean).reversed());
    System.out.printf(
        Locale.ROOT,
        "Mean of the sets that compare: ours %.2f; published, the best five of %d: %s.%n",
        mean(compared, line -> figure(line, Measure.ELBO)),
        means.size(),
        means.stream()
            .limit(5)
            .map(one -> String.format(Locale.ROOT, "%s %.2f", one.method, one.mean))
            .collect(Collectors.joining(", ")));
  }

  private record Published(String method, double mean) {}

  private static double mean(List<Line> lines, ToDoubleFunction<Line> figure) {
    return lines.stream().mapToDouble(figure).average().orElse(Double.NaN);
  }
}
