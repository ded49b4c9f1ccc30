// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static io.github.vae4j.cli.Claims.HEADER;
import static io.github.vae4j.cli.Claims.REFERENCE;
import static io.github.vae4j.cli.Claims.rows;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a raw table to a model, and models on raw tables. */
final class TableCommandsTest {
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
  void aRawTableTrains() throws IOException {
    Cli trained = train("--label-column=fraud");
    List<String> lines = trained.out().lines().toList();
    assertTrue(lines.get(0).startsWith("column    kind"), lines.get(0));
    assertTrue(lines.get(1).endsWith("left out: each value is that of one row"), lines.get(1));
    assertTrue(lines.get(5).contains("10.8 %") || lines.get(5).contains("11.7 %"), lines.get(5));
    assertTrue(trained.out().contains("held out"), trained.out());
    JsonNode model = Cli.object(Files.readString(run.resolve("vae.json"))).get("model");
    assertEquals("tx_id", model.get("schema").get("columns").get(0).get("name").textValue());
    assertTrue(model.get("maskInput").booleanValue());
    assertTrue(model.get("likelihood").textValue().startsWith("composite:0-2=student-t:nu=4"));
    Cli.ok("evaluate", "--model=" + run, REFERENCE);
  }

  @Test
  void laterCommandsTakeTheRawTable() throws IOException {
    train("--label-column=fraud");
    Path other = folder.resolve("new.csv");
    Files.writeString(
        other,
        "age,currency,amount,extra,time\n40,EUR,20.5,x,2026-03-02 10:15:00\n,CHF,,y,2026-03-02\n");
    Path out = folder.resolve("scores.csv");
    Cli scored = Cli.ok("score", "--model=" + run, "--data=" + other, "--out=" + out, REFERENCE);
    assertTrue(scored.err().contains("leaves out \"extra\""), scored.err());
    assertTrue(
        scored
            .err()
            .contains(
                "column \"currency\": 1 text is no level of the schema, the first"
                    + " \"CHF\" in line 3"),
        scored.err());
    assertEquals(3, Files.readAllLines(out).size());
    Cli.fails(
        1,
        List.of("new.csv: line 3, column \"currency\": \"CHF\" is no level", "--strict"),
        "score",
        "--model=" + run,
        "--data=" + other,
        "--strict",
        REFERENCE);
    Cli.ok(
        "encode",
        "--model=" + run,
        "--data=" + other,
        "--out=" + folder.resolve("z.csv"),
        REFERENCE);
  }

  @Test
  void absentColumnsAndBadRows() throws IOException {
    train("--label-column=fraud");
    Path other =
        Files.writeString(folder.resolve("n.csv"), "age,currency,amount\n40,EUR,1\n30,EUR,x\n");
    List<String> score = List.of("score", "--model=" + run, "--data=" + other, REFERENCE);
    Cli.fails(1, List.of("has no column \"time\"", "--missing"), Cli.with(score));
    Cli.fails(
        1,
        List.of("n.csv: line 3: column \"amount\": \"x\" is no number", "--na"),
        Cli.with(score, "--missing"));
    Cli skipped = Cli.ok(Cli.with(score, "--missing", "--bad-rows=skip"));
    assertTrue(skipped.err().contains("n.csv: leaves out 1 bad row"), skipped.err());
    assertTrue(skipped.err().contains("n.csv: line 3: column \"amount\": \"x\""), skipped.err());
    Cli.fails(
        1,
        List.of("the model is one of tables: give a table"),
        "score",
        "--model=" + run,
        "--data=mnist",
        REFERENCE);
    Cli.fails(2, List.of("--mask, --weights, --limit and"), Cli.with(score, "--mask=m.csv"));
  }

