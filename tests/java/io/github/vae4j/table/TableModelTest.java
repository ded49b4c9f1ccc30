// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Vae;
import io.github.vae4j.VaeException;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataException;
import io.github.vae4j.data.Numerals;
import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableOptions;
import io.github.vae4j.infer.Calibration;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.schema.MissingTexts;
import io.github.vae4j.schema.Reading;
import io.github.vae4j.schema.SchemaRequest;
import io.github.vae4j.train.TrainListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Models of tables in Java: training, files, and scorers of single rows. */
final class TableModelTest {
  private static final BackendOptions REFERENCE =
      new BackendOptions(BackendOptions.Kind.REFERENCE, 0, Precision.FP32);

  @TempDir static Path shared = Path.of("");
  private static Path run = shared;

  @BeforeAll
  static void train() throws IOException {
    Random random = new Random(4);
    StringBuilder text = new StringBuilder("day,amount,land,vip,fraud\n");
    for (int i = 0; i < 200; i++) {
      text.append(LocalDate.of(2026, 1, 1).plusDays(i % 60))
          .append(String.format(",%.2f,", 20 + 5 * random.nextGaussian()))
          .append(i % 3 == 0 ? "FR," : "DE,")
          .append(i % 2 == 0 ? "true," : "false,")
          .append(i % 50 == 0 ? "1\n" : "0\n");
    }
    Path file = Files.writeString(shared.resolve("table.csv"), text);
    run = shared.resolve("model");
    try (Table table = Table.open(file.toString(), TableOptions.defaults())) {
      TableTraining settings =
          TableTraining.defaults().column("fraud", "label").backend(REFERENCE).epochs(20).seed(3);
      TableModel.train(table, settings).save(run);
    }
  }

  private static Map<String, Object> row(double amount, String land) {
    return Map.of("day", LocalDate.of(2026, 1, 20), "amount", amount, "land", land, "vip", true);
  }

  private static Calibration calibration(TableModel model) {
    @Nullable Calibration calibration = model.calibration();
    assertNotNull(calibration);
    return calibration;
  }

  @Test
  void aModelIsSavedWithSchemaAndCalibration() throws IOException {
    TableModel model = TableModel.load(run);
    assertEquals(
        List.of("day", "amount", "land", "vip"),
        model.schema().modelled().stream().map(column -> column.name()).toList());
    assertEquals(40, calibration(model).scores().size());
    assertEquals(4, calibration(model).columns().size());
    Path copy = shared.resolve("a/b/copy");
    model.save(copy);
    assertEquals(
        -1, Files.mismatch(run.resolve("model.safetensors"), copy.resolve("model.safetensors")));
    assertEquals(
        -1, Files.mismatch(run.resolve("calibration.json"), copy.resolve("calibration.json")));
  }

  @Test
  void rowsOfAProgramAreScored() {
    try (Scorer scorer = TableModel.load(run).scorer(REFERENCE)) {
      RowScore usual = scorer.score(row(20.5, "DE"));
      RowScore odd = scorer.score(row(2000, "DE"));
      assertTrue(odd.score() > usual.score() + 5, odd + " " + usual);
      assertTrue(usual.pValue() > 0.1, usual.toString());
      assertEquals(1 / 41.0, odd.pValue());
      ScoredRow explained = scorer.explain(row(2000, "DE"), 2);
      assertEquals(odd, explained.score());
      assertEquals("amount", explained.reasons().get(0).column());
      assertEquals("2000", explained.reasons().get(0).value());
      assertEquals(List.of(usual, odd), scorer.score(List.of(row(20.5, "DE"), row(2000, "DE"))));
      Map<String, @Nullable Object> holes = new HashMap<>(row(20.5, "DE"));
      holes.put("land", null);
      holes.put("amount", Double.NaN);
      assertTrue(Double.isFinite(scorer.score(holes).score()));
      assertTrue(scorer.score(row(20.5, "XX")).score() > usual.score());
    }
  }

