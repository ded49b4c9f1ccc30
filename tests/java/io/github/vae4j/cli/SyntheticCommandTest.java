// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static io.github.vae4j.cli.Claims.HEADER;
import static io.github.vae4j.cli.Claims.REFERENCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The option --synthetic of evaluate: the rows that are compared, and its output. */
final class SyntheticCommandTest {
  @TempDir Path folder = Path.of("");
  private Path data = folder;
  private Path run = folder;
  private Path synthetic = folder;

  @BeforeEach
  void train() throws IOException {
    data = Claims.write(folder);
    run = folder.resolve("run");
    synthetic = folder.resolve("synthetic.csv");
    Claims.train(data, run, 2, "--label-column=fraud");
    Cli.ok("sample", "--model=" + run, "-n=150", "--out=" + synthetic, REFERENCE);
  }

  private List<String> evaluate(Path rows, String... more) {
    return List.of(
        Cli.with(List.of("evaluate", "--model=" + run, "--synthetic=" + rows, REFERENCE), more));
  }

  private Path table(String name, List<String> rows) throws IOException {
    return Files.writeString(folder.resolve(name), HEADER + String.join("", rows));
  }

  private static JsonNode json(List<String> arguments) {
    return Cli.object(Cli.ok(Cli.with(arguments, "--json")).out()).get("synthetic");
  }

  @Test
  void theRunsOwnRowsAreCompared() throws IOException {
    Cli found = Cli.ok(evaluate(synthetic));
    String place = synthetic + ", 150 rows, beside 24 held-out rows and 96 training rows\n";
    assertTrue(found.out().contains("\nsynthetic        " + place), found.out());
    assertTrue(
        found.out().matches("(?s).*\namount +numeric +KS +0\\.\\d{3} +0\\.\\d{3}\n.*"),
        found.out());
    assertTrue(found.out().matches("(?s).*\nage .* \\d+\\.\\d % -> 0\\.0 %\n.*"), found.out());
    assertTrue(
        found
            .out()
            .contains("copies           0.00 % of the rows equal a training row (of held-out"),
        found.out());
    assertTrue(found.out().contains(" held-out rows, 24 of each; 0.5: it cannot"), found.out());
    JsonNode own = json(evaluate(synthetic));
    assertTrue(own.get("held_out").booleanValue());
    assertEquals(150, own.get("rows").get("all").intValue());
    assertEquals(96, own.get("training_rows").get("compared").intValue());
    assertEquals(4, own.get("columns").size());
    assertEquals("KS", own.get("columns").get(0).get("measure").textValue());
    assertEquals(6, own.get("associations").get("possible").intValue());
    assertTrue(own.get("classifier").get("standard_error").doubleValue() > 0.02);
    // The training file, and a copy of it under another name, are recognised and split.
    assertEquals(own, json(evaluate(synthetic, "--data=" + data)));
    Path copy = Files.copy(data, folder.resolve("copy.csv"));
    assertEquals(own, json(evaluate(synthetic, "--data=" + copy)));
    Cli.fails(
        2,
        List.of("--train-data: not with this --data, whose rows are the training data of the run"),
        Cli.with(evaluate(synthetic), "--data=" + copy, "--train-data=" + data));
  }

  @Test
  void otherRowsAreHeldOut() throws IOException {
    List<String> all = Claims.rows(300);
    Path heldOut = table("later.csv", all.subList(200, 300));
    Cli without = Cli.ok(evaluate(synthetic, "--data=" + heldOut));
    assertTrue(
        without.err().contains("later.csv: taken as rows that were held out of training; no share"),
        without.err());
    assertTrue(without.err().contains("--train-data FILE names the training rows"), without.err());
    assertFalse(without.out().contains("copies"), without.out());
    assertFalse(json(evaluate(synthetic, "--data=" + heldOut)).has("copies"));
    // Of the run's training file only the rows that were trained on count.
    List<String> both = evaluate(data, "--data=" + heldOut, "--train-data=" + data);
    JsonNode named = json(both);
    assertEquals(96, named.get("training_rows").get("all").intValue());
    assertEquals(0.8, named.get("copies").get("share").doubleValue(), 1e-12);
    assertEquals(0, named.get("copies").get("of_held_out").doubleValue());
    Path other = table("other.csv", all.subList(0, 50));
    JsonNode foreign = json(evaluate(other, "--data=" + heldOut, "--train-data=" + other));
    assertEquals(1, foreign.get("copies").get("share").doubleValue());
    assertEquals(0, foreign.get("copies").get("distance").doubleValue());
    Files.writeString(data, HEADER + String.join("", all.subList(0, 110)));
    Cli changed = Cli.ok(evaluate(synthetic, "--data=" + data));
    assertTrue(
        changed.err().contains("the model was trained on this file, whose rows have changed"),
        changed.err());
  }

