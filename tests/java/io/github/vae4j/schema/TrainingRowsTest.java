// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.Table;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The noise and the hidden cells of the rows that a model of a table is trained with. */
final class TrainingRowsTest {
  private static final int ROWS = 500;
  private static final int PASSES = 4;

  @TempDir Path folder = Path.of("");

  private interface Check {
    void of(Features features, DataSet rows);
  }

  private void withRows(Check check) {
    List<String> lands = List.of("FR", "DE", "IT");
    Path file =
        Tables.write(
            folder, "amount,land", ROWS, i -> i * 7 % 41 * 0.5 - 3 + "," + lands.get(i % 3));
    Features features = new Features(Tables.infer(file, Map.of()));
    try (Table table = Tables.open(file, Reading.DEFAULTS);
        DataSet rows =
            EncodedTable.read(
                    features, table, RowEncoder.Absent.REFUSE, BadRows.fail(), share -> {})
                .set()) {
      check.of(features, rows);
    }
  }

  private static float[] values(Features features, DataSet rows, double hidden, long seed) {
    try (DataSet changed = TrainingRows.of(features, rows, PASSES, hidden, seed)) {
      assertEquals(ROWS * PASSES, changed.rows());
      return DataSets.values(changed, 0, changed.rows()).values();
    }
  }

  @Test
  void cellsAreHiddenWholeAndAtRandom() {
    withRows(
        (features, rows) -> {
          float[] values = values(features, rows, 0.3, 1);
          int width = features.width();
          for (Part part : features.modelled()) {
            int hidden = 0;
            int samePasses = 0;
            for (int row = 0; row < ROWS * PASSES; row++) {
              int from = row * width + part.first();
              boolean first = Float.isNaN(values[from]);
              for (int i = 1; i < part.width(); i++) {
                assertEquals(first, Float.isNaN(values[from + i]), "row " + row);
              }
              hidden += first ? 1 : 0;
              boolean before = Float.isNaN(values[row % ROWS * width + part.first()]);
              samePasses += row >= ROWS && first == before ? 1 : 0;
            }
            // 0.3 of 2000 cells; and two passes agree in 0.3^2 + 0.7^2 of 1500.
            assertEquals(600, hidden, 4 * Math.sqrt(2000 * 0.3 * 0.7), part.toString());
            assertEquals(870, samePasses, 5 * Math.sqrt(1500 * 0.58 * 0.42), part.toString());
          }
        });
  }

  @Test
  void theOtherCellsDoNotDependOnTheHiddenOnes() {
    withRows(
        (features, rows) -> {
          float[] whole = values(features, rows, 0, 1);
          float[] parts = values(features, rows, 0.5, 1);
          for (int i = 0; i < whole.length; i++) {
            assertFalse(Float.isNaN(whole[i]));
            assertTrue(Float.isNaN(parts[i]) || parts[i] == whole[i], "value " + i);
          }
          assertArrayEquals(parts, values(features, rows, 0.5, 1));
          assertFalse(Arrays.equals(parts, values(features, rows, 0.5, 2)));
        });
  }
}