  @Test
  void valuesThatAreNoneOfTheirColumnAreRefused() {
    try (Scorer scorer = TableModel.load(run).scorer(REFERENCE)) {
      for (Object wrong : List.of("much", Double.POSITIVE_INFINITY, true)) {
        DataException refused =
            assertThrows(
                DataException.class, () -> scorer.score(Map.of("amount", wrong, "land", "DE")));
        assertTrue(
            String.valueOf(refused.getMessage()).contains("column \"amount\": \"" + wrong),
            refused.getMessage());
      }
      assertThrows(DataException.class, () -> scorer.score(Map.of("day", "yesterday")));
      assertTrue(Double.isFinite(scorer.score(row(1, "DE")).score()));
    }
  }

  private static String refused(Executable call) {
    return String.valueOf(assertThrows(DataException.class, call).getMessage());
  }

  private static Map<String, Object> with(String name, Object value) {
    Map<String, Object> row = new HashMap<>(row(20.5, "DE"));
    row.put(name, value);
    return row;
  }

  @Test
  void namesThatTheTrainingDataDidNotHaveAreRefused() {
    try (Scorer scorer = TableModel.load(run).scorer(REFERENCE)) {
      assertEquals(
          "the model knows no column \"nocolumn\"; the training data had"
              + " \"day\", \"amount\", \"land\", \"vip\", \"fraud\"",
          refused(() -> scorer.score(Map.of("nocolumn", 1))));
      String close = refused(() -> scorer.explain(with("Amuont", 1), 1));
      assertTrue(
          close.startsWith("the model knows no column \"Amuont\", did you mean \"amount\"?"),
          close);
      String second = refused(() -> scorer.score(List.of(row(1, "DE"), with("x", 1))));
      assertTrue(second.startsWith("row 1: the model knows no column \"x\""), second);
      String none = refused(() -> scorer.score(Map.of()));
      assertEquals(
          "expected values of columns of the model, \"day\", \"amount\", \"land\", \"vip\", given"
              + " none",
          none);
      assertEquals(none, refused(() -> scorer.score(Map.of("fraud", 1))));
      assertEquals(scorer.score(row(20.5, "DE")), scorer.score(with("fraud", 1)));
      assertEquals(scorer.score(row(20.5, "DE")), scorer.score(with("Unnamed: 0", 17)));
    }
  }

  @Test
  void messagesNameTheRowOfTheCall() {
    try (Scorer scorer = TableModel.load(run).scorer(REFERENCE)) {
      for (int time = 0; time < 3; time++) {
        assertEquals(
            "column \"amount\": \"much\" is no number; give null for a missing value",
            refused(() -> scorer.score(with("amount", "much"))));
        assertEquals(
            "row 2: column \"amount\": \"1,5\" is no number; give null for a missing value",
            refused(
                () -> scorer.score(List.of(row(1, "DE"), row(1, "FR"), with("amount", "1,5")))));
        assertEquals(
            "column \"day\": \"1.2.2026\" is no time of the format iso-date; give null for a missing"
                + " value",
            refused(() -> scorer.score(with("day", "1.2.2026"))));
      }
    }
  }

  @Test
  @SuppressWarnings("NullAway") // A program without it may give null.
  void nullIsNamed() {
    try (Scorer scorer = TableModel.load(run).scorer(REFERENCE)) {
      assertEquals("row", thrown(() -> scorer.score((Map<String, ?>) null)));
      assertEquals("row", thrown(() -> scorer.explain(null, 1)));
      assertEquals("rows", thrown(() -> scorer.score((List<Map<String, ?>>) null)));
      List<Map<String, ?>> rows = Arrays.asList(row(1, "DE"), null);
      assertEquals("row 1", thrown(() -> scorer.score(rows)));
      assertTrue(refused(() -> scorer.score(with(null, 1))).contains("no column \"null\""));
      assertThrows(IllegalArgumentException.class, () -> scorer.explain(row(1, "DE"), -1));
    }
  }

