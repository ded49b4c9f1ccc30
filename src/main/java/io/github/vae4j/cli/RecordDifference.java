// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lists the differences of two records of one type, by the names of their components. */
final class RecordDifference {
  private RecordDifference() {}

  /**
   * The differences.
   *
   * @param has one record
   * @param given the other
   * @param ignored components of the outermost record that may differ
   * @return for example {@code objective.beta is 1.0, given 4.0}
   */
  static <R extends Record> List<String> of(R has, R given, Set<String> ignored) {
    List<String> differences = new ArrayList<>();
    collect(has, given, "", ignored, differences);
    return differences;
  }

  private static void collect(
      Record has, Record given, String prefix, Set<String> ignored, List<String> differences) {
    for (RecordComponent component : has.getClass().getRecordComponents()) {
      String name = prefix + component.getName();
      Object a = value(component, has);
      Object b = value(component, given);
      if (Objects.equals(a, b) || ignored.contains(name)) {
        continue;
      }
      if (a instanceof Record left && b instanceof Record right && a.getClass() == b.getClass()) {
        collect(left, right, name + ".", Set.of(), differences);
      } else {
        differences.add(
            name + " is " + Objects.toString(a, "none") + ", given " + Objects.toString(b, "none"));
      }
    }
  }

  private static @Nullable Object value(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("record " + record.getClass(), e);
    }
  }
}
