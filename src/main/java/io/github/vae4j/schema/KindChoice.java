// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import io.github.vae4j.schema.ColumnProfile.Level;
import io.github.vae4j.schema.Kind.Reason;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which a column's kind is inferred. They are conservative: a column is left out only
 * where no model could use it, and a number is a number unless its name and its values say that it
 * is a name or a time. docs/tables.md has the rules in words.
 */
final class KindChoice {
  /** The share of values that decides: the others are faults of the file. */
  private static final double MOST = 0.99;

  private static final double SENTENCE_LENGTH = 40;
  private static final double SENTENCE_SPACES = 3;

  private static final Pattern ID_NAME =
      Pattern.compile(
          "(?i)(^|.*[^\\p{L}])(id|ids|uuid|guid|key|index|idx|no|nr|number|row|rowid)$|.*[\\p{Ll}](Id|ID|Key|Uuid)$");

  private static final Pattern TIME_NAME =
      Pattern.compile(
          "(?i).*(time|date|timestamp|epoch|created|updated|modified).*|ts|.*(_at|_on|_ts)$");

  private static final double FIRST_EPOCH = 631_152_000; // 1990
  private static final double LAST_EPOCH = 2_524_608_000.0; // 2050

  private KindChoice() {}

  /** The inferred kind of a column. */
  static Kind infer(String name, ColumnProfile profile) {
    if (profile.values() == 0) {
      return new Kind.Out(Reason.EMPTY);
    }
    if (profile.distinct() == 1) {
      return new Kind.Out(Reason.CONSTANT);
    }
    if (isMost(profile.numbers(), profile)) {
      return number(name, profile);
    }
    TimeProfile.Format times = profile.times();
    if (times != null && isMost(times.count(), profile)) {
      return KindMaker.datetime(times);
    }
    return text(name, profile);
  }

  /** A column with a few faults among many values is of the kind of the many. */
  private static boolean isMost(long count, ColumnProfile profile) {
    return count == profile.values()
        || (count >= MOST * profile.values() && profile.values() >= 1 / (1 - MOST));
  }

  private static Kind number(String name, ColumnProfile profile) {
    boolean all = profile.numbers() == profile.values();
    if (profile.distinct() == 2 && all) {
      return KindMaker.binary(profile);
    }
    boolean unique = !profile.repeats() && profile.wholes() && profile.values() > 2;
    if (unique && profile.counting()) {
      return new Kind.Out(Reason.INDEX);
    }
    Kind epoch = epoch(name, profile);
    if (epoch != null) {
      return epoch;
    }
    boolean huge = profile.huge() && profile.decimals() >= 0;
    if (unique && (huge || ID_NAME.matcher(name).matches())) {
      return new Kind.Out(Reason.ID);
    }
    return profile.wholes() && CountChoice.isCount(profile.sortedNumbers())
        ? KindMaker.count(profile)
        : KindMaker.numeric(profile, null);
  }

  private static @Nullable Kind epoch(String name, ColumnProfile profile) {
    if (!profile.wholes() || !isTimeName(name)) {
      return null;
    }
    TimeFormat format = epochFormat(profile);
    return format == null ? null : KindMaker.epoch(format, profile);
  }

  /** The unit in which all values are times between 1990 and 2050; null for none. */
  static @Nullable TimeFormat epochFormat(ColumnProfile profile) {
    boolean seconds = profile.least() >= FIRST_EPOCH && profile.greatest() <= LAST_EPOCH;
    boolean millis =
        profile.least() >= 1000 * FIRST_EPOCH && profile.greatest() <= 1000 * LAST_EPOCH;
    return seconds ? TimeFormat.SECONDS : millis ? TimeFormat.MILLIS : null;
  }

  static boolean isTimeName(String name) {
    return TIME_NAME.matcher(name).matches();
  }

