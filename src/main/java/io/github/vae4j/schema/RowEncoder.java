// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.DataException;
import io.github.vae4j.data.Excerpt;
import io.github.vae4j.data.RowBuffer;
import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes numbers of the rows of a table, whose columns are found by their names. For one thread at a
 * time.
 */
public final class RowEncoder {
  private final String table;
  private final boolean program;
  private final Reading reading;
  private final MissingTexts.Test missing;
  private final List<String> names;
  private final Features features;
  private final Map<String, Integer> places;
  private final Unseen unseen = new Unseen();
  private final List<Cell> modelled;
  private final List<Cell> given;
  private final Cell.@Nullable Source label;
  private final Map<String, Integer> classes = new HashMap<>();
  private final Cell.@Nullable Source weight;
  private final float[] values;
  private final float[] conditions;
  private final List<String> remarks = new ArrayList<>();

  /** The treatment of columns of the schema that a table does not have. */
  public enum Absent {
    /** They are refused. */
    REFUSE,
    /** All of their values are missing; a column of the condition is refused. */
    MISSING
  }

  /**
   * An encoder of a table.
   *
   * @param features of the schema
   * @param table with the columns of the schema, in any order
   * @param absent the treatment of columns that it does not have
   * @throws DataException if a column is not there
   */
  public RowEncoder(Features features, Table table, Absent absent) {
    this(features, table.name(), table.columns(), absent);
  }

  /**
   * An encoder of rows that are no table's.
   *
   * @param features of the schema
   * @param table a name of the rows, for messages
   * @param columns the names of the columns, in the order of the rows
   * @param absent the treatment of columns that the rows do not have
   * @throws DataException if a column is not there
   */
  public RowEncoder(Features features, String table, List<String> columns, Absent absent) {
    this(features, table, columns, absent, /* program= */ false);
  }

  private RowEncoder(
      Features features, String table, List<String> columns, Absent absent, boolean program) {
    Schema schema = features.schema();
    this.features = features;
    this.table = table;
    this.program = program;
    this.names = List.copyOf(columns);
    this.places = Table.places(names);
    this.reading = schema.reading();
    this.missing = reading.missing().test();
    requireColumns(schema, absent);
    remarkFurther(schema);
    modelled = cells(schema, features.modelled(), kind -> kind);
    given = cells(schema, features.given(), kind -> ((Kind.Condition) kind).of());
    label = role(schema, Kind.Role.LABEL);
    weight = role(schema, Kind.Role.WEIGHT);
    for (Column column : schema.columns()) {
      if (column.kind().role() == Kind.Role.LABEL) {
        column.kind().levels().forEach(name -> classes.put(name, classes.size()));
      }
    }
    values = new float[features.width()];
    conditions = new float[features.givenWidth()];
  }

  /**
   * An encoder of rows of a program, for {@link #encode(TableRows)}. Its messages have remedies for
   * the program that gives a row, because the format of texts was chosen long before.
   *
   * @param features of the schema
   * @param columns the names of all columns that a score needs, in the order of the rows
   * @return the encoder
   * @throws DataException if a column is not there
   */
  public static RowEncoder ofProgram(Features features, List<String> columns) {
    return new RowEncoder(features, "row", columns, Absent.REFUSE, /* program= */ true);
  }

  private void requireColumns(Schema schema, Absent absent) {
    Predicate<Kind> needed =
        kind ->
            kind.role() == Kind.Role.CONDITION
                || (absent == Absent.REFUSE && Schema.isModelled(kind));
    List<String> gone =
        schema.columns().stream()
            .filter(column -> needed.test(column.kind()) && !places.containsKey(column.name()))
            .map(Column::name)
            .toList();
    if (!gone.isEmpty()) {
      throw new DataException(
          table
              + ": has no column "
              + Excerpt.quoted(gone)
              + ", which the model was trained with; it has "
              + Excerpt.quoted(names)
              + remedy(schema));
    }
    if (!hasModelled(schema)) {
      throw new DataException(
          table + ": has no column of the model; it has " + Excerpt.quoted(names));
    }
    List<String> missingColumns = absent();
    if (!missingColumns.isEmpty()) {
      remarks.add(
          table + ": has no column " + Excerpt.quoted(missingColumns) + ": all values are missing");
    }
  }

  /**
   * The modelled columns that the table does not have.
   *
   * @return their names, in the order of the schema
   */
  public List<String> absent() {
    return features.schema().modelled().stream()
        .map(Column::name)
        .filter(name -> !places.containsKey(name))
        .toList();
  }

  private boolean hasModelled(Schema schema) {
    return schema.modelled().stream().map(Column::name).anyMatch(places::containsKey);
  }

  private String remedy(Schema schema) {
    if (!hasModelled(schema)) {
      return ": it is another table, or its header has other names";
    }
    boolean given =
        schema.columns().stream()
            .anyMatch(
                column ->
                    column.kind().role() == Kind.Role.CONDITION
                        && !places.containsKey(column.name()));
    return given
        ? "; a column of the condition cannot be missing"
        : "; RowEncoder.Absent.MISSING takes all values of such a column as missing";
  }

  private void remarkFurther(Schema schema) {
    Set<String> known = schema.columns().stream().map(Column::name).collect(Collectors.toSet());
    List<String> further = names.stream().filter(name -> !known.contains(name)).toList();
    if (!further.isEmpty()) {
      remarks.add(
          table
              + ": leaves out "
              + Excerpt.quoted(further)
              + ", which the model was not trained with");
    }
  }

