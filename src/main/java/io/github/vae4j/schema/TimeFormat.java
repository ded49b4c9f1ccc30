// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The format of a column's dates and times, as seconds since 1970 of the clock that the text shows.
 * Times with an offset from UTC are those of UTC.
 *
 * @param id {@code iso-date} (2026-11-28), {@code iso-datetime} (2026-11-28T09:30:00, also with a
 *     space, without seconds, with a fraction, or the date alone), {@code iso-datetime-space} (with
 *     a space only), {@code iso-offset} (the same with Z or +01:00), {@code epoch-seconds}, {@code
 *     epoch-millis}, or a pattern of {@link DateTimeFormatter} such as {@code dd.MM.yyyy}
 */
public record TimeFormat(String id) {
  /** Seconds of an hour. */
  static final int HOUR = 3600;

  /** Seconds of a day. */
  static final int DAY = 86400;

  private static final int MINUTE = 60;

  private static final List<String> NAMES =
      List.of(
          "iso-date",
          "iso-datetime",
          "iso-datetime-space",
          "iso-offset",
          "epoch-seconds",
          "epoch-millis");

  /** Dates. */
  public static final TimeFormat DATE = new TimeFormat("iso-date");

  /** Dates with a time. */
  public static final TimeFormat DATETIME = new TimeFormat("iso-datetime");

  /** Dates with a time after a space. */
  public static final TimeFormat SPACED = new TimeFormat("iso-datetime-space");

  /** Dates with a time and an offset from UTC. */
  public static final TimeFormat OFFSET = new TimeFormat("iso-offset");

  /** Seconds since 1970. */
  public static final TimeFormat SECONDS = new TimeFormat("epoch-seconds");

  /** Milliseconds since 1970. */
  public static final TimeFormat MILLIS = new TimeFormat("epoch-millis");

  /** The formats that are recognised in texts. */
  static final List<TimeFormat> TEXTS = List.of(DATE, SPACED, DATETIME, OFFSET);

  /** The length of a date and a time to the minute. */
  private static final int MINUTES = 16;

  private static final DateTimeFormatter TO_MINUTES =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm", Locale.ROOT);

  private static final DateTimeFormatter WITH_OFFSET =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .appendPattern("[XXX][XX][X]")
          .toFormatter(Locale.ROOT);