  private static String thrown(Executable call) {
    return String.valueOf(assertThrows(NullPointerException.class, call).getMessage());
  }

  @Test
  void numbersOfAProgramHaveNoDecimalComma() throws IOException {
    StringBuilder text = new StringBuilder("a;b\n");
    for (int i = 0; i < 60; i++) {
      text.append(10 + i % 7).append(",125;").append(i % 3 == 0 ? "x\n" : "y\n");
    }
    Path file = Files.writeString(shared.resolve("comma.csv"), text);
    Reading reading =
        new Reading(
            ';',
            null,
            TableOptions.Header.YES,
            null,
            new Numerals(',', '.', false),
            new MissingTexts(List.of()));
    try (Table table = Table.open(file.toString(), reading.options())) {
      TableTraining settings =
          new TableTraining(
              new SchemaRequest(Map.of(), reading), REFERENCE, 0, 1, 0, TrainListener.NONE);
      TableModel model = TableModel.train(table, settings);
      try (Scorer scorer = model.scorer(REFERENCE)) {
        assertEquals(
            scorer.score(Map.of("a", "12,125", "b", "x")),
            scorer.score(Map.of("a", 12.125, "b", "x")));
      }
    }
  }

  @Test
  void threadsShareAScorer() throws Exception {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      rows.add(row(15 + i / 7.0, i % 4 == 0 ? "FR" : "DE"));
    }
    try (Scorer scorer = TableModel.load(run).scorer(REFERENCE)) {
      List<RowScore> expected = scorer.score(rows);
      ExecutorService threads = Executors.newFixedThreadPool(4);
      try {
        List<Callable<List<RowScore>>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          calls.add(() -> rows.stream().map(scorer::score).toList());
        }
        for (Future<List<RowScore>> found : threads.invokeAll(calls)) {
          assertEquals(expected, found.get());
        }
      } finally {
        threads.shutdown();
      }
    }
  }

  @Test
  void aClosedScorerIsRefused() {
    Scorer scorer = TableModel.load(run).scorer(REFERENCE);
    scorer.close();
    scorer.close();
    assertThrows(IllegalStateException.class, () -> scorer.score(row(1, "DE")));
  }

  @Test
  void aModelOfNumbersIsNone() {
    Path model = shared.resolve("numbers/model.safetensors");
    try (Vae vae = Vae.create(VaeSpec.builder(3).build(), REFERENCE, 0)) {
      Files.createDirectories(shared.resolve("numbers"));
      vae.save(model);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    VaeException refused =
        assertThrows(VaeException.class, () -> TableModel.load(shared.resolve("numbers")));
    assertTrue(String.valueOf(refused.getMessage()).contains("has no schema"));
    assertThrows(VaeException.class, () -> TableModel.load(shared.resolve("nowhere")));
  }

  @Test
  void aCalibrationOfOtherWeightsIsRefused() throws IOException {
    Path copy = shared.resolve("mixed");
    TableModel.load(run).save(copy);
    Path scores = copy.resolve("calibration.json");
    Files.writeString(
        scores, Files.readString(scores).replaceFirst("\"fittedTo\":\"\\w", "\"fittedTo\":\"x"));
    VaeException refused = assertThrows(VaeException.class, () -> TableModel.load(copy));
    assertTrue(String.valueOf(refused.getMessage()).contains("other weights"));
    Files.delete(scores);
    TableModel without = TableModel.load(copy);
    assertNull(without.calibration());
    try (Scorer scorer = without.scorer(REFERENCE)) {
      assertTrue(Double.isNaN(scorer.score(row(1, "DE")).pValue()));
      assertFalse(scorer.explain(row(1, "DE"), 1).reasons().isEmpty());
    }
  }
}
