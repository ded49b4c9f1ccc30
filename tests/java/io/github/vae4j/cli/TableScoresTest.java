// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static io.github.vae4j.cli.Claims.REFERENCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores, filled cells and synthetic rows of tables. */
final class TableScoresTest {
  @TempDir Path folder = Path.of("");
  private Path data = folder;
  private Path run = folder;

  @BeforeEach
  void write() throws IOException {
    run = folder.resolve("run");
    data = Claims.write(folder);
  }

  private Cli train(String... more) {
    return Claims.train(data, run, 2, more);
  }

  @Test
  void scoresAreWrittenWithReasons() throws IOException {
    train("--label-column=fraud");
    assertTrue(Files.exists(run.resolve("calibration.json")));
    Path out = folder.resolve("scored.csv");
    List<String> score =
        List.of("score", "--model=" + run, "--data=" + data, "--out=" + out, REFERENCE);
    Cli scored = Cli.ok(Cli.with(score, "--explain=2", "--lowest=1"));
    List<String> lines = Files.readAllLines(out);
    assertEquals(
        "tx_id,fraud,anomaly_score,score_error,p_value,is_outlier,reason1,reason1_value,"
            + "reason1_expected,reason1_low,reason1_high,reason1_nats,reason1_excess,reason2,"
            + "reason2_value,reason2_expected,reason2_low,reason2_high,reason2_nats,reason2_excess",
        lines.get(0));
    assertEquals(121, lines.size());
    assertTrue(lines.get(1).startsWith("T0000,1,"), lines.get(1));
    assertEquals("0", lines.get(1).split(",", -1)[5]);
    assertTrue(scored.err().contains("24 rows were held out, so that no p-value is below 0.04"));
    assertTrue(scored.out().contains("outliers  0 rows with a p-value of at most 0.01"));
    Cli.ok(Cli.with(score, "--explain=1000000"));
    String header = Files.readAllLines(out).get(0);
    assertTrue(header.contains(",reason4_excess"), header);
    assertFalse(header.contains("reason5"), header);
    Cli.ok(Cli.with(score, "--contamination=0.1"));
    assertEquals(
        12, Files.readAllLines(out).stream().skip(1).filter(line -> line.endsWith(",1")).count());
    JsonNode json = Cli.object(Cli.ok(Cli.with(score, "--alpha=0.5", "--json")).out());
    assertTrue(json.get("outliers").intValue() > 12, json.toString());
    assertEquals(64, json.get("samples").intValue());
    Cli other = Cli.ok(Cli.with(score, "--samples=3"));
    assertTrue(other.err().contains("no p-values: they need --samples 64 --seed 0"), other.err());
    assertTrue(Files.readAllLines(out).get(1).endsWith(",,"));
    Files.delete(run.resolve("calibration.json"));
    Cli without = Cli.ok(Cli.with(score));
    assertTrue(without.err().contains("the model has no calibration.json"), without.err());
  }

  @Test
  void pValuesOfRowsWithoutAColumnAreRemarked() throws IOException {
    train("--label-column=fraud");
    Path few = folder.resolve("few.csv");
    Files.writeString(few, "amount,currency\n20.5,EUR\n2000,USD\n");
    List<String> score = List.of("score", "--model=" + run, REFERENCE);
    String remark =
        "p-values compare with complete rows, and this table has no column \"time\", \"age\": they are"
            + " mostly too high; ";
    List<String> missing = List.of("--data=" + few, "--missing");
    Cli found = Cli.ok(Cli.with(score, missing.get(0), missing.get(1)));
    assertTrue(
        found.err().contains(remark + "compare scores with each other, or use --contamination"),
        found.err());
    Cli share = Cli.ok(Cli.with(score, missing.get(0), missing.get(1), "--contamination=0.5"));
    assertTrue(share.err().contains("compare scores with each other\n"), share.err());
    Cli none = Cli.ok(Cli.with(score, missing.get(0), missing.get(1), "--samples=3"));
    assertFalse(none.err().contains("p-values compare"), none.err());
    assertFalse(Cli.ok(Cli.with(score, "--data=" + data)).err().contains("p-values compare"));
    Cli whole = Cli.ok("evaluate", "--model=" + run, missing.get(0), missing.get(1), REFERENCE);
    assertTrue(whole.err().contains(remark), whole.err());
    assertTrue(whole.out().contains("p-values  "), whole.out());
    Cli drift = Cli.ok("drift", "--model=" + run, missing.get(0), missing.get(1), REFERENCE);
    assertTrue(
        drift.err().contains("the score is compared with that of complete rows"), drift.err());
    Cli without =
        Cli.ok("drift", "--model=" + run, missing.get(0), missing.get(1), "--no-score", REFERENCE);
    assertFalse(without.err().contains("the score is compared"), without.err());
  }

