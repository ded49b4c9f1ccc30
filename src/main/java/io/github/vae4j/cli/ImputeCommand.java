// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.github.vae4j.Vae;
import io.github.vae4j.cli.options.CommonOptions;
import io.github.vae4j.cli.options.DataOptions;
import io.github.vae4j.cli.options.ModelSource;
import io.github.vae4j.cli.options.OutputFile;
import io.github.vae4j.cli.options.OutputNames;
import io.github.vae4j.cli.run.JsonLine;
import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.cli.run.TableReading;
import io.github.vae4j.data.RowBuffer;
import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableRows;
import io.github.vae4j.schema.RowEncoder;
import io.github.vae4j.table.TableImputer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vae4j impute}. */
@Command(
    name = "impute",
    description =
        "Fills the missing cells of a table: the expected value, or draws. Other cells stay as they"
            + " are.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./vae4j impute --model runs/claims --data holes.csv --out filled.csv",
      "  ./vae4j impute --model runs/claims --data holes.csv --draws 5 --out five.csv"
    })
final class ImputeCommand implements Runnable {
  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelSource source = new ModelSource();
  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      converter = OutputNames.OfTable.class,
      description = "FILE.csv or FILE.parquet.")
  private @Nullable OutputFile file;

  @Option(
      names = "--draws",
      paramLabel = "M",
      description =
          "Write each row M times, with missing cells drawn together from their distribution given"
              + " the others; a first column numbers the draws (default: the expected values, once).")
  private int draws;

  @Option(
      names = "--samples",
      paramLabel = "L",
      description = "Weighted samples of a row's posterior (default ${DEFAULT-VALUE}).")
  private int samples = TableImputer.SAMPLES;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of the samples and draws (default ${DEFAULT-VALUE}).")
  private long seed;

  private long filled;
  private long written;

  @Override
  public void run() {
    OutputFile out = Objects.requireNonNull(file);
    out.requireTable();
    if (draws < 0) {
      throw new IllegalArgumentException("--draws: expected 0 or more, given " + draws);
    }
    if (samples < 1) {
      throw new IllegalArgumentException("--samples: expected 1 or more, given " + samples);
    }
    data.checkLimit();
    data.inputs(source).refuse("--out", out.path());
    Report report = common.report();
    try (Vae vae = source.open()) {
      if (vae.spec().schema() == null) {
        throw new IllegalArgumentException(
            "--model: expected a model of tables, which train makes of a raw CSV file");
      }
      DataOptions.TableChoice choice = data.table(source, vae.spec());
      TableReading reading = choice.reading();
      TableReading.requireTable(choice.spec());
      try (Table table = Table.open(choice.spec(), reading.schema().reading().options());
          TableImputer imputer = new TableImputer(vae, table, samples, seed)) {
        table.remarks().forEach(report::remark);
        RowEncoder encoder = new RowEncoder(imputer.features(), table, reading.absent());
        encoder.remarks().forEach(report::remark);
        out.writeText(to -> write(to, table, imputer, encoder, reading));
        reading.finish(encoder, table.name()).forEach(report::remark);
      }
    }
    report.line(
        "filled "
            + Numbers.count(filled)
            + " cells, wrote "
            + Numbers.count(written)
            + " rows to "
            + out.path());
    report.object(
        new JsonLine()
            .put("out", out.path().toString())
            .put("rows", written)
            .put("filled", filled));
  }

  private void write(
      OutputStream out, Table table, TableImputer imputer, RowEncoder encoder, TableReading reading)
      throws IOException {
    Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    CsvWriter csv = CsvWriter.builder().build(text);
    try (TableRows rows = table.rows(reading.badRows())) {
      csv.writeRecord(line(nameOfDraws(table.columns()), table.columns()));
      while (rows.next()) {
        RowBuffer.Note note = encoder.encode(rows, reading.badRows());
        if (note == null) {
          continue;
        }
        List<List<String>> found = imputer.fill(encoder, note, rows, draws);
        for (int i = 0; i < found.size(); i++) {
          csv.writeRecord(line(Integer.toString(i + 1), found.get(i)));
          written++;
        }
        filled += changed(rows, found.get(0));
      }
      csv.flush();
    } catch (UncheckedIOException e) {
      throw Objects.requireNonNull(e.getCause());
    }
    text.flush();
  }

  private static String nameOfDraws(List<String> columns) {
    String name = "draw";
    while (columns.contains(name)) {
      name += "_";
    }
    return name;
  }

  private static long changed(TableRows row, List<String> texts) {
    long changed = 0;
    for (int i = 0; i < texts.size(); i++) {
      String before = row.get(i);
      changed += texts.get(i).equals(before == null ? "" : before) ? 0 : 1;
    }
    return changed;
  }

  /** A line of the file; the number of its draw comes first if there are draws. */
  private List<String> line(String draw, List<String> texts) {
    if (draws == 0) {
      return texts;
    }
    List<String> line = new ArrayList<>();
    line.add(draw);
    line.addAll(texts);
    return line;
  }
}
