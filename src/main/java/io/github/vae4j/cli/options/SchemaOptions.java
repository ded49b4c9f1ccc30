// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.checkpoint.SchemaJson;
import io.github.vae4j.cli.run.ReadProgress;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.Numerals;
import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableOptions;
import io.github.vae4j.schema.KindText;
import io.github.vae4j.schema.MissingTexts;
import io.github.vae4j.schema.Reading;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.schema.SchemaDraft;
import io.github.vae4j.schema.SchemaInference;
import io.github.vae4j.schema.SchemaRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of the schema of a table. */
public final class SchemaOptions {
  /** The value of {@code --schema} for tables of numbers, which need none. */
  public static final String NONE = "none";

  private static final String AUTO = "auto";
  private static final String FINDING = "vae4j: finding the kinds of columns";

  @Option(
      names = "--schema",
      paramLabel = "FILE",
      description =
          "The columns of a table: a file that the command schema has written, auto (found in the"
              + " data), or none: the table is a matrix of numbers (default: auto, or none with"
              + " --likelihood, --config or --mask).")
  private @Nullable String schema;

  @Option(
      names = "--column",
      paramLabel = "NAME=KIND",
      description =
          "The kind of a column, if it is not the one that is found: numeric, count, binary,"
              + " categorical, datetime, out, label, weight or condition; with a setting:"
              + " numeric:log, categorical:50, datetime:dd.MM.yyyy. May be given for several"
              + " columns.")
  private List<String> columns = new ArrayList<>();

  @Option(
      names = "--na",
      paramLabel = "TEXT",
      description =
          "A text that stands for a missing value, beside an empty field, NA, NaN, null, None, N/A,"
              + " #N/A, <NA>, ? and -. May be given several times.")
  private List<String> missing = new ArrayList<>();

  @Option(
      names = "--separator",
      paramLabel = "CHAR",
      description = "Between the fields of a line: a character, or tab (default: found).")
  private @Nullable String separator;

  @Option(
      names = "--quote",
      paramLabel = "CHAR",
      description = "The mark around a field (default: found).")
  private @Nullable String quote;

  @Option(
      names = "--header",
      paramLabel = "HOW",
      description =
          "Whether the first line has the names of the columns: yes, no or auto (default auto).")
  private TableOptions.@Nullable Header header;

  @Option(
      names = "--encoding",
      paramLabel = "NAME",
      description =
          "Of the text, as in windows-1252 (default: that of the file's mark, else UTF-8).")
  private @Nullable String encoding;

  @Option(
      names = "--decimal",
      paramLabel = "CHAR",
      description = "The decimal mark of numbers: . or , (default .).")
  private @Nullable String decimal;

  @Option(
      names = "--thousands",
      paramLabel = "CHAR",
      description =
          "The mark between groups of digits: . , ' or a blank, which is also a no-break space"
              + " (default: none).")
  private @Nullable String thousands;

  @Option(names = "--percent", description = "Read 12 %% as the number 12.")
  private boolean percent;

  @Mixin private BadRowOptions badRows = new BadRowOptions();

  /**
   * The treatment of bad rows and of unknown texts.
   *
   * @return the options
   */
  public BadRowOptions badRows() {
    return badRows;
  }

  /**
   * Whether a table has a schema.
   *
   * @param spec of the data
   * @param numbers whether other options ask for a matrix of numbers
   * @return false for other data, and for a table that is a matrix of numbers
   * @throws IllegalArgumentException if options for a schema are given, and there is none
   */
  public boolean applies(String spec, boolean numbers) {
    String asked = schema == null ? (numbers ? NONE : AUTO) : schema;
    boolean table = Table.isTable(spec);
    if (table && !asked.equals(NONE)) {
      if (numbers && schema != null) {
        throw new IllegalArgumentException(
            "--schema: expected "
                + NONE
                + " with --likelihood, --config, --mask or --shape, given "
                + schema);
      }
      return true;
    }
    String given = given(List.of());
    if (given != null) {
      throw new IllegalArgumentException(
          given
              + " is for a table with a schema, and "
              + (table ? spec + " is read as a matrix of numbers" : spec + " is no table"));
    }
    return false;
  }

  /**
   * The first option that only a new table with a schema has.
   *
   * @return its name; null if none is given
   */
  @Nullable String first() {
    return given(List.of());
  }