  @Test
  void reasonsArePrintedAsExplainSays() {
    train("--label-column=fraud");
    List<String> score =
        List.of("score", "--model=" + run, "--data=" + data, "--lowest=1", REFERENCE);
    assertEquals(3, reasons(Cli.ok(Cli.with(score))));
    assertEquals(2, reasons(Cli.ok(Cli.with(score, "--explain=2"))));
    Cli none = Cli.ok(Cli.with(score, "--explain=0"));
    assertEquals(0, reasons(none));
    assertTrue(none.out().contains("highest   score, p-value, row\n"), none.out());
  }

  private static long reasons(Cli scored) {
    return scored.out().lines().filter(line -> line.contains(" nats above its mean")).count();
  }

  @Test
  void optionsOfScoresAreChecked() throws IOException {
    train();
    List<String> score = List.of("score", "--model=" + run, "--data=" + data, REFERENCE);
    Cli.fails(
        2,
        List.of("--alpha: expected a number between 0 and 1, given 2"),
        Cli.with(score, "--alpha=2"));
    Cli.fails(
        2,
        List.of("--contamination: expected a number between 0 and 1"),
        Cli.with(score, "--contamination=0"));
    Cli.fails(
        2,
        List.of("--alpha and --contamination"),
        Cli.with(score, "--alpha=0.1", "--contamination=0.1"));
    Cli.fails(
        2, List.of("--explain: expected 0 or more, given -1"), Cli.with(score, "--explain=-1"));
    Cli.fails(2, List.of("--samples: expected 1 or more, given 0"), Cli.with(score, "--samples=0"));
    Cli.fails(
        2,
        List.of("--explain, --alpha and --contamination are for a model of tables"),
        Cli.with(score, "--explain=1", "--regret"));
    Cli.ok(Cli.with(score, "--regret", "--inference-steps=2"));
  }

  @Test
  void hiddenCellsAreKeptWithTheRun() throws IOException {
    Cli.fails(
        2,
        List.of("--hide-cells: expected 0 or more and less than 1, given 1.0"),
        "train",
        "--data=" + data,
        "--out=" + run,
        "--hide-cells=1");
    Cli.fails(
        2,
        List.of("--hide-cells is for a table with a schema"),
        "train",
        "--data=" + data,
        "--out=" + run,
        "--schema=none",
        "--hide-cells=0.2");
    train("--hide-cells=0.25");
    assertTrue(Files.readString(run.resolve("vae.json")).contains("\"hidden\": 0.25"));
    Cli trained = Cli.ok("train", "--out=" + run, "--resume", "--epochs=3", REFERENCE);
    assertTrue(trained.out().contains("25.0 % of their cells hidden"), trained.out());
    Cli.fails(
        2,
        List.of("hidden is 0.25, given 0.5"),
        "train",
        "--out=" + run,
        "--resume",
        "--epochs=4",
        "--hide-cells=0.5",
        REFERENCE);
  }

