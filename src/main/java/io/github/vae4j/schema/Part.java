// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import io.github.vae4j.dispatch.SealedTable;
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

    /**
     * Whether the features are 1 for one of several levels.
     *
     * @return false for a number or a count
     */
    public boolean isOneHot() {
      return this != NUMBER && this != COUNT;
    }
  }

  static final int HOURS = 24;
  static final List<String> DAYS = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");

  /** The name of the level of rare texts. */
  public static final String OTHER = "(other)";

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

  /** A column by its number and its name. */
  private record Place(int column, String name) {}

  private static final SealedTable<Kind, Place, List<Part>> PARTS =
      SealedTable.<Kind, Place, List<Part>>of(Kind.class)
          .with(Kind.Numeric.class, (at, kind) -> List.of(number(at, Use.NUMBER, kind.scaling())))
          .with(Kind.Count.class, (at, kind) -> List.of(number(at, Use.COUNT, Scaling.NONE)))
          .with(Kind.Binary.class, (at, kind) -> List.of(levels(at, kind)))
          .with(Kind.Categorical.class, (at, kind) -> List.of(levels(at, kind)))
          .with(Kind.Datetime.class, Part::time)
          .with(Kind.Out.class, (at, kind) -> List.of())
          .with(Kind.Label.class, (at, kind) -> List.of())
          .with(Kind.Weight.class, (at, kind) -> List.of())
          .with(Kind.Condition.class, (at, kind) -> List.of())
          .complete();

  /** The parts of a column, from feature 0; empty for one that is not modelled. */
  static List<Part> of(int column, String name, Kind kind) {
    return PARTS.apply(new Place(column, name), kind);
  }

  private static Part number(Place at, Use use, Scaling scaling) {
    return new Part(at.column, use, 0, List.of(at.name), scaling);
  }

  private static Part levels(Place at, Kind kind) {
    List<String> levels = new ArrayList<>(kind.levels());
    if (kind.hasOther()) {
      levels.add(OTHER);
    }
    if (!kind.open()) {
      levels.add(UNSEEN);
    }
    return levels(at.column, Use.LEVELS, at.name, levels);
  }

  private static List<Part> time(Place at, Kind.Datetime time) {
    List<Part> parts = new ArrayList<>();
    parts.add(number(at, Use.NUMBER, time.scaling()));
    if (time.hour()) {
      List<String> hours = new ArrayList<>();
      for (int hour = 0; hour < HOURS; hour++) {
        hours.add("hour " + hour);
      }
      parts.add(levels(at.column, Use.HOUR, at.name, hours));
    }
    if (time.weekday()) {
      parts.add(levels(at.column, Use.WEEKDAY, at.name, DAYS));
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
