// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import io.github.vae4j.data.Numerals;
import io.github.vae4j.schema.ColumnProfile.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds texts that are numbers or times in another format than the one that is read. A column of
 * them would be one of levels or names, without a word.
 */
final class OtherFormat {
  /** The number of different texts that decide. */
  private static final int TRIED = 200;

  private static final double MOST = 0.9;

  /** Three numbers, or two with the name of a month, and perhaps a time of the day. */
  private static final Pattern DATE =
      Pattern.compile(
          "(\\d{1,4}[./-]\\d{1,2}[./-]\\d{2,4}|\\d{8}|\\d{1,2}[ -]\\p{L}{3,9}[ -]\\d{4}"
              + "|\\p{L}{3,9} \\d{1,2}, \\d{4})([ T]\\d{1,2}:.*)?");

  private static final List<String> DATES =
      List.of(
          "dd.MM.yyyy",
          "d.M.yyyy",
          "dd/MM/yyyy",
          "MM/dd/yyyy",
          "d/M/yyyy",
          "M/d/yyyy",
          "dd-MM-yyyy",
          "yyyy/MM/dd",
          "yyyy.MM.dd",
          "yyyyMMdd",
          "dd.MM.yy",
          "dd/MM/yy",
          "MM/dd/yy",
          "d MMM yyyy",
          "d-MMM-yyyy",
          "d MMMM yyyy",
          "MMM d, yyyy",
          "MMMM d, yyyy");

  private static final List<String> CLOCKS = List.of("", " HH:mm", " HH:mm:ss", " h:mm a");

  private OtherFormat() {}

  /** A clause on texts that are numbers in another format; empty if they are none. */
  static Optional<String> numbers(List<Level> levels, Numerals numerals) {
    List<String> texts = texts(levels);
    List<String> others = texts.stream().filter(text -> numerals.hint(text) != null).toList();
    long read = texts.stream().filter(text -> !Double.isNaN(numerals.parse(text))).count();
    if (others.isEmpty() || others.size() + read < MOST * texts.size()) {
      return Optional.empty();
    }
    String text = others.get(0);
    String hint = Objects.requireNonNull(numerals.hint(text));
    return Optional.of("look like numbers, such as \"" + text + "\": " + hint);
  }

  /** A clause on texts that are times of another format; empty if they are none. */
  static Optional<String> times(List<Level> levels) {
    List<String> texts = texts(levels);
    long shaped = texts.stream().filter(text -> DATE.matcher(text).matches()).count();
    if (shaped == 0 || shaped < MOST * texts.size()) {
      return Optional.empty();
    }
    List<Candidate> found =
        Stream.concat(
                TimeFormat.TEXTS.stream(),
                CLOCKS.stream()
                    .flatMap(clock -> DATES.stream().map(date -> new TimeFormat(date + clock))))
            .map(format -> Candidate.of(format, texts))
            .filter(candidate -> candidate.count > 0)
            .toList();
    int most = found.stream().mapToInt(candidate -> candidate.count).max().orElse(0);
    if (most >= MOST * texts.size()) {
      return Optional.of(one(found, most));
    }
    return several(found, texts);
  }

  /** Formats that read as many texts; of those that differ in leading zeros the first one. */
  private static String one(List<Candidate> found, int most) {
    List<String> best = new ArrayList<>();
    for (Candidate candidate : found) {
      String id = candidate.format.id();
      boolean same = best.stream().anyMatch(other -> plain(other).equals(plain(id)));
      if (candidate.count == most && !same) {
        best.add(id);
      }
    }
    return "look like times: give their format, as in datetime:"
        + String.join(" or datetime:", best);
  }

  private static String plain(String pattern) {
    return pattern.replace("dd", "d").replace("MMMM", "MMM").replaceAll("\\bMM\\b", "M");
  }

  /** The fewest formats that read most texts, each that of the most texts that are left. */
  private static Optional<String> several(List<Candidate> found, List<String> texts) {
    List<String> left = new ArrayList<>(texts);
    List<String> ids = new ArrayList<>();
    while (left.size() > (1 - MOST) * texts.size()) {
      Candidate best = null;
      long most = 0;
      for (Candidate candidate : found) {
        long count = left.stream().filter(candidate::reads).count();
        if (count > most) {
          best = candidate;
          most = count;
        }
      }
      if (best == null) {
        return Optional.empty();
      }
      ids.add(best.format.id());
      left.removeIf(best::reads);
    }
    return Optional.of(
        "look like times of several formats ("
            + String.join(", ", ids)
            + "): write all of them in one, as in 2026-11-28");
  }

  private record Candidate(TimeFormat format, TimeFormat.Reader reader, int count) {
    static Candidate of(TimeFormat format, List<String> texts) {
      TimeFormat.Reader reader = format.reader();
      return new Candidate(
          format, reader, (int) texts.stream().filter(text -> reads(reader, text)).count());
    }

    boolean reads(String text) {
      return reads(reader, text);
    }

    private static boolean reads(TimeFormat.Reader reader, String text) {
      return !Double.isNaN(reader.read(text));
    }
  }

  private static List<String> texts(List<Level> levels) {
    return levels.stream().limit(TRIED).map(Level::text).toList();
  }
}
