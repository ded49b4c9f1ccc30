// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import io.github.vae4j.schema.ColumnProfile.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** Makes kinds with the settings that a column's values give them. */
final class KindMaker {
  /** The most levels of a column, if the user does not choose another number. */
  static final int MOST_LEVELS = 100;

  /** The share of rows whose levels must be kept, or the column is left out. */
  static final double LEAST_KEPT = 0.1;

  /** The share of rows from which a level is not rare. */
  private static final double RARE = 0.001;

  private static final int MOST_RARE = 1000;
  private static final int MOST_CLASSES = 1000;
  private static final int MOST_DECIMALS = 9;

  private KindMaker() {}

  static Kind.Numeric numeric(ColumnProfile profile, Scaling.@Nullable Rule rule) {
    double[] sorted = profile.sortedNumbers();
    return new Kind.Numeric(
        rule == null ? ScalingChoice.of(sorted) : ScalingChoice.by(rule, sorted),
        profile.least(),
        profile.greatest(),
        resolution(sorted, profile.decimals()),
        profile.decimals());
  }

  /** The smallest gap between two values, or the unit of their last digit if that is larger. */
  private static double resolution(double[] sorted, int decimals) {
    double smallest = Double.POSITIVE_INFINITY;
    for (int i = 1; i < sorted.length; i++) {
      double gap = sorted[i] - sorted[i - 1];
      smallest = gap > 0 ? Math.min(smallest, gap) : smallest;
    }
    double unit = decimals < 0 || decimals > MOST_DECIMALS ? 0 : Math.pow(10, -decimals);
    return Double.isInfinite(smallest) ? unit : Math.max(smallest, unit);
  }

  static Kind.Count count(ColumnProfile profile) {
    return new Kind.Count((long) profile.greatest());
  }

  /** The text that is 1: the greater number, a text of assent, or else the rarer one. */
  static Kind.Binary binary(ColumnProfile profile) {
    List<String> texts = new ArrayList<>(profile.byFrequency().stream().map(Level::text).toList());
    if (profile.numbers() == profile.values()) {
      texts.sort(Comparator.comparingDouble(profile::parse));
    } else if (isYes(texts.get(0)) && !isYes(texts.get(1))) {
      return new Kind.Binary(texts.get(1), texts.get(0));
    }
    return new Kind.Binary(texts.get(0), texts.get(1));
  }

  private static boolean isYes(String text) {
    return List.of("true", "yes", "y", "t", "on").stream().anyMatch(text::equalsIgnoreCase);
  }

  static Kind.Categorical categorical(List<Level> levels, ColumnProfile profile, int most) {
    List<String> chosen = frequent(levels, most, Math.max(2, RARE * profile.values()));
    // If no text is in a thousandth of the rows, the most frequent ones are at least some levels.
    chosen = chosen.isEmpty() ? frequent(levels, most, 2) : chosen;
    chosen = chosen.isEmpty() ? List.of(levels.get(0).text()) : chosen;
    List<String> rare =
        levels.stream().skip(chosen.size()).limit(MOST_RARE).map(Level::text).toList();
    boolean open = profile.many() || levels.size() > chosen.size() + rare.size();
    return new Kind.Categorical(chosen, rare, open);
  }

  private static List<String> frequent(List<Level> levels, int most, double least) {
    return levels.stream()
        .limit(most)
        .filter(level -> level.count() >= least)
        .map(Level::text)
        .toList();
  }

  static Kind.Label label(ColumnProfile profile) {
    if (profile.many() || profile.distinct() > MOST_CLASSES) {
      throw new IllegalArgumentException(
          "a label has at most " + MOST_CLASSES + " different texts, and the column has more");
    }
    if (profile.values() == 0) {
      throw new IllegalArgumentException("the column has no values, so that it cannot be a label");
    }
    List<String> classes =
        new ArrayList<>(profile.byFrequency().stream().map(Level::text).toList());
    if (profile.numbers() == profile.values()) {
      classes.sort(Comparator.comparingDouble(profile::parse));
    } else {
      classes.sort(Comparator.naturalOrder());
    }
    return new Kind.Label(classes);
  }

  static Kind.Datetime datetime(TimeProfile.Format times) {
    return datetime(
        times.format(),
        times.sorted(),
        times.earliest(),
        times.latest(),
        times.unit(),
        times.seconds());
  }

  static Kind.Datetime epoch(TimeFormat format, ColumnProfile profile) {
    double unit = format.equals(TimeFormat.MILLIS) ? 1000 : 1;
    double[] sorted = profile.sortedNumbers();
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] /= unit;
    }
    return datetime(
        format, sorted, profile.least() / unit, profile.greatest() / unit, unit(sorted), true);
  }

  /** Times of a format that the user gives. */
  static Kind.Datetime datetime(TimeFormat format, ColumnProfile profile) {
    TimeFormat.Reader reader = format.reader();
    List<Level> levels = profile.byFrequency();
    double[] seconds =
        levels.stream().mapToDouble(level -> reader.read(level.text())).sorted().toArray();
    int valid = (int) DoubleStream.of(seconds).filter(s -> !Double.isNaN(s)).count();
    if (valid < levels.size() / 2.0) {
      String wrong =
          levels.stream()
              .map(Level::text)
              .filter(text -> Double.isNaN(reader.read(text)))
              .findFirst()
              .orElse("");
      throw new IllegalArgumentException(
          "most of its texts, such as \""
              + wrong
              + "\", are no times of the format "
              + format.id());
    }
    // NaN is the greatest in the order of doubles.
    double[] sorted = Arrays.copyOf(seconds, valid);
    boolean withSeconds = levels.stream().anyMatch(level -> format.hasSeconds(level.text()));
    return datetime(format, sorted, sorted[0], sorted[valid - 1], unit(sorted), withSeconds);
  }

  private static int unit(double[] times) {
    int unit = TimeFormat.DAY;
    for (double time : times) {
      unit = TimeFormat.unit(time, unit);
    }
    return unit;
  }

  private static Kind.Datetime datetime(
      TimeFormat format,
      double[] sorted,
      double earliest,
      double latest,
      int unit,
      boolean withSeconds) {
    Scaling trend = ScalingChoice.by(Scaling.Rule.STANDARD, sorted);
    return new Kind.Datetime(
        format,
        trend,
        earliest,
        latest,
        unit < TimeFormat.DAY,
        latest - earliest >= 7 * TimeFormat.DAY,
        unit,
        withSeconds);
  }
}
