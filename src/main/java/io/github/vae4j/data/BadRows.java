// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.util.ArrayList;
import java.util.List;

/**
 * The policy for rows that cannot be read: the first one ends the reading, or they are counted and
 * left out.
 */
public final class BadRows {
  private static final int LISTED = 1000;

  private final boolean skip;
  private final List<Entry> entries = new ArrayList<>();
  private long count;

  private BadRows(boolean skip) {
    this.skip = skip;
  }

  /**
   * A bad row.
   *
   * @param table the name of the table
   * @param place of the row, as {@code line 7}
   * @param reason the fault
   */
  public record Entry(String table, String place, String reason) {
    /** The message of the row. */
    @Override
    public String toString() {
      return table + ": " + place + ": " + reason;
    }
  }

  /**
   * The policy that refuses the first bad row.
   *
   * @return a policy
   */
  public static BadRows fail() {
    return new BadRows(false);
  }

  /**
   * The policy that leaves bad rows out.
   *
   * @return a policy that has counted none
   */
  public static BadRows skip() {
    return new BadRows(true);
  }

  /**
   * Whether bad rows are left out.
   *
   * @return false if the first one is refused
   */
  public boolean skips() {
    return skip;
  }

  /**
   * Refuses or counts a bad row.
   *
   * @param table the name of the table
   * @param place of the row, as {@code line 7}
   * @param reason the fault
   * @throws DataException if bad rows are refused; it names table, place and reason
   */
  public synchronized void add(String table, String place, String reason) {
    Entry entry = new Entry(table, place, reason);
    if (!skip) {
      throw new DataException(entry.toString());
    }
    count++;
    if (entries.size() < LISTED) {
      entries.add(entry);
    }
  }

  /**
   * The number of rows that were left out.
   *
   * @return the count
   */
  public synchronized long count() {
    return count;
  }

  /**
   * The first 1,000 rows that were left out.
   *
   * @return a copy, in the order of their finding
   */
  public synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }
}
