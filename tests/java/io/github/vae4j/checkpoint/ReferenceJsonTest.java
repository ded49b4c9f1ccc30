// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.schema.Reference;
import io.github.vae4j.schema.Reference.Marginal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** reference.json: what is written is read, and faults are refused with their place. */
final class ReferenceJsonTest {
  private static final float[] WEIGHTS = {1, 2, 3};

  static final Reference REFERENCE =
      new Reference(
          12,
          List.of(
              new Marginal("a \"b\"", 2, 10, List.of(-1e-300, 0.1, 1 / 3.0, 1e300), List.of()),
              new Marginal("land", 0, 0, List.of(), List.of(7L, 5L, 0L))));

  @TempDir Path folder = Path.of("");

  @Test
  void whatIsWrittenIsRead() {
    Path file = folder.resolve("reference.json");
    ReferenceJson.write(file, REFERENCE, WEIGHTS);
    assertEquals(REFERENCE, ReferenceJson.read(file, WEIGHTS));
    refused(file, new float[] {1, 2, 4}, "other weights than those of the model beside it");
  }

  private static void refused(Path file, float[] weights, String part) {
    String message =
        String.valueOf(
            assertThrows(CheckpointException.class, () -> ReferenceJson.read(file, weights))
                .getMessage());
    assertTrue(message.contains(part), message);
    assertTrue(message.contains("reference.json"), message);
  }

  private void changed(String from, String to, String part) throws IOException {
    Path file = folder.resolve("reference.json");
    ReferenceJson.write(file, REFERENCE, WEIGHTS);
    String text = Files.readString(file);
    assertTrue(text.contains(from), text);
    Files.writeString(file, text.replace(from, to));
    refused(file, WEIGHTS, part);
  }

  @Test
  void faultsAreRefused() throws IOException {
    refused(folder.resolve("no/reference.json"), WEIGHTS, "cannot be read: there is no such file");
    changed("\"format\":1", "\"format\":2", "format: expected 1, given 2; a newer vae4j wrote");
    changed("\"rows\":12", "\"rows\":0", "rows: expected 1 or more, given 0");
    changed("\"rows\":12", "\"row\":12", "row: unknown key; did you mean rows?");
    changed("\"sampled\":10", "\"sampled\":3", "not more quantiles than values, given 2 missing");
    changed("\"missing\":2", "\"missing\":-2", "\"a \"b\"\": expected counts of 0 or more");
    changed("[7,5,0]", "[7,5.5,0]", "levels: expected whole numbers of 64 bits, given 5.5");
    changed("[7,5,0]", "[7,-5,0]", "\"land\": expected finite quantiles, and counts of 0 or more");
    changed("1.0E300", "1.0E999", "finite");
    changed("{", "", "invalid JSON");
  }
}
