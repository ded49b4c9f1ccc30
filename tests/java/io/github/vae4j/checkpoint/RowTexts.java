// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.data.Numerals;
import io.github.vae4j.dispatch.SealedTable;
import io.github.vae4j.schema.Column;
import io.github.vae4j.schema.Kind;
import io.github.vae4j.schema.MissingTexts;
import io.github.vae4j.schema.Reading;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.schema.TimeFormat;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Random texts of cells: values of each kind in the forms that people write, and broken ones. */
final class RowTexts {
  private static final String CHARACTERS =
      "0123456789.,'\u2019 \u00a0\u202f\u2003%eE+-\u2212:TtZzAPM/naN\u0663\u00dc\u212a\n";

  private static final List<String> NUMBERS =
      List.of(
          "1.7976931348623157e308",
          "1.7976931348623159e308",
          "1e309",
          "-1e309",
          "4.9e-324",
          "2.4703282292062327e-324",
          "2.4703282292062328e-324",
          "2.2250738585072011e-308",
          "-0",
          "-0.0e5",
          "0e99999999999",
          "9007199254740993",
          "123456789012345678901234567890",
          "0.000000000000000000000000000000000000123456789012345678",
          "1e23",
          "8.41e21",
          "5e-1",
          ".5",
          "5.",
          ".",
          "",
          "+",
          "1e",
          "1e+",
          "0x10",
          "Infinity",
          "1f",
          "1d",
          "1_000",
          "(5)",
          "\u22125",
          "5e\u22123",
          "\u0663",
          "12 %",
          "12\u00a0%",
          "%",
          "1,234",
          "12,34,567.5",
          "1 234,5",
          "1.234.567,25",
          "1'234'567.25",
          "1\u2019234",
          "1234,567",
          "1000001",
          "2.5",
          "3.0");

  private static final List<String> TIMES =
      List.of(
          "2024-02-29",
          "2023-02-29",
          "0000-01-01",
          "9999-12-31",
          "-999-01-01",
          "+999-01-01",
          "2024-02-30T10:00",
          "2024-02-31T10:00Z",
          "2023-04-31T23:59:59.999999999+18:00",
          "2023-04-31T23:59:59+18:01",
          "2024-01-01T24:00Z",
          "2024-01-01T24:00:00.000Z",
          "2024-01-01T24:00",
          "2024-01-01T24:01Z",
          "2024-01-01t10:00",
          "2024-01-01 10:00:60",
          "2024-01-01    10:00",
          "2024-01-01 \u2003 10:00:01",
          "2024-01-01 \u00a0 10:00:01",
          "2024-01-01T10:00:05.",
          "2024-01-01T10:00:05.1234567890",
          "2024-01-01T10:00:05,5",
          "2024-01-01T10:00Z",
          "2024-01-01T10:00z",
          "2024-01-01T10:00ZZ",
          "2024-01-01T10:00Z+0000",
          "2024-01-01T10:00+01:00+01",
          "2024-01-01T10:00+01:00+02",
          "2024-01-01T10:00+0130",
          "2024-01-01T10:00+01",
          "2024-01-01T10:00+24:00",
          "2024-01-01T10:00-00:30",
          "2024-01-01T10:00+01:60",
          "2024-01-01T10:00+0160",
          "2024-01-01T10:00+61",
          "2024-01-01T10:00+",
          "9223372036854775807",
          "-9223372036854775808",
          "9223372036854775808",
          "+5",
          "-0",
          "--5",
          "\u0661\u0662",
          "-",
          "1.5");

  private static final SealedTable<Kind, RowTexts, String> TEXTS =
      SealedTable.<Kind, RowTexts, String>of(Kind.class)
          .with(Kind.Numeric.class, (texts, kind) -> texts.number())
          .with(Kind.Count.class, (texts, kind) -> texts.count())
          .with(Kind.Binary.class, RowTexts::level)
          .with(Kind.Categorical.class, RowTexts::level)
          .with(Kind.Datetime.class, (texts, kind) -> texts.time(kind.format()))
          .with(Kind.Out.class, (texts, kind) -> "anything")
          .with(Kind.Label.class, RowTexts::level)
          .with(Kind.Weight.class, (texts, kind) -> "1")
          .with(Kind.Condition.class, (texts, kind) -> texts.value(kind.of()))
          .complete();

  private final Random random;
  private final Reading reading;

  RowTexts(Random random, Reading reading) {
    this.random = random;
    this.reading = reading;
  }

