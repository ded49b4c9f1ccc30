// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.VaeException;
import io.github.vae4j.backend.SanitizedLibrary;
import io.github.vae4j.data.Numerals;
import io.github.vae4j.infer.Calibration;
import io.github.vae4j.schema.Column;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Kind;
import io.github.vae4j.schema.Reading;
import io.github.vae4j.schema.RowEncoder;
import io.github.vae4j.schema.Scaling;
import io.github.vae4j.schema.Scaling.Rule;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.schema.TimeFormat;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts of rows have the same features in C++ (native/src/model) as in Java, bit for bit. */
final class NativeSchemaTest {
  private static final int ROWS = 1500;

  /** Faults of a schema; more of them by {@code -Dvae4j.fuzz.schema=3000}. */
  private static final int CHANGED = Integer.getInteger("vae4j.fuzz.schema", 600);

  @TempDir static Path folder;

  private static NativeRows rows;

  @BeforeAll
  static void build() throws Exception {
    rows = new NativeRows(folder, SanitizedLibrary.build());
  }

  private static final List<Double> KNOTS = List.of(-250.0, -0.5, -0.0, 0.25, 1.0, 3e3, 1e12);
  private static final List<Double> SCORES = List.of(-2.5, -1.0, -0.125, 0.3, 1.0, 2.0, 4.0);

  private static Scaling scaling(Rule rule) {
    return switch (rule) {
      case STANDARD -> new Scaling(rule, 0, 3.7, 11.3);
      case LOG -> new Scaling(rule, 1.5, 0.7, 2.3);
      case ROBUST -> new Scaling(rule, 0, 0, 17.7, KNOTS, SCORES);
    };
  }

  private static Kind numeric(Scaling scaling) {
    return new Kind.Numeric(scaling, -1, 1, 0, -1);
  }

  private static Kind time(TimeFormat format, boolean hour, boolean weekday) {
    return new Kind.Datetime(
        format, new Scaling(Rule.STANDARD, 0, 1.6e9, 3.1e8), 0, 1, hour, weekday, 1, true);
  }

  /** The formats that have names. */
  private static List<TimeFormat> formats() throws IllegalAccessException {
    List<TimeFormat> formats = new ArrayList<>();
    for (Field field : TimeFormat.class.getFields()) {
      if (field.getType() == TimeFormat.class) {
        formats.add((TimeFormat) field.get(null));
      }
    }
    return formats;
  }

  /** Kinds of every class, and of every rule and format. */
  private static List<Kind> kinds() throws IllegalAccessException {
    List<Kind> kinds = new ArrayList<>();
    for (Rule rule : Rule.values()) {
      kinds.add(numeric(scaling(rule)));
      kinds.add(new Kind.Condition(numeric(scaling(rule))));
    }
    kinds.add(numeric(new Scaling(Rule.STANDARD, 0, -1e-300, Double.MIN_VALUE)));
    kinds.add(numeric(new Scaling(Rule.LOG, 0, 0, 1e300)));
    kinds.add(
        numeric(
            new Scaling(Rule.ROBUST, 0, 0, 2000 * Double.MIN_VALUE, List.of(0.0), List.of(-0.0))));
    for (TimeFormat format : formats()) {
      kinds.add(time(format, kinds.size() % 2 == 0, kinds.size() % 3 == 0));
      kinds.add(time(format, true, true));
    }
    kinds.add(new Kind.Count(7));
    kinds.add(new Kind.Condition(new Kind.Count(7)));
    kinds.add(new Kind.Binary("no", "\u00fcber"));
    kinds.add(new Kind.Condition(new Kind.Binary("1", "0")));
    kinds.add(new Kind.Categorical(List.of("b", "B", "a b", "\ud83d\ude00"), List.of(), false));
    kinds.add(new Kind.Categorical(List.of("x"), List.of("y", "z"), false));
    kinds.add(new Kind.Categorical(List.of("u", "v"), List.of("w"), true));
    kinds.add(new Kind.Condition(new Kind.Categorical(List.of("c"), List.of(), true)));
    kinds.add(new Kind.Out(Kind.Reason.TEXT));
    kinds.add(new Kind.Label(List.of("0", "1")));
    kinds.add(new Kind.Weight());
    Set<Class<?>> classes = kinds.stream().map(Object::getClass).collect(Collectors.toSet());
    assertEquals(new HashSet<>(Arrays.asList(Kind.class.getPermittedSubclasses())), classes);
    return kinds;
  }

