// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.train.TrainListener.Progress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressLineTest {
  private static final Progress HALF = new Progress(3, 10, 234, 468, 45_234.4, -85.11, 25.13);
  private static final Duration LEFT = Duration.ofSeconds(72);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | epoch  3/10 234/468 [===============>              ] 45,234 images/s ETA 1:12 ELBO"
            + " -110.2 = -85.1 - 25.1",
        "80 | epoch  3/10 234/468 [==>  ] 45,234 images/s ETA 1:12 ELBO -110.2 = -85.1 - 25.1",
        "79 | epoch  3/10 234/468 45,234 images/s ETA 1:12 ELBO -110.2 = -85.1 - 25.1",
        "60 | epoch  3/10 234/468 ETA 1:12 ELBO -110.2 = -85.1 - 25.1",
        "50 | epoch  3/10 234/468 ETA 1:12 ELBO -110.2",
        "34 | epoch  3/10 234/468 ELBO -110.2",
        "25 | epoch  3/10 234/468",
        "12 | epoch  3/10"
      })
  void leavesOutWhatMattersLeast(int columns, String expected) {
    assertEquals(expected, ProgressLine.of(HALF, "images", LEFT, columns));
  }

  @Test
  void neverReachesTheLastColumn() {
    Progress large = new Progress(1000, 1000, 99_999, 99_999, 9_999_999, -123_456.7, 8_901.2);
    for (int columns = 10; columns < 200; columns++) {
      for (Progress progress : new Progress[] {HALF, large}) {
        String line = ProgressLine.of(progress, "images", LEFT, columns);
        assertTrue(line.length() < columns, columns + ": " + line);
      }
    }
  }

  @Test
  void theBarIsEmptyAtFirstAndFullAtLast() {
    Progress first = new Progress(1, 1, 1, 100, 0.5, Double.NaN, 1);
    assertEquals(
        "epoch 1/1   1/100 [>                             ]    0.5 rows/s ETA -:-- ELBO NaN = NaN - 1.0",
        ProgressLine.of(first, "rows", null, 120));
    Progress last = new Progress(1, 1, 100, 100, 12, -2, 1);
    assertTrue(ProgressLine.of(last, "rows", LEFT, 120).contains("[" + "=".repeat(30) + "]"));
  }
}