  @Test
  void otherFormatsOfTextAreNamed() throws IOException {
    Files.write(
        data,
        "stadt;betrag;anteil\nK\u00f6ln;1.234,5;12 %\nK\u00f6ln;20,25;3,5 %\nBonn;7,5;8 %\n"
            .getBytes(StandardCharsets.ISO_8859_1));
    List<String> schema = List.of("schema", "--data=" + data);
    Cli.fails(1, List.of("claims.csv: line 2", "--encoding"), Cli.with(schema));
    Cli.fails(2, List.of("--encoding: expected a name such as"), Cli.with(schema, "--encoding=x"));
    JsonNode found =
        Cli.object(
            Cli.ok(
                    Cli.with(
                        schema,
                        "--encoding=windows-1252",
                        "--decimal=,",
                        "--thousands=.",
                        "--percent",
                        "--column=anteil=numeric",
                        "--json"))
                .out());
    assertEquals("7.50000 to 1234.50", found.get("columns").get(1).get("values").textValue());
    assertEquals("3.50000 to 12", found.get("columns").get(2).get("values").textValue());
    assertEquals("K\u00f6ln, Bonn", found.get("columns").get(0).get("values").textValue());
  }

  @Test
  void aColumnThatIsTheLabelIsSaid() throws IOException {
    StringBuilder text = new StringBuilder("a,leak,state,fraud\n");
    for (int i = 0; i < 60; i++) {
      boolean fraud = i % 10 == 0;
      text.append(i * 7 % 13 / 2.0)
          .append(fraud ? "," + (90 + i % 7) + ".5,open," : "," + i % 9 + ".5,paid,")
          .append(fraud ? "yes\n" : "no\n");
    }
    Files.writeString(data, text);
    Cli trained = train("--label-column=fraud");
    for (String name : List.of("leak", "state")) {
      assertTrue(
          trained.err().contains("column \"" + name + "\" predicts the label without an error"),
          trained.err());
    }
    assertFalse(trained.err().contains("column \"a\" predicts"), trained.err());
  }

  @Test
  void trainAndTestTablesHaveOneSchema() throws IOException {
    Path test = folder.resolve("test.csv");
    Files.writeString(test, "tx_id,time,amount\nT1,2026-03-01,5.5\n");
    Cli.fails(
        1,
        List.of(
            "test.csv: has no column \"currency\", \"age\"", "which the model was trained with"),
        "train",
        "--data=" + data,
        "--test-data=" + test,
        "--out=" + run,
        "--label-column=fraud",
        REFERENCE);
    Files.writeString(test, HEADER + rows(30).get(3).replace("2026-03-04", "04.03.2026"));
    Cli.fails(
        1,
        List.of(
            "test.csv: line 2: column \"time\": \"04.03.2026 03:15:00\" is no time of the format"),
        "train",
        "--data=" + data,
        "--test-data=" + test,
        "--out=" + run,
        REFERENCE);
  }

  @Test
  void textsThatNobodyCanUse() throws IOException {
    Files.writeString(data, "id,empty\nA1,\nA2,\nA3,\n");
    List<String> base = List.of("train", "--data=" + data, "--out=" + run);
    Cli.fails(
        1,
        List.of("no column can be modelled: id (each value", "empty (no value)"),
        Cli.with(base));
    Cli.fails(
        1,
        List.of("column \"id\": its texts, such as \"A1\", are no times"),
        Cli.with(base, "--column=id=datetime"));
    Files.writeString(data, "when,x\n31.12.2026,1.5\n30.11.2026,2.5\n31.12.2026,3.25\n");
    Cli german = Cli.ok("schema", "--data=" + data, "--column=when=datetime:dd.MM.yyyy");
    assertTrue(german.out().contains("2026-11-30 to 2026-12-31"), german.out());
    StringBuilder large = new StringBuilder("account_no,x\n");
    for (int i = 0; i < 30; i++) {
      large.append(20_000_001L + i % 20 * 3L).append(',').append(i % 7 * 0.5).append('\n');
    }
    Files.writeString(data, large);
    assertTrue(Cli.ok("schema", "--data=" + data).out().contains("beyond 16777216 (2^24)"));
  }

  @Test
  void aRunOfATableGoesOn() throws IOException {
    Claims.train(data, run, 1);
    Cli resumed = Cli.ok("train", "--out=" + run, "--resume", "--epochs=3", "--na=none", REFERENCE);
    assertTrue(resumed.err().contains("--na is not used: --resume reads the table by the schema"));
    Path stopped = run;
    run = folder.resolve("straight");
    Claims.train(data, run, 1);
    Cli.ok("train", "--out=" + run, "--resume", "--epochs=3", REFERENCE);
    String model = "model.safetensors";
    assertEquals(-1, Files.mismatch(stopped.resolve(model), run.resolve(model)));
    assertEquals(3, Files.readAllLines(run.resolve("metrics.jsonl")).size());
    Files.writeString(data, HEADER + String.join("", rows(121)));
    Cli.fails(
        1,
        List.of("the data have changed since"),
        "train",
        "--out=" + run,
        "--resume",
        "--epochs=4",
        REFERENCE);
  }

