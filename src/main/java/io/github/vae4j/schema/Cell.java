// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import io.github.vae4j.data.Excerpt;
import io.github.vae4j.data.Numerals;
import io.github.vae4j.data.TableRows;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the features of one column of a row. */
interface Cell {
  /**
   * Writes features; NaN for a missing value.
   *
   * @return the log slope of the map from the value to the feature, nats
   * @throws BadCell if the text is no value of the column
   */
  double write(TableRows row, float[] features) throws BadCell;

  /**
   * The texts of a column, which may be missing from the table.
   *
   * @param column the number of the column; -1 for one that the table does not have
   * @param name of the column
   * @param missing finds texts that stand for a missing value
   * @param program whether rows are those of a program, which has no text to be read otherwise
   */
  record Source(int column, String name, MissingTexts.Test missing, boolean program) {
    /** The text; null if it stands for a missing value. */
    @Nullable String text(TableRows row) {
      String text = column < 0 ? null : row.get(column);
      return text == null || missing.isMissing(text) ? null : text;
    }

    String remedy() {
      return program
          ? "give null for a missing value"
          : "if it stands for a missing value, give Reading.missing";
    }

    BadCell wrong(String text, String expected) {
      return new BadCell("column \"" + name + "\": \"" + Excerpt.of(text) + "\" is " + expected);
    }
  }

  /** A scaled number. */
  record Scaled(Source source, Numerals numerals, boolean plain, ScalingMap scaling, int at)
      implements Cell {
    @Override
    public double write(TableRows row, float[] features) throws BadCell {
      double value = value(row, source, numerals, plain);
      features[at] = Double.isNaN(value) ? Float.NaN : (float) scaling.toModel(value);
      return Double.isNaN(value) ? 0 : scaling.logSlope(value);
    }

    /** The number of a cell; NaN if it is missing. */
    static double value(TableRows row, Source source, Numerals numerals, boolean plain)
        throws BadCell {
      if (plain && source.column >= 0) {
        double value = row.number(source.column, numerals);
        if (Double.isFinite(value)) {
          return value;
        }
      }
      String text = source.text(row);
      if (text == null) {
        return Double.NaN;
      }
      double value = row.number(source.column, numerals);
      if (!Double.isFinite(value)) {
        String hint = source.program ? null : numerals.hint(text);
        throw source.wrong(
            text, "no number; " + (hint == null ? "" : hint + "; ") + source.remedy());
      }
      return value;
    }
  }

  /** A count. */
  record Count(Source source, Numerals numerals, boolean plain, int at) implements Cell {
    /** Larger counts are this one: a million is beyond every count that this kind is for. */
    private static final double LARGEST = 1e6;

    @Override
    public double write(TableRows row, float[] features) throws BadCell {
      double value = Scaled.value(row, source, numerals, plain);
      if (value < 0 || (!Double.isNaN(value) && value != Math.rint(value))) {
        throw source.wrong(
            String.valueOf(row.get(source.column)),
            "no count: 0, 1, 2, ...; "
                + (source.program
                    ? "TableTraining.column(\"" + source.name + "\", \"numeric\")"
                    : "SchemaRequest.kinds \"" + source.name + "=numeric\"")
                + " makes a model for other numbers");
      }
      features[at] = (float) Math.min(value, LARGEST);
      return 0;
    }
  }

  /**
   * One of several levels.
   *
   * @param numbers of the texts
   * @param unknown the number of a text that is not among them, the last
   * @param unseen receives such texts; null if they are rare ones
   */
  record Levels(
      Source source, Map<String, Integer> numbers, int at, int unknown, @Nullable Unseen unseen)
      implements Cell {
    static Levels of(Source source, Kind kind, int at, Unseen unseen) {
      Map<String, Integer> numbers = new HashMap<>();
      int levels = kind.levels().size();
      kind.levels().forEach(level -> numbers.put(level, numbers.size()));
      kind.rare().forEach(level -> numbers.put(level, levels));
      return kind.open()
          ? new Levels(source, numbers, at, levels, null)
          : new Levels(source, numbers, at, levels + (kind.hasOther() ? 1 : 0), unseen);
    }

    @Override
    public double write(TableRows row, float[] features) {
      String text = source.text(row);
      Integer number = text == null ? null : numbers.get(text);
      if (text != null && number == null) {
        if (unseen != null) {
          unseen.add(source.name, text, row);
        }
        number = unknown;
      }
      fill(features, at, unknown + 1, number);
      return 0;
    }

    /** One 1 among zeros; NaN for no number. */
    static void fill(float[] features, int at, int width, @Nullable Integer number) {
      Arrays.fill(features, at, at + width, number == null ? Float.NaN : 0);
      if (number != null) {
        features[at + number] = 1;
      }
    }
  }

  /** A time; hour and weekday are -1 if they are no parts of the model. */
  record Time(
      Source source,
      TimeFormat format,
      TimeFormat.Reader reader,
      ScalingMap scaling,
      int trend,
      int hour,
      int weekday)
      implements Cell {
    /** The weekday of 1 January 1970, a Thursday, counted from Monday. */
    private static final int FIRST_WEEKDAY = 3;

    @Override
    public double write(TableRows row, float[] features) throws BadCell {
      String text = source.text(row);
      double seconds = text == null ? Double.NaN : reader.read(text);
      if (text != null && Double.isNaN(seconds)) {
        throw source.wrong(text, "no time of the format " + format.id() + "; " + source.remedy());
      }
      features[trend] = text == null ? Float.NaN : (float) scaling.toModel(seconds);
      if (hour >= 0) {
        Integer number = text == null ? null : hour(seconds);
        Levels.fill(features, hour, Part.HOURS, number);
      }
      if (weekday >= 0) {
        Integer number = text == null ? null : weekday(seconds);
        Levels.fill(features, weekday, Part.DAYS.size(), number);
      }
      return text == null ? 0 : scaling.logSlope(seconds);
    }

    static int hour(double seconds) {
      return (int)
          (Math.floorMod((long) Math.floor(seconds), (long) TimeFormat.DAY) / TimeFormat.HOUR);
    }

    static int weekday(double seconds) {
      long day = Math.floorDiv((long) Math.floor(seconds), (long) TimeFormat.DAY);
      return (int) Math.floorMod(day + FIRST_WEEKDAY, (long) Part.DAYS.size());
    }
  }
}