  @Test
  void aRunWithTestData() throws IOException {
    run = folder.resolve("tested");
    Path test = table("test.csv", Claims.rows(180).subList(120, 180));
    Claims.train(data, run, 1, "--label-column=fraud", "--test-data=" + test);
    JsonNode tested = json(evaluate(synthetic));
    assertTrue(tested.get("held_out").booleanValue());
    assertEquals(60, tested.get("real_rows").get("all").intValue());
    assertEquals(120, tested.get("training_rows").get("all").intValue());
    Cli found = Cli.ok(evaluate(synthetic, "--data=" + data));
    assertTrue(
        found.err().contains("claims.csv: the model was trained on all of its rows, and no others"),
        found.err());
    assertTrue(found.out().contains("150 rows, beside 120 training rows\n"), found.out());
    assertTrue(found.out().contains("synthetic and training rows, 120 of each"), found.out());
    JsonNode trained = json(evaluate(synthetic, "--data=" + data));
    assertFalse(trained.get("held_out").booleanValue());
    assertTrue(trained.get("copies").get("of_held_out").isNull());
  }

  @Test
  void filesThatDoNotFit() throws IOException {
    List<String> lines = Files.readAllLines(synthetic);
    Path few = Files.writeString(folder.resolve("few.csv"), "amount,age\n20.5,30\n");
    Cli.fails(1, List.of("few.csv: has no column \"time\"", "--missing"), Cli.with(evaluate(few)));
    Cli one = Cli.ok(evaluate(few, "--data=" + data, "--missing"));
    assertTrue(one.out().contains("few.csv, 1 row, beside"), one.out());
    assertTrue(one.out().matches("(?s).*\ntime +datetime +KS +- .* 0\\.0 % -> 100\\.0 %.*"));
    assertTrue(one.out().contains("none has 20 rows with both values"), one.out());
    assertTrue(one.out().contains("AUC              unknown: it needs 20 rows"), one.out());
    Path empty = Files.writeString(folder.resolve("empty.csv"), lines.get(0) + "\n");
    Cli.fails(1, List.of("empty.csv: is empty: it has no rows"), Cli.with(evaluate(empty)));
    Cli.fails(1, List.of("none.csv"), Cli.with(evaluate(folder.resolve("none.csv"))));
    Cli.fails(1, List.of("give a table, as FILE.csv"), Cli.with(evaluate(Path.of("mnist"))));
    List<String> changed = new ArrayList<>(lines);
    changed.set(1, lines.get(1).replaceAll("EUR|USD", "CHF"));
    Path unseen = Files.writeString(folder.resolve("unseen.csv"), String.join("\n", changed));
    Cli found = Cli.ok(evaluate(unseen));
    assertTrue(found.err().contains("\"currency\": 1 text is no level"), found.err());
    Cli.fails(1, List.of("--strict refuses it"), Cli.with(evaluate(unseen), "--strict"));
    changed.set(2, lines.get(2).replaceAll(",\\d+\\.\\d\\d,", ",much,"));
    Path bad = Files.writeString(folder.resolve("bad.csv"), String.join("\n", changed));
    Cli.fails(1, List.of("bad.csv: line 3: column \"amount\": \"much\""), Cli.with(evaluate(bad)));
    Cli skipped = Cli.ok(evaluate(bad, "--bad-rows=skip"));
    assertTrue(skipped.err().contains("bad.csv: leaves out 1 bad row"), skipped.err());
    assertTrue(skipped.out().contains("bad.csv, 149 rows"), skipped.out());
  }

  @Test
  void theConditionIsNotCompared() {
    run = folder.resolve("given");
    Claims.train(data, run, 1, "--label-column=fraud", "--condition=columns:currency");
    Path rows = folder.resolve("given.csv");
    Cli.ok("sample", "--model=" + run, "--covariates=1,0,0", "-n=40", "--out=" + rows, REFERENCE);
    JsonNode found = json(evaluate(rows));
    assertEquals(3, found.get("columns").size());
    assertEquals(40, found.get("rows").get("all").intValue());
  }

  @Test
  void optionsAreChecked() throws IOException {
    Cli.fails(
        2,
        List.of("--train-data is for --synthetic: give --synthetic FILE as well"),
        Cli.with(
            List.of("evaluate", "--model=" + run, REFERENCE),
            "--data=" + data,
            "--train-data=" + data));
    Cli.fails(
        2,
        List.of("--train-data: without --data the run's own training and held-out rows are used"),
        Cli.with(evaluate(synthetic), "--train-data=" + data));
    Cli.fails(
        2, List.of("--limit: not with --synthetic"), Cli.with(evaluate(synthetic), "--limit=3"));
    Files.writeString(data, "a,b\n0,1\n1,0\n1,1\n0,0\n");
    run = folder.resolve("matrix");
    Cli.ok("train", "--data=" + data, "--out=" + run, "--epochs=1", "--schema=none", REFERENCE);
    Cli.fails(
        2,
        List.of("--synthetic: the comparison is that of tables, and this model has no schema"),
        Cli.with(evaluate(synthetic), "--data=" + data));
  }
}