  @Test
  void theSchemaIsShownAndWritten() throws IOException {
    Path out = folder.resolve("schema.json");
    Cli shown = Cli.ok("schema", "--data=" + data, "--column=age=categorical:5", "--out=" + out);
    assertTrue(shown.out().matches("(?s).*\nage +categorical +.* 5 levels.*"), shown.out());
    assertTrue(shown.out().contains("wrote " + out), shown.out());
    JsonNode json = Cli.object(Cli.ok("schema", "--data=" + data, "--json").out());
    assertEquals("numeric", json.get("columns").get(4).get("kind").textValue());
    String edited = Files.readString(out).replace("\"kind\": \"binary\"", "\"kind\": \"out\"");
    Files.writeString(out, edited.replaceAll("\\s*\"zero\": \"\\w+\",\\s*\"one\": \"\\w+\",", ""));
    Cli trained = train("--schema=" + out);
    assertTrue(trained.out().contains("left out: by choice"), trained.out());
    Path other = Files.writeString(folder.resolve("o.csv"), "tx_id,time,more\n1,2,3\n");
    Cli.fails(
        1,
        List.of(
            "o.csv: does not fit the schema: the schema has amount, currency, age, note, fraud,"
                + " which the table has not; the table has more, which the schema has not"),
        "train",
        "--data=" + other,
        "--out=" + folder.resolve("r"),
        "--schema=" + out);
  }

  @Test
  void optionsThatDoNotGoTogether() {
    List<String> base = List.of("train", "--data=" + data, "--out=" + run);
    Cli.fails(
        2,
        List.of("--schema: expected none with --likelihood"),
        Cli.with(base, "--schema=auto", "--likelihood=gaussian"));
    Cli.fails(
        2,
        List.of("--column is for a table with a schema, and", "is read as a matrix"),
        Cli.with(base, "--column=age=count", "--schema=none"));
    Cli.fails(
        2,
        List.of("--na is for a table with a schema, and mnist is no table"),
        "train",
        "--data=mnist",
        "--out=" + run,
        "--na=x");
    Cli.fails(2, List.of("--column: expected NAME=KIND"), Cli.with(base, "--column=age"));
    Cli.fails(
        2,
        List.of("--schema: expected auto, none or a file", "no such file"),
        Cli.with(base, "--schema=nowhere.json"));
    Cli.fails(2, List.of("--decimal: expected one character"), Cli.with(base, "--decimal=ab"));
    Cli.fails(2, List.of("--decimal: expected . or ,"), Cli.with(base, "--decimal=x"));
    Cli.fails(
        1,
        List.of("has no column \"nose\"; it has tx_id, time"),
        Cli.with(base, "--column=nose=out"));
    Cli.fails(2, List.of("--data: expected a table"), "schema", "--data=mnist");
    assertFalse(Files.exists(run));
  }

  @Test
  void aTableOfNumbersMayBeAMatrix() throws IOException {
    Files.writeString(data, "a,b\n0,1\n1,0\n1,1\n0,0\n");
    Cli trained = train("--schema=none");
    assertFalse(trained.out().contains("kind"), trained.out());
    assertTrue(trained.out().contains("bernoulli"), trained.out());
  }

  @Test
  void boundsAreInNatsOfTheUsersUnits() throws IOException {
    Files.writeString(data, numbers(1));
    train();
    double one = elbo();
    Files.writeString(data, numbers(1000));
    run = folder.resolve("other");
    train();
    assertEquals(one - Math.log(1000), elbo(), 2e-3);
  }

  private double elbo() {
    return Cli.object(Cli.ok("evaluate", "--model=" + run, "--json", REFERENCE).out())
        .get("elbo")
        .doubleValue();
  }

  private static String numbers(double unit) {
    Random random = new Random(3);
    StringBuilder text = new StringBuilder("a,b\n");
    for (int i = 0; i < 60; i++) {
      text.append(unit * (5 + random.nextInt(400) / 8.0)).append(',').append(i % 3).append(".5\n");
    }
    return text.toString();
  }
}
