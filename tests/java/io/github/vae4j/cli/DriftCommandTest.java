// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vae4j.table.TableModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command drift on a small model. */
final class DriftCommandTest {
  private static final String REFERENCE = "--backend=reference";
  private static final String HEADER = "amount,land,age\n";

  @TempDir Path folder = Path.of("");
  private Path run = folder;
  private Path data = folder;
  private List<String> drift = List.of();

  @BeforeEach
  void train() {
    run = folder.resolve("run");
    data = write("train.csv", 1, 0, 400);
    Cli.ok("train", "--data=" + data, "--out=" + run, "--epochs=2", "--hidden=6", REFERENCE);
    drift = command(write("same.csv", 2, 0, 200));
  }

  private List<String> command(Path table) {
    return List.of("drift", "--model=" + run, "--data=" + table, REFERENCE);
  }

  private Path write(String name, int seed, double shift, int count) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder(HEADER);
    for (int i = 0; i < count; i++) {
      text.append(
          String.format(
              Locale.ROOT,
              "%.3f,%s,%s%n",
              20 + shift + 4 * random.nextGaussian(),
              random.nextInt(3) == 0 ? "DE" : "FR",
              random.nextInt(8) == 0 ? "" : Integer.toString(20 + random.nextInt(60))));
    }
    return text(name, text.toString());
  }

  private Path text(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void rowsOfTheSameKindHaveNoDrift() {
    Cli found = Cli.ok(Cli.with(drift, "--fail-on-drift"));
    List<String> lines = found.out().lines().toList();
    assertTrue(lines.get(0).endsWith("same.csv, 200 rows; training data: 320 rows"), lines.get(0));
    assertTrue(lines.get(1).startsWith("column  kind     PSI "), lines.get(1));
    assertTrue(lines.get(5).startsWith("score  mean "), lines.get(5));
    assertEquals("drift  in 0 of 3 columns, not of the score, at q <= 0.05", lines.get(6));
    assertEquals("", found.err());
  }

  @Test
  void aShiftIsDrift() throws IOException {
    Path out = folder.resolve("new/drift.json");
    Path png = folder.resolve("new/drift.png");
    List<String> shifted = command(write("shifted.csv", 3, 12, 200));
    Cli found = Cli.ok(Cli.with(shifted, "--out=" + out, "--png=" + png));
    List<String> lines = found.out().lines().toList();
    assertTrue(
        lines.get(2).matches("amount +numeric +\\d\\.\\d{3} +KS +0\\.\\d{3} .*"), lines.get(2));
    assertTrue(lines.get(2).endsWith("drift: values"), lines.get(2));
    assertTrue(found.out().contains("drift  in 1 of 3 columns, and of the score, at q <= 0.05"));
    assertTrue(found.out().endsWith("wrote " + out + "\nwrote " + png + "\n"), found.out());
    JsonNode json = Cli.object(Files.readString(out).strip());
    assertEquals(json, Cli.object(Cli.ok(Cli.with(shifted, "--json")).out()));
    assertTrue(json.get("drift").booleanValue());
    assertEquals(200, json.get("rows").intValue());
    JsonNode amount = json.get("columns").get(0);
    assertEquals("amount", amount.get("column").textValue());
    assertEquals("values", amount.get("reasons").get(0).textValue());
    assertTrue(amount.get("psi").doubleValue() > 0.25);
    assertTrue(amount.get("q_value").doubleValue() >= amount.get("p_value").doubleValue());
    assertTrue(amount.get("missing_p_value").isNull());
    assertFalse(json.get("columns").get(1).get("drift").booleanValue());
    JsonNode score = json.get("score");
    assertTrue(score.get("mean_now").doubleValue() > score.get("mean_before").doubleValue());
    BufferedImage picture = ImageIO.read(png.toFile());
    assertNotNull(picture);
    assertEquals(480, picture.getHeight());
    assertEquals(1, Cli.run(Cli.with(shifted, "--fail-on-drift")).code());
    assertEquals(
        0, Cli.run(Cli.with(shifted, "--fail-on-drift", "--ignore=amount", "--no-score")).code());
    JsonNode without = Cli.object(Cli.ok(Cli.with(shifted, "--json", "--no-score")).out());
    assertFalse(without.has("score"));
  }

  @Test
  void unseenTextsAndBadRows() throws IOException {
    List<String> rows = new ArrayList<>(Files.readAllLines(folder.resolve("same.csv")));
    for (int i = 1; i < 30; i++) {
      rows.set(i, "20.5,XX,30");
    }
    rows.add("abc,FR,30");
    List<String> table = command(text("unseen.csv", String.join("\n", rows) + "\n"));
    Cli.fails(1, List.of("unseen.csv: line 202: column \"amount\": \"abc\""), Cli.with(table));
    Cli found = Cli.ok(Cli.with(table, "--bad-rows=skip"));
    assertTrue(found.err().contains("leaves out 1 bad row"), found.err());
    assertTrue(found.err().contains("29 texts are no levels of the schema, the first \"XX\""));
    assertTrue(
        found.out().matches("(?s).*\nland +binary .* 29 +drift: values, unseen\n.*"), found.out());
  }

  @Test
  void aColumnThatIsNotThere() {
    List<String> table = command(text("few.csv", "age,amount\n30,20\n40,22\n,18\n"));
    Cli.fails(1, List.of("has no column \"land\"", "--missing"), Cli.with(table));
    Cli found = Cli.ok(Cli.with(table, "--missing"));
    assertTrue(
        found
            .out()
            .matches("(?s).*\nland +binary +- +- .*0\\.0 % -> 100\\.0 % +drift: missing\n.*"),
        found.out());
    List<String> one = command(text("one.csv", HEADER + "20,FR,30\n"));
    assertTrue(Cli.ok(Cli.with(one)).out().contains("drift  in 0 of 3 columns"));
    List<String> none = command(text("none.csv", HEADER));
    Cli.fails(1, List.of("none.csv: is empty: it has no rows"), Cli.with(none));
  }

  @Test
  void anOlderRunSaysTheWayOut() throws IOException {
    Path reference = run.resolve("reference.json");
    String before = Files.readString(reference);
    Files.delete(reference);
    Cli.fails(
        1,
        List.of(
            "reference.json: there is no such file, which a run writes at its end",
            "./vae4j train --out " + run + " --resume writes it"),
        Cli.with(drift));
    Cli.ok("train", "--out=" + run, "--resume", REFERENCE);
    assertEquals(before, Files.readString(reference));
    Cli.ok(Cli.with(drift));
    Files.delete(run.resolve("calibration.json"));
    Cli without = Cli.ok(Cli.with(drift));
    assertTrue(without.err().contains("no drift of the score: the model has no calibration.json"));
    assertTrue(without.out().endsWith("drift  in 0 of 3 columns, at q <= 0.05\n"), without.out());
  }

  @Test
  void aModelInJavaKeepsItsReference() throws IOException {
    TableModel model = TableModel.load(run);
    assertNotNull(model.reference());
    assertEquals(320, model.reference().rows());
    Path copy = folder.resolve("copy");
    model.save(copy);
    assertEquals(-1, Files.mismatch(run.resolve("reference.json"), copy.resolve("reference.json")));
  }

  @Test
  void optionsAreChecked() throws IOException {
    Cli.fails(
        2, List.of("--alpha: expected a number between 0 and 1"), Cli.with(drift, "--alpha=1"));
    Cli.fails(
        2, List.of("--out: expected a name that ends in .json"), Cli.with(drift, "--out=a.csv"));
    Cli.fails(
        2, List.of("--png: expected a name that ends in .png"), Cli.with(drift, "--png=a.jpg"));
    Cli.fails(
        2,
        List.of("--ignore: no modelled column is \"nose\"; these are amount, land, age"),
        Cli.with(drift, "--ignore=age,nose"));
    Path reference = run.resolve("reference.json");
    String before = Files.readString(reference);
    Cli.fails(
        2,
        List.of("--out: " + reference + " is the file that --model reads"),
        Cli.with(drift, "--out=" + reference));
    assertEquals(before, Files.readString(reference));
    Files.writeString(data, "a,b\n0,1\n1,0\n1,1\n0,0\n");
    Path matrix = folder.resolve("matrix");
    Cli.ok("train", "--data=" + data, "--out=" + matrix, "--epochs=1", "--schema=none", REFERENCE);
    Cli.fails(
        2,
        List.of("--model: drift is that of tables, and this model has no schema"),
        "drift",
        "--model=" + matrix,
        "--data=" + data,
        REFERENCE);
  }
}
