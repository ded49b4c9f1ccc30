// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableOptions;
import io.github.vae4j.infer.Calibration;
import io.github.vae4j.schema.Column;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.table.RowScore;
import io.github.vae4j.table.Scorer;
import io.github.vae4j.table.TableModel;
import io.github.vae4j.table.TableTraining;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The C API scores rows of a table with the bits of the Java API, p-values among them. */
final class EmbeddedTableTest {
  private static final BackendOptions CPU = new BackendOptions(Kind.CPU, 1, Precision.FP32);

  @TempDir Path folder;

  private static String csv() {
    StringBuilder text = new StringBuilder("amount,land,day,visits,kind\n");
    for (int i = 0; i < 400; i++) {
      text.append(i % 11 == 3 ? "" : String.valueOf(20 + i * 7 % 13 / 2.0 + i % 100 * 3))
          .append(i % 3 == 0 ? ",FR" : i % 7 == 0 ? ",\u00d6sterreich" : ",DE")
          .append(",2026-0")
          .append(1 + i % 9)
          .append("-1")
          .append(i % 10)
          .append(",")
          .append(i * i % 5)
          .append(i % 2 == 0 ? ",a\n" : ",b\n");
    }
    return text.toString();
  }

  private static List<Map<String, @Nullable String>> rows() {
    List<Map<String, @Nullable String>> rows = new ArrayList<>();
    for (int i = 0; i < 37; i++) {
      Map<String, @Nullable String> row = new HashMap<>();
      row.put("amount", i % 5 == 0 ? null : String.valueOf(i * 17.25));
      row.put("land", i % 4 == 0 ? "\u00d6sterreich" : i % 4 == 1 ? "PT" : "DE");
      row.put("day", "2026-03-" + (10 + i % 20));
      row.put("visits", String.valueOf(i % 6));
      row.put("kind", i % 3 == 0 ? null : "b");
      rows.add(row);
    }
    return rows;
  }

  @Test
  void rowsHaveTheScoresOfJava() throws Exception {
    Path data = Files.writeString(folder.resolve("table.csv"), csv());
    Path run = folder.resolve("run");
    TableModel model;
    try (Table table = Table.open(data.toString(), TableOptions.defaults())) {
      model = TableModel.train(table, TableTraining.defaults().backend(CPU).epochs(3));
      model.save(run);
    }
    List<RowScore> expected;
    try (Scorer scorer = model.scorer(CPU)) {
      expected = scorer.score(rows());
    }
    assertFalse(Double.isNaN(expected.get(0).pValue()));
    double[] wanted =
        expected.stream()
            .flatMap(
                row ->
                    List.of(
                        row.score(), row.error(), row.pValue(), row.latent(), row.logLikelihood())
                        .stream())
            .mapToDouble(Double::doubleValue)
            .toArray();
    Calibration calibration = model.calibration();
    ModelProgram program = ModelProgram.compile(folder);
    Path cells = folder.resolve("cells");
    Files.write(cells, cells(model.schema()));
    Path output = folder.resolve("scores");
    program.run(
        run,
        1,
        List.of(
            "rows %d %d %d %s - %s"
                .formatted(
                    expected.size(),
                    calibration == null ? 0 : calibration.samples(),
                    calibration == null ? 0 : calibration.seed(),
                    cells,
                    output)));
    double[] given = new double[wanted.length];
    ByteBuffer.wrap(Files.readAllBytes(output))
        .order(ByteOrder.nativeOrder())
        .asDoubleBuffer()
        .get(given);
    assertArrayEquals(wanted, given);
    List<String> calibrated =
        List.of("rows %d 0 0 %s - %s".formatted(expected.size(), cells, output));
    program.run(run, 2, calibrated);
    ByteBuffer.wrap(Files.readAllBytes(output))
        .order(ByteOrder.nativeOrder())
        .asDoubleBuffer()
        .get(given);
    assertArrayEquals(wanted, given, "the samples and the seed of the calibration");
    String said = program.together(run, 1, calibrated);
    assertTrue(said.endsWith(" 0 wrong\n"), said);
  }

  private static List<String> cells(Schema schema) {
    List<String> cells = new ArrayList<>();
    for (Map<String, @Nullable String> row : rows()) {
      for (Column column : schema.columns()) {
        if (Schema.isUsed(column.kind())) {
          String cell = row.get(column.name());
          cells.add(cell == null ? "-" : cell);
        }
      }
    }
    return cells;
  }
}
