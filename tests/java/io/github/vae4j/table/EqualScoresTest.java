// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.RowBuffer;
import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableOptions;
import io.github.vae4j.data.TableRows;
import io.github.vae4j.infer.Calibration;
import io.github.vae4j.schema.RowEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A row has one score: alone, among others, in a file, and for any number of threads. */
final class EqualScoresTest {
  private static final String CLAIMS = "docs/examples/claims.csv";
  private static final int ROWS = 150;

  private static @Nullable TableModel trained;
  private static List<Map<String, @Nullable String>> rows = List.of();

  private static BackendOptions cpu(int threads) {
    return new BackendOptions(BackendOptions.Kind.CPU, threads, Precision.FP32);
  }

  private static TableModel model() {
    assertNotNull(trained);
    return trained;
  }

  @BeforeAll
  static void train() {
    try (Table table = Table.open(CLAIMS, TableOptions.defaults())) {
      TableTraining settings =
          TableTraining.defaults().column("fraud", "label").backend(cpu(1)).epochs(20);
      trained = TableModel.train(table, settings);
      List<Map<String, @Nullable String>> read = new ArrayList<>();
      try (TableRows pass = table.rows()) {
        while (read.size() < ROWS && pass.next()) {
          Map<String, @Nullable String> row = new HashMap<>();
          for (int i = 0; i < table.columns().size(); i++) {
            row.put(table.columns().get(i), pass.get(i));
          }
          read.add(row);
        }
      }
      rows = read;
    }
  }

  private static List<RowScore> alone(BackendOptions options) {
    try (Scorer scorer = model().scorer(options)) {
      return rows.stream().map(scorer::score).toList();
    }
  }

  @Test
  void aRowHasTheSameScoreAmongOthers() {
    List<RowScore> expected = alone(cpu(1));
    assertEquals(expected, alone(cpu(2)));
    for (int threads : new int[] {1, 2}) {
      try (Scorer scorer = model().scorer(cpu(threads))) {
        for (int first : new int[] {0, 1, 13}) {
          for (int count : new int[] {1, 2, 5, 32, 33, ROWS - 13}) {
            List<RowScore> found = scorer.score(rows.subList(first, first + count));
            assertEquals(expected.subList(first, first + count), found);
          }
        }
      }
    }
  }

  @Test
  void aRowHasTheSameScoreInAFile() {
    List<RowScore> expected = alone(cpu(1));
    @Nullable Calibration calibration = model().calibration();
    assertNotNull(calibration);
    try (Vae vae = model().open(cpu(2));
        TableScorer scorer =
            new TableScorer(vae, "rows", calibration.samples(), calibration.seed(), calibration);
        Table table = Table.open(CLAIMS, TableOptions.defaults());
        TableRows pass = table.rows()) {
      RowEncoder encoder = new RowEncoder(scorer.features(), table, RowEncoder.Absent.REFUSE);
      List<RowScore> found = new ArrayList<>();
      int count = 0;
      while (found.size() < ROWS && pass.next()) {
        RowBuffer.Note note = encoder.encode(pass, BadRows.fail());
        assertNotNull(note);
        scorer.set(count++, encoder, note, pass.place());
        if (count == scorer.batch()) {
          List<RowScore> scores = scorer.score(count);
          for (int row = 0; row < count; row++) {
            double shares = 0;
            for (double nats : scorer.columnNats(row)) {
              shares += nats;
            }
            double score = scores.get(row).score();
            assertEquals(score, shares + scores.get(row).latent(), 1e-5 * Math.abs(score));
          }
          found.addAll(scores);
          count = 0;
        }
      }
      assertEquals(expected, found.subList(0, ROWS));
    }
  }

  @Test
  void theScoreIsThatOfTheReferenceBackend() {
    List<RowScore> found = alone(cpu(1));
    List<RowScore> expected =
        alone(new BackendOptions(BackendOptions.Kind.REFERENCE, 0, Precision.FP32));
    for (int i = 0; i < ROWS; i++) {
      double size = Math.max(1, Math.abs(expected.get(i).score()));
      assertEquals(expected.get(i).score(), found.get(i).score(), 1e-5 * size);
      assertEquals(expected.get(i).latent(), found.get(i).latent(), 1e-5 * size);
      assertEquals(expected.get(i).logLikelihood(), found.get(i).logLikelihood(), 1e-5 * size);
    }
  }
}
