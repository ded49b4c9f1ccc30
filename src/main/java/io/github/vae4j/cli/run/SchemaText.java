// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.dispatch.SealedTable;
import io.github.vae4j.schema.Column;
import io.github.vae4j.schema.Kind;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.schema.TimeFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A schema as a table for people and as JSON. */
public final class SchemaText {
  private static final int MOST_LINES = 60;
  private static final int LEVELS = 4;

  private SchemaText() {}

  /**
   * The columns as lines of a table.
   *
   * @param schema the columns
   * @return a heading, a line for each column, and the number of further columns if there are many
   */
  public static List<String> lines(Schema schema) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("column", "kind", "values", "missing", "scaling", "remark"));
    schema.columns().stream().limit(MOST_LINES).map(SchemaText::row).forEach(rows::add);
    List<String> lines = new ArrayList<>(TextTable.lines(rows));
    int further = schema.columns().size() - MOST_LINES;
    if (further > 0) {
      lines.add("... and " + Numbers.plural(further, "further column"));
    }
    return lines;
  }

  private static List<String> row(Column column) {
    return List.of(
        TextTable.shortened(column.name()),
        column.kind().id(),
        values(column.kind()),
        column.missing() == 0 ? "" : Numbers.percent(column.missing()),
        scaling(column.kind()),
        remark(column));
  }

  /** A column of an edited file may have no remark. */
  private static String remark(Column column) {
    return column.remark().isEmpty() && column.kind().role() == Kind.Role.OUT
        ? "left out: " + ((Kind.Out) column.kind()).reason().text()
        : column.remark();
  }

  private static final SealedTable<Kind, String, String> VALUES =
      SealedTable.<Kind, String, String>of(Kind.class)
          .with(
              Kind.Numeric.class,
              (none, kind) -> range(number(kind.least()), number(kind.greatest())))
          .with(Kind.Count.class, (none, kind) -> range("0", Long.toString(kind.greatest())))
          .with(Kind.Binary.class, (none, kind) -> levels(kind.levels()))
          .with(Kind.Categorical.class, (none, kind) -> levels(kind.levels()))
          .with(Kind.Datetime.class, (none, kind) -> range(day(kind.least()), day(kind.greatest())))
          .with(Kind.Out.class, (none, kind) -> none)
          .with(Kind.Label.class, (none, kind) -> levels(kind.levels()))
          .with(Kind.Weight.class, (none, kind) -> none)
          .with(Kind.Condition.class, (none, kind) -> kind.of().id() + ": " + values(kind.of()))
          .complete();

  private static final SealedTable<Kind, String, String> SCALINGS =
      SealedTable.<Kind, String, String>of(Kind.class)
          .with(
              Kind.Numeric.class,
              (none, kind) -> kind.scaling().rule().name().toLowerCase(Locale.ROOT))
          .with(Kind.Count.class, (none, kind) -> none)
          .with(Kind.Binary.class, (none, kind) -> none)
          .with(Kind.Categorical.class, (none, kind) -> none)
          .with(
              Kind.Datetime.class,
              (none, kind) ->
                  "trend" + (kind.hour() ? ", hour" : "") + (kind.weekday() ? ", weekday" : ""))
          .with(Kind.Out.class, (none, kind) -> none)
          .with(Kind.Label.class, (none, kind) -> none)
          .with(Kind.Weight.class, (none, kind) -> none)
          .with(Kind.Condition.class, (none, kind) -> none)
          .complete();

  private static String values(Kind kind) {
    return VALUES.apply("", kind);
  }

  private static String range(String least, String greatest) {
    return least + " to " + greatest;
  }

  private static String day(double seconds) {
    return TimeFormat.DATE.text(seconds, true);
  }

  private static String levels(List<String> levels) {
    String first =
        String.join(", ", levels.stream().limit(LEVELS).map(TextTable::shortened).toList());
    return levels.size() <= LEVELS
        ? first
        : first + ", ... " + Numbers.plural(levels.size(), "level");
  }

  private static String scaling(Kind kind) {
    return SCALINGS.apply("", kind);
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.6g", value);
  }

  /**
   * The columns for programs.
   *
   * @param schema the columns
   * @return name, kind, values, share of missing values, scaling and remark of each
   */
  public static List<JsonLine> json(Schema schema) {
    return schema.columns().stream()
        .map(
            column ->
                new JsonLine()
                    .put("column", column.name())
                    .put("kind", column.kind().id())
                    .put("values", values(column.kind()))
                    .put("missing", column.missing())
                    .put("scaling", scaling(column.kind()))
                    .put("remark", remark(column)))
        .toList();
  }
}
