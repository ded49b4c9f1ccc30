// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import io.github.vae4j.data.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The remark on a column that the user should read before training. */
final class KindRemark {
  private KindRemark() {}

  /** The remark on a column whose kind was inferred. */
  static String ofInferred(String name, Kind kind, ColumnProfile profile) {
    List<String> remarks = new ArrayList<>();
    String own = of(kind, profile);
    if (!own.isEmpty()) {
      remarks.add(own);
    }
    boolean texts = !kind.levels().isEmpty() || kind.role() == Kind.Role.OUT;
    boolean numbers = profile.numbers() == profile.values();
    Optional<String> other = Optional.empty();
    if (profile.values() > 0 && texts && !numbers) {
      other =
          OtherFormat.times(profile.byFrequency())
              .or(() -> OtherFormat.numbers(profile.byFrequency(), profile.numerals()));
    } else if (numbers && !kind.isTime() && KindChoice.isTimeName(name)) {
      other = OtherFormat.times(profile.byFrequency());
    }
    other.ifPresent(clause -> remarks.add("its texts " + clause));
    return String.join("; ", remarks);
  }

  /** The remark on a column whose kind the user chose. */
  static String of(Kind kind, ColumnProfile profile) {
    List<String> remarks = new ArrayList<>();
    if (kind.role() == Kind.Role.OUT) {
      remarks.add("left out: " + reason(kind));
    }
    boolean numbers =
        kind.role() == Kind.Role.MODELLED && kind.levels().isEmpty() && !kind.isTime();
    if (numbers && profile.strange() != null) {
      remarks.add(faults(profile.values() - profile.numbers(), profile.strange(), profile));
    }
    if (numbers && profile.wholes() && profile.huge() && profile.decimals() >= 0) {
      remarks.add(
          "has whole numbers beyond 16777216 (2^24), of which float32 has not all; if it is an"
              + " identifier, leave it out"
              + orTime(profile));
    }
    if (kind.hasOther()) {
      remarks.add(
          String.format(
              Locale.ROOT,
              "%s%d rare texts are \"other\"",
              profile.many() ? "more than " : "",
              profile.distinct() - kind.levels().size()));
    }
    return String.join("; ", remarks);
  }

  private static String orTime(ColumnProfile profile) {
    TimeFormat format = KindChoice.epochFormat(profile);
    return format == null ? "" : ", and if it is a time, its kind is datetime:" + format.id();
  }

  /** The reason for which a column is left out; the kind of another column. */
  static String reason(Kind kind) {
    return kind.role() == Kind.Role.OUT ? ((Kind.Out) kind).reason().text() : kind.id();
  }

  private static String faults(long count, String text, ColumnProfile profile) {
    return String.format(
        Locale.ROOT,
        "%d of its texts %s no number, the first in %s: \"%s\"",
        count,
        count == 1 ? "is" : "are",
        profile.strangePlace(),
        Excerpt.of(text));
  }
}