  private static Kind text(String name, ColumnProfile profile) {
    if (profile.distinct() == 2) {
      return KindMaker.binary(profile);
    }
    boolean sentences =
        profile.meanLength() > SENTENCE_LENGTH || profile.meanSpaces() > SENTENCE_SPACES;
    if (!profile.repeats() && profile.values() > 2) {
      return new Kind.Out(sentences ? Reason.TEXT : Reason.ID);
    }
    if (sentences && (profile.many() || profile.distinct() > profile.values() / 2)) {
      return new Kind.Out(Reason.TEXT);
    }
    List<Level> levels = profile.byFrequency();
    Kind.Categorical kind = KindMaker.categorical(levels, profile, KindMaker.MOST_LEVELS);
    long kept = levels.stream().limit(kind.levels().size()).mapToLong(Level::count).sum();
    boolean id = ID_NAME.matcher(name).matches() && profile.distinct() > profile.values() / 2;
    boolean hopeless = kind.hasOther() && kept < profile.values() * KindMaker.LEAST_KEPT;
    return id || hopeless ? new Kind.Out(id ? Reason.ID : Reason.LEVELS) : kind;
  }

  /**
   * The kind that the user asks for.
   *
   * @throws IllegalArgumentException if the values do not have it
   */
  static Kind asked(KindText asked, ColumnProfile profile, String name) {
    return switch (asked.name()) {
      case "out" -> new Kind.Out(Reason.CHOICE);
      case "weight" -> new Kind.Weight();
      case "label" -> KindMaker.label(profile);
      case "condition" ->
          new Kind.Condition(
              asked.setting().isEmpty()
                  ? condition(name, profile)
                  : asked(KindText.parse(asked.setting()), profile, name));
      default -> {
        if (profile.values() == 0) {
          throw new IllegalArgumentException(
              "the column has no values, so that it cannot be " + asked.name());
        }
        yield modelled(asked, profile);
      }
    };
  }

  private static Kind condition(String name, ColumnProfile profile) {
    Kind kind = infer(name, profile);
    if (kind.role() == Kind.Role.OUT || kind.isTime()) {
      throw new IllegalArgumentException(
          "the column is "
              + (kind.isTime() ? "a time" : KindRemark.reason(kind))
              + ", so that it cannot be a condition unless its kind is given, as in"
              + " condition:categorical");
    }
    return kind;
  }

  private static Kind modelled(KindText asked, ColumnProfile profile) {
    switch (asked.name()) {
      case "numeric" -> {
        requireNumbers(asked, profile);
        return KindMaker.numeric(profile, asked.rule());
      }
      case "count" -> {
        requireNumbers(asked, profile);
        if (!profile.wholes() || profile.least() < 0) {
          throw new IllegalArgumentException(
              "counts are whole numbers of 0 or more, and the column has values from "
                  + profile.least()
                  + " to "
                  + profile.greatest());
        }
        return KindMaker.count(profile);
      }
      case "binary" -> {
        if (profile.distinct() != 2 || profile.many()) {
          throw new IllegalArgumentException(
              "a binary column has two different texts, and this one has "
                  + (profile.many() ? "more than " : "")
                  + profile.distinct());
        }
        return KindMaker.binary(profile);
      }
      case "datetime" -> {
        TimeFormat format = asked.format();
        return format == null ? times(profile) : KindMaker.datetime(format, profile);
      }
      default -> {
        return KindMaker.categorical(profile.byFrequency(), profile, asked.mostLevels());
      }
    }
  }

  private static Kind times(ColumnProfile profile) {
    TimeProfile.Format times = profile.times();
    if (times == null || times.count() < profile.values() / 2.0) {
      throw new IllegalArgumentException(
          "its texts, such as \""
              + profile.byFrequency().get(0).text()
              + "\", are no times that are recognised; "
              + OtherFormat.times(profile.byFrequency())
                  .map(clause -> "they " + clause)
                  .orElse(
                      "give their format, as in datetime:dd.MM.yyyy, datetime:epoch-seconds or"
                          + " datetime:epoch-millis"));
    }
    return KindMaker.datetime(times);
  }

  private static void requireNumbers(KindText asked, ColumnProfile profile) {
    if (profile.numbers() < profile.values() / 2.0) {
      throw new IllegalArgumentException(
          "it cannot be "
              + asked.name()
              + ": most of its values are no numbers, such as \""
              + profile.strange()
              + "\" in "
              + profile.strangePlace());
    }
  }
}