  /** An option that only a table with a schema has; null if none but the exceptions is given. */
  private @Nullable String given(List<String> exceptions) {
    Map<String, Boolean> all = new LinkedHashMap<>();
    all.put("--schema", schema != null && !schema.equals(NONE));
    all.put("--column", !columns.isEmpty());
    all.put("--na", !missing.isEmpty());
    all.put("--separator", separator != null);
    all.put("--quote", quote != null);
    all.put("--header", header != null);
    all.put("--encoding", encoding != null);
    all.put("--decimal", decimal != null);
    all.put("--thousands", thousands != null);
    all.put("--percent", percent);
    return all.entrySet().stream()
        .filter(option -> option.getValue() && !exceptions.contains(option.getKey()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  /**
   * The schema of a table: from the file that {@code --schema} names, or from the data.
   *
   * @param spec of the table
   * @param roles the text of a kind by the name of its column, from other options
   * @param report shows the progress
   * @return the schema
   */
  public Schema of(String spec, Map<String, String> roles, Report report) {
    // The pass that encodes rows reports bad ones.
    BadRows policy = badRows.policy().skips() ? BadRows.skip() : BadRows.fail();
    if (schema != null && !schema.equals(AUTO)) {
      Path file = Path.of(schema);
      if (!Files.isRegularFile(file)) {
        throw new IllegalArgumentException(
            "--schema: expected auto, none or a file, given \"" + schema + "\": no such file");
      }
      refuseWithFile(roles);
      SchemaDraft draft = SchemaJson.read(file);
      try (Table table = Table.open(spec, draft.reading().options());
          ReadProgress progress = ReadProgress.of(report, FINDING)) {
        return SchemaInference.complete(table, draft, policy, progress);
      }
    }
    Map<String, String> kinds = new LinkedHashMap<>(roles);
    for (String column : columns) {
      int equals = column.lastIndexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "--column: expected NAME=KIND, as in zip=categorical, given \"" + column + "\"");
      }
      String kind = column.substring(equals + 1);
      requireKind(column, kind);
      String other = kinds.put(column.substring(0, equals), kind);
      if (other != null) {
        throw new IllegalArgumentException(
            "--column " + column + ": another option gives that column the kind " + other);
      }
    }
    requireOne(kinds, "label");
    requireOne(kinds, "weight");
    Reading reading = reading();
    try (Table table = Table.open(spec, reading.options());
        ReadProgress progress = ReadProgress.of(report, FINDING)) {
      return SchemaInference.infer(table, new SchemaRequest(kinds, reading), policy, progress);
    }
  }

  /** A kind that is none is refused before a large table is read. */
  private static void requireKind(String option, String kind) {
    try {
      KindText.parse(kind);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw new IllegalArgumentException("--column " + option + ": " + message, e);
    }
  }

  private static void requireOne(Map<String, String> kinds, String kind) {
    List<String> found =
        kinds.entrySet().stream()
            .filter(column -> KindText.parse(column.getValue()).name().equals(kind))
            .map(Map.Entry::getKey)
            .toList();
    if (found.size() > 1) {
      throw new IllegalArgumentException(
          "--column: expected one column of the kind "
              + kind
              + " at most, given "
              + String.join(", ", found));
    }
  }

  private void refuseWithFile(Map<String, String> roles) {
    String other = given(List.of("--schema"));
    if (other != null || !roles.isEmpty()) {
      throw new IllegalArgumentException(
          "--schema: the file has the kinds of all columns and the format of texts: leave "
              + (other == null ? "--label-column, --weights and --condition" : other)
              + " out, or change the file");
    }
  }

  private Reading reading() {
    Character mark = character("--decimal", decimal);
    try {
      return new Reading(
          character("--separator", separator),
          character("--quote", quote),
          header == null ? TableOptions.Header.AUTO : header,
          encoding,
          new Numerals(mark == null ? '.' : mark, character("--thousands", thousands), percent),
          new MissingTexts(missing));
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw new IllegalArgumentException(message.startsWith("--") ? message : "--" + message, e);
    }
  }

  private static @Nullable Character character(String option, @Nullable String text) {
    if (text == null) {
      return null;
    }
    if (text.toLowerCase(Locale.ROOT).equals("tab") || text.equals("\\t")) {
      return '\t';
    }
    if (text.length() != 1) {
      throw new IllegalArgumentException(
          option + ": expected one character, given \"" + text + "\"");
    }
    return text.charAt(0);
  }
}