  /** The texts of the columns that a row needs; one of them may be broken, others missing. */
  List<String> row(Schema schema) {
    List<Column> used =
        schema.columns().stream().filter(column -> Schema.isUsed(column.kind())).toList();
    List<String> row = new ArrayList<>();
    for (Column column : used) {
      String text = value(column.kind());
      boolean mayMiss = column.kind().role() == Kind.Role.MODELLED;
      row.add(padded(mayMiss && random.nextInt(12) == 0 ? missing() : text));
    }
    if (random.nextInt(3) == 0) {
      int at = random.nextInt(row.size());
      boolean time = used.get(at).kind().isTime();
      row.set(at, random.nextBoolean() ? broken(row.get(at)) : pick(time ? TIMES : NUMBERS));
    }
    return row;
  }

  private String value(Kind kind) {
    return TEXTS.apply(this, kind);
  }

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private String padded(String text) {
    return random.nextInt(10) == 0 ? pick(List.of(" ", "\t", "\u00a0\ufeff")) + text + " " : text;
  }

  private String missing() {
    List<String> texts = new ArrayList<>(MissingTexts.STANDARD);
    texts.addAll(reading.missing().more());
    texts.add("");
    String text = pick(texts);
    return random.nextBoolean() ? text : text.toUpperCase(Locale.ROOT);
  }

  /** A text with a few other characters. */
  String broken(String text) {
    StringBuilder changed = new StringBuilder(text);
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(changed.length() + 1);
      char c = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
      switch (random.nextInt(3)) {
        case 0 -> changed.insert(at, c);
        case 1 -> changed.replace(at, Math.min(at + 1, changed.length()), String.valueOf(c));
        default -> changed.delete(at, Math.min(at + 1, changed.length()));
      }
    }
    // Half of a surrogate pair is no text of a file.
    return new String(changed.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  private String number() {
    double value =
        switch (random.nextInt(5)) {
          case 0 -> random.nextInt(2000) - 1000;
          case 1 -> Math.rint(random.nextGaussian() * 1e5) / 100;
          case 2 -> random.nextGaussian();
          case 3 -> random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
          default -> Double.longBitsToDouble(random.nextLong());
        };
    value = Double.isFinite(value) ? value : 0;
    String text =
        Math.abs(value) < 1e15 && Math.abs(value) > 1e-15 && random.nextBoolean()
            ? new BigDecimal(value).setScale(random.nextInt(20), RoundingMode.DOWN).toPlainString()
            : Double.toString(value);
    return marked(text);
  }

  /** The text with the marks of the table's numbers. */
  private String marked(String text) {
    Numerals numerals = reading.numerals();
    String marked = text.replace('.', numerals.decimal());
    int point = marked.indexOf(numerals.decimal());
    Character thousands = numerals.thousands();
    if (thousands != null && point > 0 && marked.indexOf('E') < 0 && random.nextBoolean()) {
      StringBuilder grouped = new StringBuilder(marked);
      for (int at = point - 3; at > (marked.startsWith("-") ? 1 : 0); at -= 3) {
        grouped.insert(at, typographic(thousands));
      }
      marked = grouped.toString();
    }
    if (random.nextInt(20) == 0) {
      marked = marked.replace('-', '\u2212');
    }
    return numerals.percent() && random.nextBoolean() ? marked + pick(List.of("%", " %")) : marked;
  }

  private char typographic(char mark) {
    if (random.nextBoolean()) {
      return mark;
    }
    return mark == ' ' ? '\u202f' : mark == '\'' ? '\u2019' : mark;
  }

  private String count() {
    return marked(
        switch (random.nextInt(4)) {
          case 0 -> "0";
          case 1 -> Integer.toString(random.nextInt(100));
          case 2 -> random.nextInt(5000) + ".0";
          default -> Integer.toString(random.nextInt(3_000_000));
        });
  }

  private String level(Kind kind) {
    List<String> known = new ArrayList<>(kind.levels());
    known.addAll(kind.rare());
    return random.nextInt(8) == 0 ? broken(pick(known)) : pick(known);
  }

  private String time(TimeFormat format) {
    long second = -2_208_988_800L + (long) (random.nextDouble() * 6.3e9);
    String text = format.text((double) second, random.nextBoolean());
    if (format.id().endsWith("X") || format.equals(TimeFormat.OFFSET)) {
      text = text.replace("Z", pick(List.of("Z", "+01:00", "-0930", "+05", "z")));
    }
    boolean fraction = text.matches(".*T\\d\\d:\\d\\d:\\d\\d.*") && random.nextInt(4) == 0;
    return fraction
        ? text.replaceFirst("(T\\d\\d:\\d\\d:\\d\\d)", "$1." + random.nextInt(1_000_000))
        : text;
  }
}