  @Test
  void missingCellsAreFilledAndOthersStay() throws IOException {
    train("--label-column=fraud");
    Path holes = folder.resolve("holes.csv");
    Files.writeString(
        holes,
        """
        extra,time,amount,currency,age
        "a,b",2026-03-02 10:15:00,20.50,?,NA
        x,,,EUR,40
        y,2026-03-02 10:15:00,7,USD,0041
        """);
    Path out = folder.resolve("filled.csv");
    List<String> impute =
        List.of("impute", "--model=" + run, "--data=" + holes, "--out=" + out, REFERENCE);
    assertTrue(Cli.ok(Cli.with(impute)).out().startsWith("filled 4 cells, wrote 3 rows"));
    List<String> lines = Files.readAllLines(out);
    assertEquals("extra,time,amount,currency,age", lines.get(0));
    assertTrue(
        lines.get(1).matches("\"a,b\",2026-03-02 10:15:00,20.50,(EUR|USD),\\d\\d"), lines.get(1));
    assertTrue(
        lines.get(2).matches("x,2026-03-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d+\\.\\d\\d,EUR,40"),
        lines.get(2));
    assertEquals("y,2026-03-02 10:15:00,7,USD,0041", lines.get(3));
    Cli.ok(Cli.with(impute, "--draws=3"));
    List<String> drawn = Files.readAllLines(out);
    assertEquals("draw,extra,time,amount,currency,age", drawn.get(0));
    assertEquals(10, drawn.size());
    assertTrue(drawn.get(4).startsWith("1,x,"), drawn.get(4));
    assertFalse(drawn.get(4).substring(2).equals(drawn.get(5).substring(2)), drawn.get(4));
    Cli.ok(Cli.with(impute, "--draws=3"));
    assertEquals(drawn, Files.readAllLines(out));
    Cli.fails(2, List.of("--draws: expected 0 or more"), Cli.with(impute, "--draws=-1"));
    Cli.fails(
        2,
        List.of("--out", holes.toString()),
        "impute",
        "--model=" + run,
        "--data=" + holes,
        "--out=" + holes,
        REFERENCE);
  }

  @Test
  void syntheticRowsAreOfTheSchema() throws IOException {
    train("--label-column=fraud");
    Path out = folder.resolve("synthetic.csv");
    List<String> sample =
        List.of("sample", "--model=" + run, "-n", "50", "--out=" + out, REFERENCE);
    Cli.ok(Cli.with(sample));
    List<String> lines = Files.readAllLines(out);
    assertEquals("time,amount,currency,age", lines.get(0));
    assertEquals(51, lines.size());
    for (String line : lines.subList(1, 51)) {
      assertTrue(
          line.matches("2026-03-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d+\\.\\d\\d,(EUR|USD),[2-6]\\d"),
          line);
    }
    assertTrue(lines.stream().distinct().count() > 45);
    Cli.ok(Cli.with(sample, "--unbounded"));
    Path again = folder.resolve("again");
    Files.move(out, folder.resolve("first.csv"));
    data = folder.resolve("first.csv");
    run = again;
    train();
  }

  @Test
  void tablesAreWrittenAndReadAsParquet() throws IOException {
    train("--label-column=fraud");
    Path scored = folder.resolve("scored.parquet");
    Cli.ok("score", "--model=" + run, "--data=" + data, "--out=" + scored, REFERENCE);
    JsonNode schema = Cli.object(Cli.ok("schema", "--data=" + scored, "--json").out());
    assertEquals("anomaly_score", schema.get("columns").get(2).get("column").textValue());
    assertEquals("numeric", schema.get("columns").get(2).get("kind").textValue());
    Path rows = folder.resolve("rows.parquet");
    Cli.ok("impute", "--model=" + run, "--data=" + data, "--out=" + rows, REFERENCE);
    Path again = folder.resolve("again.csv");
    Cli.ok("score", "--model=" + run, "--data=" + rows, "--out=" + again, REFERENCE);
    assertEquals(121, Files.readAllLines(again).size());
    Cli.fails(
        2,
        List.of("--out: expected a name that ends in .csv or .parquet"),
        "score",
        "--model=" + run,
        "--data=" + data,
        "--out=" + folder.resolve("s.npy"),
        REFERENCE);
    try (Stream<Path> files = Files.list(folder)) {
      assertTrue(files.noneMatch(file -> file.toString().endsWith(".tmp")));
    }
  }

  @Test
  void pValuesOfOtherRowsAreChecked() throws IOException {
    train("--label-column=fraud");
    Cli own = Cli.ok("evaluate", "--model=" + run, REFERENCE);
    assertFalse(own.out().contains("p-values"), own.out());
    Cli other = Cli.ok("evaluate", "--model=" + run, "--data=" + data, REFERENCE);
    assertTrue(other.out().contains("at most 0.05"), other.out());
    assertTrue(other.out().contains("AUROC  "), other.out());
    JsonNode json =
        Cli.object(
            Cli.ok("evaluate", "--model=" + run, "--data=" + data, "--json", REFERENCE).out());
    assertEquals(120, json.get("p_values").get("rows").intValue());
    double share = json.get("p_values").get("at_ten_percent").doubleValue();
    assertTrue(share >= 0 && share < 0.4, json.toString());
  }
}
