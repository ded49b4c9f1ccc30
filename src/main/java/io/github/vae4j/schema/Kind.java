// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The kind of a column: the meaning of its texts, and its use in a model. */
public sealed interface Kind {
  /**
   * The most levels of a column. Each is a number of every row, and texts that are not frequent
   * tell a model little.
   */
  int MOST_LEVELS = 10_000;

  /** The use of a column. */
  enum Role {
    /** A model has it. */
    MODELLED,
    /** A conditional model is given it. */
    CONDITION,
    /** The class of a row. */
    LABEL,
    /** The weight of a row. */
    WEIGHT,
    /** None. */
    OUT
  }

  /**
   * The use of such a column.
   *
   * @return the role
   */
  default Role role() {
    return Role.MODELLED;
  }

  /**
   * The texts that levels or classes have, by their numbers.
   *
   * @return empty for a column of numbers or times, and for one that no model has
   */
  default List<String> levels() {
    return List.of();
  }

  /**
   * The texts of the level "other".
   *
   * @return empty if there is no such level, or its texts are not known
   */
  default List<String> rare() {
    return List.of();
  }

  /**
   * Whether an unknown text may be a rare one of the training data.
   *
   * @return false if it is unseen
   */
  default boolean open() {
    return false;
  }

  /**
   * Whether there is a level "other".
   *
   * @return false if no text of the training data is rare
   */
  default boolean hasOther() {
    return open() || !rare().isEmpty();
  }

  /**
   * The smallest difference of two values, in the unit of the model's map.
   *
   * @return 0 if it is not known, and for columns that are no numbers
   */
  default double resolution() {
    return 0;
  }

  /**
   * Whether the values are times.
   *
   * @return true for {@link Datetime}
   */
  default boolean isTime() {
    return false;
  }

  /**
   * The text of a number.
   *
   * @param value in the unit of the column; seconds of a time
   * @param bounded whether it is at most at the ends of the training data's range
   * @param decimal the decimal mark
   * @return the text in the column's format
   */
  default String text(double value, boolean bounded, char decimal) {
    throw new IllegalStateException(id() + " has no numbers");
  }

  /**
   * The name of the kind in a schema's file and on the command line.
   *
   * @return for example "numeric"
   */
  default String id() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static double clamped(double value, double least, double greatest) {
    return Math.max(least, Math.min(greatest, value));
  }

  private static void requireRange(double least, double greatest) {
    if (!(least <= greatest) || Double.isInfinite(least) || Double.isInfinite(greatest)) {
      throw new IllegalArgumentException(
          "least: expected finite numbers, least not above greatest, given "
              + least
              + " and "
              + greatest);
    }
  }

  /**
   * Real numbers.
   *
   * @param scaling from the column's values to the model's
   * @param least the smallest value of the training data
   * @param greatest the largest value of the training data
   * @param resolution the smallest gap between two values; 0 if it is not known
   * @param decimals digits after the point in the texts; -1 if they differ as those of 1e-7
   */
  record Numeric(Scaling scaling, double least, double greatest, double resolution, int decimals)
      implements Kind {
    /** Checks the numbers. {@inheritDoc} */
    public Numeric {
      requireRange(least, greatest);
      if (!(resolution >= 0) || Double.isInfinite(resolution)) {
        throw new IllegalArgumentException(
            "resolution: expected a finite number of 0 or more, given " + resolution);
      }
      if (decimals < -1 || decimals > NumberText.MOST_DECIMALS) {
        throw new IllegalArgumentException(
            "decimals: expected -1 to " + NumberText.MOST_DECIMALS + ", given " + decimals);
      }
    }

    @Override
    public String text(double value, boolean bounded, char decimal) {
      double inside = bounded ? clamped(value, least, greatest) : value;
      return NumberText.of(inside, decimals, decimal);
    }
  }

  /**
   * Counts: 0, 1, 2, ..., which a model has as they are.
   *
   * @param greatest the largest value of the training data
   */
  record Count(long greatest) implements Kind {
    /** Checks the value. {@inheritDoc} */
    public Count {
      if (greatest < 0) {
        throw new IllegalArgumentException("greatest: expected 0 or more, given " + greatest);
      }
    }

    @Override
    public String text(double value, boolean bounded, char decimal) {
      long whole = Math.round(Math.max(0, value));
      return Long.toString(bounded ? Math.min(whole, greatest) : whole);
    }
  }

  /**
   * One of two texts.
   *
   * @param zero the text that is 0
   * @param one the text that is 1
   */
  record Binary(String zero, String one) implements Kind {
    /** Checks the texts. {@inheritDoc} */
    public Binary {
      if (zero.equals(one)) {
        throw new IllegalArgumentException(
            "one: expected another text than zero, given \"" + one + "\"");
      }
    }

    @Override
    public List<String> levels() {
      return List.of(zero, one);
    }
  }

