package io.github.vae4j.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.github.vae4j.Vae;
import io.github.vae4j.checkpoint.AtomicFiles;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.evaluate.RowScores;
import io.github.vae4j.tensor.Arena;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vae4j score}. */
@Command(
    name = "score",
    description =
        "Scores each row by its ELBO, in nats: rows unlike the training data have low ones.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./vae4j score --model runs/claims --data new.csv --out scores.csv",
      "  ./vae4j score --model runs/mnist --samples 10 --lowest 20"
    })
final class ScoreCommand implements Runnable {
  private static final List<Double> QUANTILES = List.of(0.0, 0.01, 0.1, 0.5, 0.9, 1.0);

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelSource source = new ModelSource();
  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "FILE.csv: row, label, elbo, reconstruction, kl (default: the summary only).")
  private @Nullable OutputFile file;

  @Option(
      names = "--samples",
      paramLabel = "L",
      description = "Monte-Carlo samples per row (default ${DEFAULT-VALUE}).")
  private int samples = 1;

  @Option(
      names = "--lowest",
      paramLabel = "N",
      description = "Rows of lowest ELBO to print (default ${DEFAULT-VALUE}).")
  private int lowest = 5;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of the noise (default ${DEFAULT-VALUE}).")
  private long seed;

  @Override
  public void run() {
    if (file != null && file.kind() != OutputFile.Kind.CSV) {
      throw new IllegalArgumentException(
          "--out: expected a name that ends in .csv, given " + file.path());
    }
    if (lowest < 0) {
      throw new IllegalArgumentException("--lowest: expected 0 or more, given " + lowest);
    }
    try (Arena arena = new Arena()) {
      DataSet rows = data.open(source.run(), arena);
      Vae vae = arena.own(source.open());
      RowScores scores = vae.score(rows, samples, seed);
      if (file != null) {
        file.createFolder();
        AtomicFiles.write(file.path(), out -> writeCsv(out, rows, scores));
      }
      summarise(common.report(), rows, scores);
    }
  }

  private static void writeCsv(OutputStream out, DataSet rows, RowScores scores)
      throws IOException {
    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    CsvWriter csv = CsvWriter.builder().build(writer);
    csv.writeRecord("row", "label", "elbo", "reconstruction", "kl");
    for (int row = 0; row < scores.elbo().length; row++) {
      csv.writeRecord(
          Integer.toString(row),
          rows.label(row) < 0 ? "" : Integer.toString(rows.label(row)),
          Double.toString(scores.elbo()[row]),
          Double.toString(scores.reconstruction()[row]),
          Double.toString(scores.kl()[row]));
    }
    csv.flush();
    writer.flush();
  }

  private void summarise(Report report, DataSet rows, RowScores scores) {
    double[] sorted = scores.elbo().clone();
    Arrays.sort(sorted);
    double mean = Arrays.stream(sorted).average().orElse(Double.NaN);
    report.line("data      " + rows.name() + ", " + Numbers.plural(sorted.length, "row"));
    report.line("mean ELBO " + Numbers.fixed(mean, 3) + " nats");
    JsonLine quantiles = new JsonLine();
    for (double part : QUANTILES) {
      double value = sorted[(int) Math.round(part * (sorted.length - 1))];
      String name = Math.round(100 * part) + "%";
      report.line("%9s %s".formatted(name, Numbers.fixed(value, 3)));
      quantiles.put(name, value);
    }
    List<Integer> first =
        IntStream.range(0, sorted.length)
            .boxed()
            .sorted(Comparator.comparingDouble(row -> scores.elbo()[row]))
            .limit(lowest)
            .toList();
    if (!first.isEmpty()) {
      report.line("lowest    row: ELBO = reconstruction - KL");
    }
    first.forEach(row -> report.line(line(rows, scores, row)));
    JsonLine json =
        new JsonLine()
            .put("data", rows.name())
            .put("rows", sorted.length)
            .put("samples", samples)
            .put("elbo", mean)
            .put("quantiles", quantiles)
            .putAll("lowest", first.stream().map(row -> json(rows, scores, row)).toList());
    if (file != null) {
      report.line("wrote " + file.path());
      json.put("out", file.path().toString());
    }
    report.object(json);
  }

  private static String line(DataSet rows, RowScores scores, int row) {
    String label = rows.label(row) < 0 ? "" : "  (label " + rows.label(row) + ")";
    return "%9d %s = %s - %s%s"
        .formatted(
            row,
            Numbers.fixed(scores.elbo()[row], 3),
            Numbers.fixed(scores.reconstruction()[row], 3),
            Numbers.fixed(scores.kl()[row], 3),
            label);
  }

  private static JsonLine json(DataSet rows, RowScores scores, int row) {
    JsonLine json = new JsonLine().put("row", row);
    if (rows.label(row) >= 0) {
      json.put("label", rows.label(row));
    }
    return json.put("elbo", scores.elbo()[row])
        .put("reconstruction", scores.reconstruction()[row])
        .put("kl", scores.kl()[row]);
  }
}
