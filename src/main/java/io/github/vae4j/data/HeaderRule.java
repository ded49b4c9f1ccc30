// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Whether the first record of a table has the names of the columns. It has, unless one of these
 * holds:
 *
 * <ul>
 *   <li>each of its fields is a value (a number, a date, a time) or missing, and they are not three
 *       or more whole numbers in a row from 0 on or years
 *   <li>one of its fields is a value as all below it are, and each other one is missing, stands
 *       again below itself, or has digits and the form of all texts below it, as an identifier
 * </ul>
 */
final class HeaderRule {
  /** Digits and the signs of numbers, dates and times; letters of exponents and time zones. */
  private static final Pattern VALUE =
      Pattern.compile("[-+\u2212.(\\p{Sc}]*\\d[-+\\d.,:/'%()\\p{Sc}\\p{Zs}\u2019TZeE]*");

  private static final int SHOWN = 5;
  private static final int YEAR = 1900;
  private static final int LAST_YEAR = 2200;

  private HeaderRule() {}

  static boolean isHeader(
      String table,
      TableOptions.Header wish,
      List<String> top,
      List<List<String>> rows,
      List<String> remarks) {
    if (wish != TableOptions.Header.AUTO) {
      return wish == TableOptions.Header.YES;
    }
    List<List<String>> same = rows.stream().filter(row -> row.size() == top.size()).toList();
    List<String> values = top.stream().filter(HeaderRule::isValue).toList();
    if (values.isEmpty() || isSequence(top)) {
      return true;
    }
    if (isRow(top, same)) {
      remarks.add(
          table
              + ": has no header, as its first line ("
              + shown(top)
              + ") looks like a row; its columns are named column1, column2, ...; give TableOptions.header yes"
              + " if these are the names");
      return false;
    }
    if (!top.stream().filter(HeaderRule::isValue).allMatch(HeaderRule::isWhole)) {
      remarks.add(
          table
              + ": its first line ("
              + shown(top)
              + ") is taken as the header; give TableOptions.header no if it is a row");
    }
    return true;
  }

  private static boolean isRow(List<String> top, List<List<String>> rows) {
    if (top.stream().allMatch(field -> isValue(field) || isMissing(field))) {
      return true;
    }
    boolean value = false;
    for (int i = 0; i < top.size(); i++) {
      String field = top.get(i);
      List<String> below = new ArrayList<>();
      for (List<String> row : rows) {
        if (!isMissing(row.get(i))) {
          below.add(row.get(i));
        }
      }
      if (isValue(field)) {
        value |= !below.isEmpty() && below.stream().allMatch(HeaderRule::isValue);
      } else if (!isMissing(field) && !below.contains(field) && !isIdentifier(field, below)) {
        return false;
      }
    }
    return value;
  }

  private static boolean isIdentifier(String field, List<String> below) {
    String form = form(field);
    return form.indexOf('9') >= 0
        && !below.isEmpty()
        && below.stream().allMatch(text -> form(text).equals(form));
  }

  /** Each run of digits as 9, each run of letters as a. */
  private static String form(String text) {
    StringBuilder form = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char kind = Character.isDigit(c) ? '9' : Character.isLetter(c) ? 'a' : c;
      if (form.length() == 0 || form.charAt(form.length() - 1) != kind) {
        form.append(kind);
      }
    }
    return form.toString();
  }

  static boolean isValue(String text) {
    return VALUE.matcher(text).matches();
  }

  private static boolean isWhole(String text) {
    return !text.isEmpty()
        && text.length() < 10
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean isMissing(String text) {
    return CsvNumber.isMissing(text) || text.equalsIgnoreCase("null") || text.equals("?");
  }

  private static boolean isSequence(List<String> top) {
    if (top.size() < 3 || !top.stream().allMatch(HeaderRule::isWhole)) {
      return false;
    }
    int first = Integer.parseInt(top.get(0));
    if (first != 0 && (first < YEAR || first > LAST_YEAR)) {
      return false;
    }
    for (int i = 0; i < top.size(); i++) {
      if (Integer.parseInt(top.get(i)) != first + i) {
        return false;
      }
    }
    return true;
  }

  private static String shown(List<String> top) {
    return Excerpt.of(top.subList(0, Math.min(top.size(), SHOWN)))
        + (top.size() > SHOWN ? ", ..." : "");
  }
}