  private static Schema schema(List<Kind> kinds, Reading reading) {
    List<Column> columns = new ArrayList<>();
    for (Kind kind : kinds) {
      columns.add(new Column(columns.size() + " " + kind.id(), kind, 0.5, "remark"));
    }
    return new Schema(columns, reading);
  }

  static Stream<Reading> readings() {
    Reading plain = Reading.DEFAULTS;
    Numerals german = new Numerals(',', '.', true);
    return Stream.of(
        plain,
        plain.withNumerals(german),
        plain.withNumerals(new Numerals('.', ',', false)),
        plain
            .withNumerals(new Numerals(',', ' ', true))
            .withMissing(List.of("0", "Kelvin", "\u00c4")),
        plain.withNumerals(new Numerals('.', '\'', false)).withMissing(List.of("\u0130i", "-999")));
  }

  @ParameterizedTest
  @MethodSource("readings")
  void rowsHaveTheBitsOfJava(Reading reading) throws Exception {
    List<Kind> kinds = kinds();
    Random random = new Random(reading.toString().hashCode());
    Collections.shuffle(kinds, random);
    Schema schema = schema(kinds, reading);
    RowTexts texts = new RowTexts(random, reading);
    compare(schema, texts);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dd.MM.yyyy",
        "d.M.yyyy",
        "yyyyMMdd",
        "dMMyyyy",
        "uuuu/MM/dd HH",
        "dd.MM.yy HH:mm",
        "yy-M-d H:m:s",
        "MM/dd/yyyy hh:mm a",
        "h:mm a, d MMM yyyy",
        "MMMM d, u",
        "d-LLL-yyyyy",
        "yyyyMMddHHmmssSSS",
        "yyyyMMddHHmmss.SSSSSSSSS",
        "dd.MM.yyyy[ HH:mm[:ss]]",
        "[HH:mm ]yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mm:ssX",
        "yyyy-MM-dd HH:mm:ssXX",
        "yyyy-MM-dd HH:mm:ss.SSSXXX",
        "yyyy-MM-dd XXX",
        "yyyy'y''\u00e9'MM''dd",
        "yyyy-MM-dd mm",
        "yyyy-MM-dd HH ss",
        "yyyy-MM-dd HH:mm SSS",
        "HHmm dMyyyy"
      })
  void patternsHaveTheBitsOfJava(String pattern) throws Exception {
    Schema schema = schema(List.of(time(new TimeFormat(pattern), true, true)), Reading.DEFAULTS);
    RowTexts texts = new RowTexts(new Random(pattern.hashCode()), Reading.DEFAULTS);
    compare(schema, texts);
  }

  private static void compare(Schema schema, RowTexts texts) throws Exception {
    List<List<String>> own = Stream.generate(() -> texts.row(schema)).limit(ROWS).toList();
    rows.compare(schema, own, List.of());
  }

  /** A table without some columns, in another order, with further ones. */
  @Test
  void columnsAreFoundByTheirNames() throws Exception {
    Schema schema =
        schema(
            List.of(
                numeric(Scaling.NONE),
                new Kind.Binary("a", "b"),
                time(TimeFormat.DATE, true, true),
                new Kind.Condition(new Kind.Count(3))),
            Reading.DEFAULTS);
    rows.compare(
        schema,
        List.of(List.of("3", "no", "b"), List.of("", "x", "c"), List.of("x", "y", "a")),
        List.of("3 condition", "further", "1 binary"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"kind\": \"count\" | \"kind\": \"angle\" | 1: schema.json: columns[0].kind: expected one"
            + " of numeric, count, binary, categorical, datetime, out, label, weight, condition,"
            + " given \"angle\"",
        "\"greatest\": 3 | \"greatest\": -3 | 1: schema.json: columns[0].greatest: expected a whole"
            + " number from 0 to 9223372036854775807, given -3",
        "\"greatest\": 3 | \"greatest\": 3, \"least\": 0 | 1: schema.json: columns[0]: unknown key"
            + " \"least\"",
        "\"missing\": 0.5 | \"missing\": 1.5 | 1: schema.json: columns[0].missing: expected a"
            + " number from 0 to 1",
        "\"missing\": [ ] | \"missing\": [\"\u03a3\"] | 4: schema.json: reading.missing[0]: the C"
            + " API compares no text with a Greek sigma without case",
        "yyyy-MM-dd | dd. MM. YYYY | 4: schema.json: columns[1].format: the C API reads no times of"
            + " a pattern with \"YYYY\": \"dd. MM. YYYY\"",
        "yyyy-MM-dd | yyyy-MM | 4: schema.json: columns[1].format: the C API reads no times of a"
            + " pattern with no year, month and day: \"yyyy-MM\"",
        "\"format\": 1 | \"format\": 2 | 1: schema.json: format: expected 1, given 2; a newer vae4j"
            + " wrote this file",
        "1 datetime | 0 count | 1: schema.json: columns[1].name: \"0 count\" is the name of two"
            + " columns"
      })
  void schemasThatCannotBeReadAreRefused(String text, String other, String message)
      throws Exception {
    Kind time = time(new TimeFormat("yyyy-MM-dd"), true, false);
    Path json = folder.resolve("refused.json");
    SchemaJson.write(json, schema(List.of(new Kind.Count(3), time), Reading.DEFAULTS));
    String written = Files.readString(json);
    assertTrue(written.contains(text), written);
    Files.writeString(json, written.replace(text, other));
    assertEquals(List.of("error " + message), rows.run("encode", json.toString(), json.toString()));
  }

  /** Files with faults: both sides read them, or both refuse them. */
  @Test
  void changedSchemasAreReadOrRefusedAsByJava() throws Exception {
    Path json = folder.resolve("good.json");
    SchemaJson.write(json, schema(kinds(), readings().skip(4).findFirst().orElseThrow()));
    List<byte[]> good = List.of(Files.readAllBytes(json));
    Random random = new Random(3);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < CHANGED; i++) {
      byte[] changed = JsonMutation.of(good, random);
      texts.add(new String(changed, StandardCharsets.UTF_8));
      all.writeBytes((changed.length + "\n").getBytes(StandardCharsets.UTF_8));
      all.writeBytes(changed);
    }
    Path files = folder.resolve("changed");
    Files.write(files, all.toByteArray());
    List<String> given = rows.run("accept", files.toString());
    int read = 0;
    for (int i = 0; i < CHANGED; i++) {
      String expected = read(texts.get(i));
      String own = given.get(i);
      read += expected.startsWith("ok") ? 1 : 0;
      // A pattern that C++ lacks is refused as such, and half of a surrogate pair is no text there.
      if (!own.startsWith("error 4") && !own.contains("the second half of a pair")) {
        String form = expected.startsWith("ok") ? expected : "error";
        assertEquals(form, own.startsWith("ok") ? own : "error", own + " / " + expected);
      }
    }
    assertTrue(read > CHANGED / 50, read + " are read");
  }

  private static String read(String text) {
    try {
      Schema schema = SchemaJson.read(JsonFields.parse(folder, "", text));
      List<String> columns =
          schema.columns().stream()
              .filter(column -> Schema.isUsed(column.kind()))
              .map(Column::name)
              .toList();
      new RowEncoder(new Features(schema), "", columns, RowEncoder.Absent.REFUSE);
      return "ok " + new Features(schema).width();
    } catch (VaeException e) {
      return "error " + e.getMessage();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "refuse | 0 count | without \"1 condition\", which the model was trained with; given \"0"
            + " count\"",
        "missing | 0 count | without \"1 condition\", which the model was trained with; given \"0"
            + " count\"",
        "missing | 1 condition | none of the model; given \"1 condition\"",
        "missing | x,x | expected different names, given \"x\" twice"
      })
  void tablesWithoutColumnsAreRefused(String absent, String columns, String message)
      throws Exception {
    Path json = folder.resolve("columns.json");
    Kind condition = new Kind.Condition(new Kind.Count(3));
    SchemaJson.write(json, schema(List.of(new Kind.Count(3), condition), Reading.DEFAULTS));
    List<String> arguments =
        new ArrayList<>(List.of("encode", json.toString(), json.toString(), absent));
    arguments.addAll(List.of(columns.split(",", -1)));
    assertEquals(
        List.of("error 1: columns: " + message), rows.run(arguments.toArray(String[]::new)));
  }

  @Test
  void textsThatAreNoUtf8AreRefused() throws Exception {
    Path json = folder.resolve("bytes.json");
    SchemaJson.write(json, schema(List.of(new Kind.Binary("a", "b")), Reading.DEFAULTS));
    Path texts = folder.resolve("bytes");
    Files.write(texts, "Tx\u00e9\0".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(
        List.of("error: column \"0 binary\": \"x\\xE9\" is no UTF-8 at byte 2"),
        rows.run("encode", json.toString(), texts.toString()));
  }

  @Test
  void pValuesHaveTheBitsOfJava() throws Exception {
    Random random = new Random(1);
    List<Double> scores = new ArrayList<>(List.of(0.0, -0.0, 0.0, 1e300, -1e300, Double.MIN_VALUE));
    for (int i = 0; i < 500; i++) {
      double score = random.nextGaussian() * 30;
      scores.add(i % 3 == 0 ? Math.rint(score) : score);
    }
    float[] weights = new float[1000];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    Calibration calibration = new Calibration(64, -5, scores, List.of(1.0, 2.0, 3.0));
    List<Double> asked = new ArrayList<>(scores);
    for (int i = 0; i < 500; i++) {
      asked.add(random.nextGaussian() * 40);
    }
    asked.addAll(List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY));
    Calibration.Ranks ranks = calibration.ranks();
    List<String> expected = new ArrayList<>(List.of("64 -5 3", NativeRows.hex(ranks.least())));
    asked.forEach(score -> expected.add(NativeRows.hex(ranks.pValue(score))));
    // The bytes to the end of a block of the hash, and to a part of it.
    for (int count : new int[] {1000, 992, 13, 14, 15, 16}) {
      float[] own = Arrays.copyOf(weights, count);
      Path json = folder.resolve("calibration.json");
      CalibrationJson.write(json, calibration, own);
      assertEquals(expected, ranked(json, own, asked));
      own[count - 1]++;
      assertEquals(
          List.of(
              "error 1: calibration.json: is the calibration of other weights than those of the"
                  + " model beside it"),
          ranked(json, own, asked));
    }
  }

  private static List<String> ranked(Path json, float[] weights, List<Double> scores)
      throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(4 * weights.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(weights);
    Path weightFile = folder.resolve("weights");
    Files.write(weightFile, bytes.array());
    ByteBuffer asked = ByteBuffer.allocate(8 * scores.size()).order(ByteOrder.LITTLE_ENDIAN);
    scores.forEach(asked::putDouble);
    Path scoreFile = folder.resolve("scores");
    Files.write(scoreFile, asked.array());
    return rows.run("pvalue", json.toString(), weightFile.toString(), scoreFile.toString());
  }
}