  /** Checks a pattern. {@inheritDoc} */
  public TimeFormat {
    if (!NAMES.contains(id)) {
      try {
        pattern(id);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "format: expected one of "
                + String.join(", ", NAMES)
                + ", or a pattern such as dd.MM.yyyy, given \""
                + id
                + "\" ("
                + e.getMessage()
                + ")",
            e);
      }
    }
  }

  /** A strict format, in which 31 February is none; yyyy is the year of the common era. */
  private static DateTimeFormatter pattern(String text) {
    return new DateTimeFormatterBuilder()
        .appendPattern(text)
        .parseDefaulting(ChronoField.ERA, 1)
        .toFormatter(Locale.ROOT)
        .withResolverStyle(ResolverStyle.STRICT);
  }

  /** Reads texts of one format. */
  interface Reader {
    /** Seconds since 1970; NaN for a text that is no time of this format. */
    double read(String text);
  }

  /** A reader of later tables, in which another program may have written a T for the space. */
  Reader laterReader() {
    return equals(SPACED) ? DATETIME.reader() : reader();
  }

  /** A reader of this format. */
  Reader reader() {
    if (equals(DATE)) {
      return text -> isDate(text) ? quietly(text, TimeFormat::date) : Double.NaN;
    } else if (equals(DATETIME)) {
      return text ->
          isDate(text) || isLong(text) ? quietly(text, TimeFormat::dateTime) : Double.NaN;
    } else if (equals(SPACED)) {
      return text ->
          isDate(text) || (isLong(text) && text.charAt(10) == ' ')
              ? quietly(text, TimeFormat::dateTime)
              : Double.NaN;
    } else if (equals(OFFSET)) {
      return text -> isLong(text) ? quietly(text, TimeFormat::offset) : Double.NaN;
    } else if (equals(SECONDS)) {
      return text -> number(text, 1);
    } else if (equals(MILLIS)) {
      return text -> number(text, 1000);
    }
    DateTimeFormatter formatter = pattern(id);
    return text -> quietly(text, given -> seconds(formatter.parse(given)));
  }

  private static boolean isDate(String text) {
    return text.length() == 10 && text.charAt(4) == '-';
  }

  /** Whether a text can begin with a date and have a time. */
  private static boolean isLong(String text) {
    return text.length() >= 16 && text.charAt(4) == '-';
  }

  private interface Parser {
    double parse(String text);
  }

  private static double quietly(String text, Parser parser) {
    try {
      return parser.parse(text);
    } catch (DateTimeException e) {
      return Double.NaN;
    }
  }

  private static double number(String text, double perSecond) {
    try {
      return Long.parseLong(text) / perSecond;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static double date(String text) {
    return LocalDate.parse(text).toEpochDay() * (double) DAY;
  }

  private static double dateTime(String text) {
    return text.length() == 10 ? date(text) : seconds(LocalDateTime.parse(withT(text)));
  }

  private static double offset(String text) {
    return seconds(OffsetDateTime.parse(withT(text), WITH_OFFSET).toInstant());
  }

  private static double seconds(Instant instant) {
    return instant.getEpochSecond() + instant.getNano() / 1e9;
  }

  private static String withT(String text) {
    return text.charAt(10) == ' ' ? text.substring(0, 10) + 'T' + text.substring(11).strip() : text;
  }

  private static double seconds(LocalDateTime time) {
    return seconds(time.toInstant(ZoneOffset.UTC));
  }

  private static double seconds(TemporalAccessor parsed) {
    if (parsed.isSupported(ChronoField.OFFSET_SECONDS)
        && parsed.isSupported(ChronoField.INSTANT_SECONDS)) {
      return parsed.getLong(ChronoField.INSTANT_SECONDS);
    }
    LocalDate date = parsed.query(TemporalQueries.localDate());
    if (date == null) {
      throw new DateTimeException("no date");
    }
    LocalTime time =
        Optional.ofNullable(parsed.query(TemporalQueries.localTime())).orElse(LocalTime.MIDNIGHT);
    return seconds(date.atTime(time));
  }

  /**
   * The unit of a time: the largest of a day, an hour, a minute and a second that divides it.
   *
   * @param seconds since 1970
   * @param most the largest unit that is taken
   * @return the unit in seconds; a second for a time with a fraction
   */
  static int unit(double seconds, int most) {
    for (int unit : new int[] {DAY, HOUR, MINUTE}) {
      if (unit <= most && seconds % unit == 0) {
        return unit;
      }
    }
    return 1;
  }

  /** Whether a text of an ISO format has seconds; true of other formats. */
  boolean hasSeconds(String text) {
    return !TEXTS.contains(this) || (text.length() > MINUTES && text.charAt(MINUTES) == ':');
  }

  /**
   * The text of a time.
   *
   * @param seconds since 1970
   * @param withSeconds whether a time of an ISO format is written with its seconds
   * @return the text in this format, to the second
   */
  public String text(double seconds, boolean withSeconds) {
    long whole = Math.round(seconds);
    DateTimeFormatter iso = withSeconds ? DateTimeFormatter.ISO_LOCAL_DATE_TIME : TO_MINUTES;
    LocalDateTime time = LocalDateTime.ofEpochSecond(whole, 0, ZoneOffset.UTC);
    if (equals(DATE)) {
      return time.toLocalDate().toString();
    } else if (equals(DATETIME)) {
      return iso.format(time);
    } else if (equals(SPACED)) {
      return iso.format(time).replace('T', ' ');
    } else if (equals(OFFSET)) {
      return iso.format(time) + "Z";
    } else if (equals(SECONDS)) {
      return Long.toString(whole);
    } else if (equals(MILLIS)) {
      return Long.toString(Math.round(seconds * 1000));
    }
    return pattern(id).format(time.atOffset(ZoneOffset.UTC));
  }
}
