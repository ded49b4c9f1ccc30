// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * Adjacent features of one column that have one meaning to a model.
 *
 * @param column the number of the column in the schema
 * @param use the meaning
 * @param first the first feature
 * @param names a name for each feature
 * @param scaling of a NUMBER; else none
 */
public record Part(int column, Use use, int first, List<String> names, Scaling scaling) {
  /** The meanings of features. */
  public enum Use {
    /** A scaled real number. */
    NUMBER,
    /** A count. */
    COUNT,
    /** One of several levels: 1 for the level and 0 for the others. */
    LEVELS,
    /** One of the 24 hours of a day, in the same way. */
    HOUR,
    /** One of the 7 days of a week from Monday, in the same way. */
    WEEKDAY;

    /** Whether the features are 1 for one of several levels. */
    boolean isOneHot() {
      return this != NUMBER && this != COUNT;
    }
  }

  static final int HOURS = 24;
  static final List<String> DAYS = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");

  /** The name of the level of rare texts. */
  static final String OTHER = "(other)";

  /** The name of the level of texts that the training data did not have. */
  static final String UNSEEN = "(unseen)";

  /** Copies the names. {@inheritDoc} */
  public Part {
    names = List.copyOf(names);
  }

  /**
   * The number of features.
   *
   * @return 1 for numbers and counts
   */
  public int width() {
    return names.size();
  }

  private Part at(int feature) {
    return new Part(column, use, feature, names, scaling);
  }

  /** The parts of a column, from feature 0. */
  static List<Part> of(int column, String name, Kind kind) {
    List<Part> parts = new ArrayList<>();
    if (kind instanceof Kind.Numeric numeric) {
      parts.add(new Part(column, Use.NUMBER, 0, List.of(name), numeric.scaling()));
    } else if (kind instanceof Kind.Count) {
      parts.add(new Part(column, Use.COUNT, 0, List.of(name), Scaling.NONE));
    } else if (kind instanceof Kind.Binary binary) {
      parts.add(levels(column, Use.LEVELS, name, List.of(binary.zero(), binary.one(), UNSEEN)));
    } else if (kind instanceof Kind.Categorical categorical) {
      List<String> levels = new ArrayList<>(categorical.levels());
      if (categorical.hasOther()) {
        levels.add(OTHER);
      }
      if (!categorical.open()) {
        levels.add(UNSEEN);
      }
      parts.add(levels(column, Use.LEVELS, name, levels));
    } else if (kind instanceof Kind.Datetime time) {
      parts.add(new Part(column, Use.NUMBER, 0, List.of(name), time.scaling()));
      if (time.hour()) {
        List<String> hours = new ArrayList<>();
        for (int hour = 0; hour < HOURS; hour++) {
          hours.add("hour " + hour);
        }
        parts.add(levels(column, Use.HOUR, name, hours));
      }
      if (time.weekday()) {
        parts.add(levels(column, Use.WEEKDAY, name, DAYS));
      }
    }
    return parts;
  }

  private static Part levels(int column, Use use, String name, List<String> levels) {
    List<String> names = levels.stream().map(level -> name + "=" + level).toList();
    return new Part(column, use, 0, names, Scaling.NONE);
  }

  /** Parts in the order of their meanings, one after the other. */
  static List<Part> placed(List<Part> parts) {
    List<Part> placed = new ArrayList<>();
    int next = 0;
    for (Use use : Use.values()) {
      for (Part part : parts) {
        if (part.use == use) {
          placed.add(part.at(next));
          next = Math.addExact(next, part.width());
        }
      }
    }
    return List.copyOf(placed);
  }
}
