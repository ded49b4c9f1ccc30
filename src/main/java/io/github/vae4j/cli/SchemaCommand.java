// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.checkpoint.SchemaJson;
import io.github.vae4j.cli.options.CommonOptions;
import io.github.vae4j.cli.options.Inputs;
import io.github.vae4j.cli.options.SchemaOptions;
import io.github.vae4j.cli.run.JsonLine;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.cli.run.SchemaText;
import io.github.vae4j.files.AtomicFiles;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Schema;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vae4j schema}. */
@Command(
    name = "schema",
    description =
        "Shows the kinds of a table's columns, as train finds them, and writes them for editing.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./vae4j schema --data claims.csv",
      "  ./vae4j schema --data claims.csv --column zip=categorical --out schema.json"
    })
final class SchemaCommand implements Runnable {
  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "The table: FILE.csv, FILE.tsv, FILE.csv.gz, ...")
  private String data = "";

  @Option(names = "--out", paramLabel = "FILE", description = "Write the schema to FILE.json.")
  private @Nullable Path out;

  @Mixin private SchemaOptions options = new SchemaOptions();

  @Override
  public void run() {
    if (!options.applies(data, /* numbers= */ false)) {
      throw common.usage("--data: expected a table such as FILE.csv, given \"" + data + "\"");
    }
    if (out != null) {
      new Inputs().data("--data", data).refuse("--out", out);
    }
    Report report = common.report();
    Schema schema = options.of(data, Map.of(), report);
    SchemaText.lines(schema).forEach(report::line);
    int features = new Features(schema).width();
    report.line(
        schema.modelled().size()
            + " of "
            + schema.columns().size()
            + " columns make "
            + features
            + " features");
    JsonLine json =
        new JsonLine()
            .put("data", data)
            .putAll("columns", SchemaText.json(schema))
            .put("features", features);
    if (out != null) {
      AtomicFiles.createFolderOf(out);
      SchemaJson.write(out, schema);
      report.line("wrote " + out);
      json.put("out", out.toString());
    }
    report.object(json);
  }
}