  private Cell.Source source(Column column) {
    return new Cell.Source(places.getOrDefault(column.name(), -1), column.name(), missing, program);
  }

  private Cell.@Nullable Source role(Schema schema, Kind.Role role) {
    for (Column column : schema.columns()) {
      if (column.kind().role() == role && places.containsKey(column.name())) {
        return source(column);
      }
    }
    return null;
  }

  private interface Meaning {
    Kind of(Kind kind);
  }

  private List<Cell> cells(Schema schema, List<Part> parts, Meaning meaning) {
    boolean plain = reading.missing().more().isEmpty();
    List<Cell> cells = new ArrayList<>();
    Map<Integer, List<Part>> byColumn = parts.stream().collect(Collectors.groupingBy(Part::column));
    for (Part part : parts) {
      Column column = schema.columns().get(part.column());
      Kind kind = meaning.of(column.kind());
      Cell.Source source = source(column);
      int at = part.first();
      switch (part.use()) {
        case NUMBER ->
            cells.add(
                kind.isTime()
                    ? time(
                        source,
                        (Kind.Datetime) kind,
                        Objects.requireNonNull(byColumn.get(part.column())))
                    : new Cell.Scaled(source, reading.numerals(), plain, part.scaling().map(), at));
        case COUNT -> cells.add(new Cell.Count(source, reading.numerals(), plain, at));
        case LEVELS -> cells.add(Cell.Levels.of(source, kind, at, unseen));
        case HOUR, WEEKDAY -> {
          // The cell of the trend writes them.
        }
      }
    }
    return cells;
  }

  private static Cell time(Cell.Source source, Kind.Datetime time, List<Part> parts) {
    return new Cell.Time(
        source,
        time.format(),
        time.format().laterReader(),
        time.scaling().map(),
        first(parts, Part.Use.NUMBER),
        first(parts, Part.Use.HOUR),
        first(parts, Part.Use.WEEKDAY));
  }

  /** The first feature of a part of a column; -1 if the column has no such part. */
  private static int first(List<Part> parts, Part.Use use) {
    return parts.stream()
        .filter(part -> part.use() == use)
        .mapToInt(Part::first)
        .findFirst()
        .orElse(-1);
  }

  /**
   * The remarks on the columns of the table.
   *
   * @return sentences; possibly none
   */
  public List<String> remarks() {
    return List.copyOf(remarks);
  }

  /**
   * The texts so far that are no levels of their columns.
   *
   * @return grows while rows are encoded
   */
  public Unseen unseen() {
    return unseen;
  }

  /**
   * Whether the table has the weights of rows.
   *
   * @return false if all rows count as one
   */
  public boolean weighted() {
    return weight != null;
  }

  /** The names of classes; null if the table has no label. */
  @Nullable List<String> classNames(Schema schema) {
    for (Column column : schema.columns()) {
      if (label != null && column.kind().role() == Kind.Role.LABEL) {
        return column.kind().levels();
      }
    }
    return null;
  }

  /**
   * Encodes a row.
   *
   * @param row the row of a pass over the table
   * @param badRows receives the row if it has a cell that is no value of its column
   * @return the notes of the row; null if it is bad
   */
  public RowBuffer.@Nullable Note encode(TableRows row, BadRows badRows) {
    try {
      return note(row);
    } catch (BadCell e) {
      badRows.add(table, row.place(), String.valueOf(e.getMessage()));
      return null;
    }
  }

  /**
   * Encodes a row of a program.
   *
   * @param row the row; its place is empty if it is the only one
   * @return the notes of the row
   * @throws DataException if it has a cell that is no value of its column; it names the place
   */
  public RowBuffer.Note encode(TableRows row) {
    try {
      return note(row);
    } catch (BadCell e) {
      String place = row.place();
      throw new DataException((place.isEmpty() ? "" : place + ": ") + e.getMessage(), e);
    }
  }

  private RowBuffer.Note note(TableRows row) throws BadCell {
    double slopes = 0;
    for (Cell cell : modelled) {
      slopes += cell.write(row, values);
    }
    for (Cell cell : given) {
      cell.write(row, conditions);
    }
    requireGiven();
    return new RowBuffer.Note(label(row), weight(row), slopes, row.line());
  }

  private void requireGiven() throws BadCell {
    for (Part part : features.given()) {
      if (Float.isNaN(conditions[part.first()])) {
        String name = features.schema().columns().get(part.column()).name();
        throw new BadCell("column \"" + name + "\": a value of the condition is missing");
      }
    }
  }

  private int label(TableRows row) {
    String text = label == null ? null : label.text(row);
    Integer number = text == null ? null : classes.get(text);
    if (text != null && number == null && label != null) {
      unseen.add(label.name(), text, row);
    }
    return number == null ? -1 : number;
  }

  private float weight(TableRows row) throws BadCell {
    if (weight == null) {
      return 1;
    }
    double value = Cell.Scaled.value(row, weight, reading.numerals(), /* plain= */ false);
    if (!(value >= 0) || value > Float.MAX_VALUE) {
      throw weight.wrong(
          String.valueOf(row.get(weight.column())), "no weight: a number of 0 or more");
    }
    return (float) value;
  }

  /**
   * The features of the last row.
   *
   * @return D values, overwritten by the next row
   */
  public float[] values() {
    return values;
  }

  /**
   * The features of the last row's condition.
   *
   * @return C values, overwritten by the next row
   */
  public float[] given() {
    return conditions;
  }
}