  /**
   * One of several texts without order. Texts that are rare in the training data are together the
   * further level "other"; a text that the training data did not have is the level "unseen", which
   * is improbable.
   *
   * @param levels the texts, the most frequent first
   * @param rare the texts of "other"
   * @param open whether the training data had more rare texts than are listed; an unknown text is
   *     then "other"
   */
  record Categorical(List<String> levels, List<String> rare, boolean open) implements Kind {
    /** Checks and copies the lists. {@inheritDoc} */
    public Categorical {
      levels = List.copyOf(levels);
      rare = List.copyOf(rare);
      if (levels.isEmpty() || levels.size() > MOST_LEVELS) {
        throw new IllegalArgumentException(
            "levels: expected 1 to "
                + MOST_LEVELS
                + " texts, given "
                + levels.size()
                + (levels.isEmpty() ? "" : "; move those that are not frequent to \"rare\""));
      }
      Set<String> all = new HashSet<>();
      for (List<String> texts : List.of(levels, rare)) {
        for (String text : texts) {
          if (!all.add(text)) {
            throw new IllegalArgumentException(
                "levels: expected different texts, none of them rare, given \""
                    + text
                    + "\" twice");
          }
        }
      }
    }
  }

  /**
   * Dates and times, which a model has as trend, hour of the day and day of the week. These are
   * columns of their own to it: log p(x) is that of all three.
   *
   * @param format of the texts
   * @param scaling of the trend, seconds since 1970
   * @param least the earliest time of the training data, seconds since 1970
   * @param greatest the latest time
   * @param hour whether the hour of the day is a part
   * @param weekday whether the day of the week is a part
   * @param resolution the largest unit of all times of the training data, seconds
   * @param seconds whether texts of an ISO format have seconds
   */
  record Datetime(
      TimeFormat format,
      Scaling scaling,
      double least,
      double greatest,
      boolean hour,
      boolean weekday,
      double resolution,
      boolean seconds)
      implements Kind {
    /** Checks the numbers. {@inheritDoc} */
    public Datetime {
      requireRange(least, greatest);
      if (!(resolution > 0 && resolution <= TimeFormat.DAY)) {
        throw new IllegalArgumentException(
            "resolution: expected a number of seconds above 0, at most those of a day, given "
                + resolution);
      }
    }

    @Override
    public boolean isTime() {
      return true;
    }

    /** A time is cut to the resolution, so that it stays in its hour and on its day. */
    @Override
    public String text(double value, boolean bounded, char decimal) {
      double inside = bounded ? clamped(value, least, greatest) : value;
      double cut = resolution > 1 ? Math.floor(inside / resolution) * resolution : inside;
      return format.text(cut, seconds);
    }
  }

  /**
   * A column that no model has.
   *
   * @param reason for leaving it out
   */
  record Out(Reason reason) implements Kind {
    @Override
    public Role role() {
      return Role.OUT;
    }
  }

  /**
   * The class of a row, which is not modelled.
   *
   * @param classes its names, in the order of their numbers
   */
  record Label(List<String> classes) implements Kind {
    /** Copies the list. {@inheritDoc} */
    public Label {
      classes = List.copyOf(classes);
    }

    @Override
    public Role role() {
      return Role.LABEL;
    }

    @Override
    public List<String> levels() {
      return classes;
    }
  }

  /** The weight of a row: a number of 0 or more. */
  record Weight() implements Kind {
    @Override
    public Role role() {
      return Role.WEIGHT;
    }
  }

  /**
   * A column that a conditional model is given and does not model.
   *
   * @param of its meaning: numeric, count, binary or categorical
   */
  record Condition(Kind of) implements Kind {
    /** Checks the meaning. {@inheritDoc} */
    public Condition {
      if (of.role() != Role.MODELLED || of.isTime()) {
        throw new IllegalArgumentException(
            "of: expected numeric, count, binary or categorical, given " + of.id());
      }
    }

    @Override
    public Role role() {
      return Role.CONDITION;
    }
  }

  /** The reasons for leaving a column out. */
  enum Reason {
    /** Each row has another value: a name of the row. */
    ID("each value is that of one row"),
    /** Sentences, or too many different texts. */
    TEXT("free text"),
    /** Too many levels, none of them frequent. */
    LEVELS("too many different texts, none of them frequent"),
    /** One value. */
    CONSTANT("one value"),
    /** No value. */
    EMPTY("no value"),
    /** The index that a program added to the table. */
    INDEX("the rows' numbers"),
    /** The user's choice. */
    CHOICE("by choice");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /**
     * Whether the column's values are names of rows.
     *
     * @return true for ID and INDEX
     */
    public boolean isName() {
      return this == ID || this == INDEX;
    }

    /**
     * The reason in words.
     *
     * @return for example "one value"
     */
    public String text() {
      return text;
    }
  }
}
