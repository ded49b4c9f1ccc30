// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A column of 300,000 different texts, each twice and some of them three times. */
final class ManyLevelsTest {
  private static final int TEXTS = 300_000;

  @TempDir Path folder = Path.of("");

  private Path table() {
    // Neighbours differ, so that the texts that are counted first are not all twice among them.
    return Tables.write(
        folder,
        "shop,x",
        2 * TEXTS + 500,
        i -> "shop " + (i < 2 * TEXTS ? i * 7L % TEXTS : i - 2 * TEXTS) + "," + i % 11 / 4.0);
  }

  private static Column shop(Schema schema) {
    return schema.columns().get(0);
  }

  @Test
  void areLeftOutUnlessTheUserAsksAndThenTheMostFrequentAreKept() {
    Path file = table();
    Column found = shop(Tables.infer(file, Map.of()));
    assertEquals(new Kind.Out(Kind.Reason.LEVELS), found.kind());
    assertEquals("left out: too many different texts, none of them frequent", found.remark());
    Column asked = shop(Tables.infer(file, Map.of("shop", "categorical:50")));
    assertEquals(50, asked.kind().levels().size());
    assertTrue(asked.kind().open());
    assertTrue(asked.remark().startsWith("more than 9950 rare texts"), asked.remark());
  }

  @Test
  void aSchemaOfThemIsRefusedAndRareTextsAreNot() {
    List<String> texts = IntStream.range(0, TEXTS).mapToObj(i -> "shop " + i).toList();
    String message =
        String.valueOf(
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new Kind.Categorical(texts, List.of(), false))
                .getMessage());
    assertEquals(
        "levels: expected 1 to 10000 texts, given 300000; move those that are not frequent to"
            + " \"rare\"",
        message);
    Kind rare = new Kind.Categorical(texts.subList(0, 10), texts.subList(10, TEXTS), false);
    Kind number = new Kind.Numeric(Scaling.NONE, 0, 3, 0.25, 2);
    Schema schema =
        new Schema(
            List.of(new Column("shop", rare, 0, ""), new Column("x", number, 0, "")),
            Reading.DEFAULTS);
    Path later = Tables.write(folder, "shop,x", TEXTS, i -> "new " + i + "," + i % 11 / 4.0);
    try (Table table = Tables.open(later, Reading.DEFAULTS);
        var set =
            EncodedTable.read(
                    new Features(schema),
                    table,
                    RowEncoder.Absent.REFUSE,
                    BadRows.fail(),
                    share -> {})
                .set()) {
      assertEquals(TEXTS, set.rows());
      // A number, ten levels, "other" and "unseen".
      assertEquals(13, set.features());
      assertEquals(
          List.of(
              later
                  + ": column \"shop\": 300000 texts are no levels of the schema, the first \"new"
                  + " 0\" in line 2"),
          set.remarks());
    }
  }
}
