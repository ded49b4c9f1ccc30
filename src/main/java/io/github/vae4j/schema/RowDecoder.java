// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The texts of a table's cells, from the numbers that a model has for a row. */
public final class RowDecoder {
  private static final int HALF_WEEK = 3;

  private final Features features;
  private final List<ColumnParts> columns = new ArrayList<>();

  /** The features of a modelled column. */
  private record ColumnParts(int column, Kind kind, List<Part> parts, ScalingMap map) {}

  /**
   * A decoder.
   *
   * @param features of the schema
   */
  public RowDecoder(Features features) {
    this.features = features;
    Map<Integer, List<Part>> byColumn =
        features.modelled().stream()
            .collect(Collectors.groupingBy(Part::column, TreeMap::new, Collectors.toList()));
    byColumn.forEach(
        (column, parts) -> {
          Kind kind = features.schema().columns().get(column).kind();
          columns.add(new ColumnParts(column, kind, parts, parts.get(0).scaling().map()));
        });
  }

  /**
   * The number of modelled columns.
   *
   * @return the count
   */
  public int columns() {
    return columns.size();
  }

  /**
   * A modelled column.
   *
   * @param number 0 to columns - 1, in the order of the table
   * @return its name, kind, share of missing values and remark
   */
  public Column column(int number) {
    return features.schema().columns().get(columns.get(number).column);
  }

  /**
   * The number of a feature's column.
   *
   * @return for each feature the number of its modelled column
   */
  public int[] columnsOfFeatures() {
    int[] numbers = new int[features.width()];
    for (int i = 0; i < columns.size(); i++) {
      for (Part part : columns.get(i).parts) {
        for (int d = 0; d < part.width(); d++) {
          numbers[part.first() + d] = i;
        }
      }
    }
    return numbers;
  }

  /**
   * The features of a column.
   *
   * @param number of the modelled column
   * @return its parts; of a time the trend is the first
   */
  public List<Part> parts(int number) {
    return columns.get(number).parts;
  }

  /**
   * The map of a column's scaling.
   *
   * @param number of the modelled column
   * @return the map; no change for counts and levels
   */
  public ScalingMap map(int number) {
    return columns.get(number).map;
  }

  /**
   * Whether the cell of a column is missing.
   *
   * @param number of the modelled column
   * @param row its features
   * @return whether its features are NaN
   */
  public boolean isMissing(int number, float[] row) {
    return Float.isNaN(row[columns.get(number).parts.get(0).first()]);
  }

  /**
   * Whether a column has one of several levels, and no number.
   *
   * @param number of the modelled column
   * @return false for numbers, counts and times
   */
  public boolean hasLevels(int number) {
    return columns.get(number).parts.get(0).use() == Part.Use.LEVELS;
  }

  /**
   * The number of a cell.
   *
   * @param number of the modelled column, which has no levels
   * @param row its features
   * @return the value in the unit of the column, seconds of a time; NaN if it is missing
   */
  public double value(int number, float[] row) {
    ColumnParts own = columns.get(number);
    float feature = row[own.parts.get(0).first()];
    return Float.isNaN(feature) ? Double.NaN : own.map.fromModel(feature);
  }

  /**
   * The level of a cell.
   *
   * @param number of the modelled column, which has levels
   * @param row its features; the greatest counts
   * @return the number of the level, from 0
   */
  public int levelOf(int number, float[] row) {
    return levelOf(columns.get(number).parts.get(0), row);
  }

  /**
   * The text of a cell.
   *
   * @param number of the modelled column
   * @param row its features; of levels the greatest counts
   * @param bounded whether numbers and times are those of the training data's range at most
   * @return the text, in the column's format; empty for a missing value
   */
  public String text(int number, float[] row, boolean bounded) {
    ColumnParts own = columns.get(number);
    if (isMissing(number, row)) {
      return "";
    }
    Part first = own.parts.get(0);
    float value = row[first.first()];
    if (first.use().isOneHot()) {
      return level(own.kind, levelOf(first, row));
    }
    double found = own.map.fromModel(value);
    return number(own.kind, own.kind.isTime() ? withParts(own, found, row) : found, bounded);
  }

  /**
   * The level of a part of a cell.
   *
   * @param part with a feature for each of several levels, hours or days
   * @param row the features of a row; the greatest of the part's counts
   * @return the number of the level, from 0
   */
  public static int levelOf(Part part, float[] row) {
    int best = 0;
    for (int i = 1; i < part.width(); i++) {
      best = row[part.first() + i] > row[part.first() + best] ? i : best;
    }
    return best;
  }

  /** The time of the trend at the hour, and on the nearest such day of the week. */
  private static double withParts(ColumnParts own, double seconds, float[] row) {
    double time = Math.max(-1e14, Math.min(1e14, seconds));
    for (Part part : own.parts) {
      int drawn = levelOf(part, row);
      if (part.use() == Part.Use.HOUR) {
        double within = Math.floorMod((long) Math.floor(time), (long) TimeFormat.HOUR);
        double day = Math.floorDiv((long) Math.floor(time), (long) TimeFormat.DAY);
        time = day * TimeFormat.DAY + drawn * (double) TimeFormat.HOUR + within;
      } else if (part.use() == Part.Use.WEEKDAY) {
        int days = Part.DAYS.size();
        int ahead = Math.floorMod(drawn - Cell.Time.weekday(time), days);
        time += (ahead > HALF_WEEK ? ahead - days : ahead) * (double) TimeFormat.DAY;
      }
    }
    return time;
  }

  /**
   * The text of a number.
   *
   * @param kind numeric, count or datetime
   * @param value in the unit of the column; seconds of a time
   * @param bounded whether it is at most at the ends of the training data's range
   * @return the text
   */
  public String number(Kind kind, double value, boolean bounded) {
    return kind.text(value, bounded, features.schema().reading().numerals().decimal());
  }

  /**
   * The text of a level.
   *
   * @param kind binary or categorical
   * @param number of the level, from 0
   * @return the text; {@code (other)} or {@code (unseen)} for a level without a text
   */
  public String level(Kind kind, int number) {
    int levels = kind.levels().size();
    if (number < levels) {
      return kind.levels().get(number);
    }
    return number == levels && kind.hasOther() ? Part.OTHER : Part.UNSEEN;
  }
}
