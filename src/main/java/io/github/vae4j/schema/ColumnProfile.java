// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import io.github.vae4j.data.Numerals;
import io.github.vae4j.data.TableRows;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The statistics of a column's texts from which its kind follows, in bounded memory. */
final class ColumnProfile {
  private static final int EXACT = 1 << 24;

  private final Numerals numerals;
  private final int mostLevels;
  private final Map<String, long[]> levels = new LinkedHashMap<>();
  private final Reservoir numbers;
  private final TimeProfile times;

  private long missing;
  private long values;

  /** Values whose texts are not among the levels, as there are too many different ones. */
  private long further;

  private boolean repeats;
  private boolean wholes = true;
  private boolean counting = true;
  private boolean huge;
  private double last = Double.NaN;
  private double least = Double.POSITIVE_INFINITY;
  private double greatest = Double.NEGATIVE_INFINITY;
  private int decimals;
  private @Nullable String strange;
  private String strangePlace = "";
  private long characters;
  private long spaces;

  /**
   * A profile without values.
   *
   * @param numerals the format of numbers
   * @param mostLevels the number of different texts that are counted
   * @param sampled the number of values that quantiles are computed of
   * @param random chooses these
   */
  ColumnProfile(Numerals numerals, int mostLevels, int sampled, RandomGenerator random) {
    this.numerals = numerals;
    this.mostLevels = mostLevels;
    this.numbers = new Reservoir(sampled, random);
    this.times = new TimeProfile(sampled, random);
  }

  void addMissing() {
    missing++;
  }

  void add(String text, TableRows row, int column) {
    values++;
    count(text);
    double number = row.number(column, numerals);
    if (Double.isFinite(number)) {
      addNumber(text, number);
      return;
    }
    if (strange == null) {
      strange = text;
      strangePlace = row.place();
    }
    characters += text.length();
    spaces += text.chars().filter(c -> c == ' ').count();
    times.add(text);
  }

  private void count(String text) {
    long[] seen = levels.get(text);
    if (seen != null) {
      seen[0]++;
      repeats = true;
    } else if (levels.size() < mostLevels) {
      levels.put(text, new long[] {1});
    } else {
      further++;
    }
  }

  private void addNumber(String text, double number) {
    numbers.add(number);
    boolean whole = number == Math.rint(number);
    wholes &= whole;
    counting &= whole && (Double.isNaN(last) || number == last + 1);
    huge |= whole && Math.abs(number) > EXACT;
    last = number;
    least = Math.min(least, number);
    greatest = Math.max(greatest, number);
    if (decimals >= 0) {
      int own = decimals(text);
      decimals = own < 0 ? own : Math.max(decimals, own);
    }
  }

  /** The digits after the decimal point; -1 for a number with an exponent, or very many digits. */
  private int decimals(String text) {
    if (text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
      return -1;
    }
    int point = text.lastIndexOf(numerals.decimal());
    long digits =
        point < 0 ? 0 : text.chars().skip(point + 1L).filter(c -> c >= '0' && c <= '9').count();
    return digits > NumberText.MOST_DECIMALS ? -1 : (int) digits;
  }

  /** The format of numbers. */
  Numerals numerals() {
    return numerals;
  }

  /** A text as a number of this column's format; NaN for no number. */
  double parse(String text) {
    return numerals.parse(text);
  }

  /** The number of rows with a value. */
  long values() {
    return values;
  }

  double missingShare() {
    return missing == 0 ? 0 : missing / (double) (values + missing);
  }

  /** The number of different texts; if there are many, a lower bound of it. */
  int distinct() {
    return levels.size();
  }

  /** Whether there are more different texts than are counted. */
  boolean many() {
    return further > 0;
  }

  /** Whether a text that is counted occurs twice. */
  boolean repeats() {
    return repeats;
  }

  /**
   * A text with its frequency.
   *
   * @param text the text
   * @param count the number of its rows
   */
  record Level(String text, long count) {}

  /** Different texts, the most frequent first; those of equal frequency in the order of texts. */
  List<Level> byFrequency() {
    return levels.entrySet().stream()
        .map(entry -> new Level(entry.getKey(), entry.getValue()[0]))
        .sorted(Comparator.comparingLong(Level::count).reversed().thenComparing(Level::text))
        .toList();
  }

  /** The number of values that are numbers. */
  long numbers() {
    return numbers.seen();
  }

  boolean wholes() {
    return wholes && numbers() > 0;
  }

  /** Whether each number is the one before it and 1. */
  boolean counting() {
    return counting && numbers() > 1;
  }

  /** Whether a whole number is beyond those that float32 has all. */
  boolean huge() {
    return huge;
  }

  double least() {
    return least;
  }

  double greatest() {
    return greatest;
  }

  int decimals() {
    return decimals;
  }

  /** Some of the numbers, sorted: all of them if they are few. */
  double[] sortedNumbers() {
    return numbers.sorted();
  }

  /** The first text that is no number; null if all are numbers. */
  @Nullable String strange() {
    return strange;
  }

  String strangePlace() {
    return strangePlace;
  }

  /** The texts that are times; null if none is. */
  TimeProfile.@Nullable Format times() {
    return times.most();
  }

  /** The mean length of texts that are no numbers. */
  double meanLength() {
    return characters / (double) Math.max(1, values - numbers());
  }

  /** The mean number of spaces in texts that are no numbers. */
  double meanSpaces() {
    return spaces / (double) Math.max(1, values - numbers());
  }
}
