// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Estimator;
import io.github.vae4j.model.Layer;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lists the differences of two records of one type, by the names of their components. Of two lists
 * the elements that differ are named by their numbers, of layers as a list of layers has them.
 */
public final class RecordDifference {
  /** The elements of a list that are named. */
  private static final int MOST = 3;

  private final String given;
  private final List<String> differences = new ArrayList<>();

  private RecordDifference(String given) {
    this.given = given;
  }

  /**
   * The differences.
   *
   * @param has one record
   * @param other the other
   * @param given the word before the value of the other
   * @param ignored components of the outermost record that may differ
   * @param <R> the type of both
   * @return for example {@code objective.beta is 1.0, given 4.0}; empty if they are equal
   */
  public static <R extends Record> List<String> of(
      R has, R other, String given, Set<String> ignored) {
    RecordDifference difference = new RecordDifference(given);
    difference.collect(has.getClass(), has, other, "", ignored);
    return List.copyOf(difference.differences);
  }

  private void collect(
      Class<?> type,
      @Nullable Object has,
      @Nullable Object other,
      String prefix,
      Set<String> ignored) {
    for (RecordComponent component : type.getRecordComponents()) {
      String name = prefix + component.getName();
      if (!ignored.contains(name)) {
        compare(name, value(component, has), value(component, other));
      }
    }
  }

  private void compare(String name, @Nullable Object a, @Nullable Object b) {
    if (Objects.equals(a, b)) {
      return;
    }
    if (a instanceof List<?> left && b instanceof List<?> right) {
      compareLists(name, left, right);
      return;
    }
    Object some = a == null ? b : a;
    if (some instanceof Record && !(some instanceof Layer) && comparable(a, b)) {
      collect(some.getClass(), a, b, name + ".", Set.of());
    } else if (a != null || !empty(b)) {
      differences.add(name + " is " + text(a) + ", " + given + " " + text(b));
    }
  }

  /**
   * Whether the components of two records are compared; of one, unless it has a text of its own.
   */
  private static boolean comparable(@Nullable Object a, @Nullable Object b) {
    if (a != null && b != null) {
      return a.getClass() == b.getClass();
    }
    Object some = a == null ? b : a;
    return some != null && some.toString().startsWith(some.getClass().getSimpleName() + "[");
  }

  private void compareLists(String name, List<?> a, List<?> b) {
    if (a.size() != b.size()) {
      differences.add("the length of " + name + " is " + a.size() + ", " + given + " " + b.size());
      return;
    }
    int found = 0;
    for (int i = 0; i < a.size(); i++) {
      if (!Objects.equals(a.get(i), b.get(i)) && found++ < MOST) {
        compare(name + "." + i, a.get(i), b.get(i));
      }
    }
    if (found > MOST) {
      differences.add(name + ": " + (found - MOST) + " more elements differ");
    }
  }

  /** Whether a value is that of a record which is not there. */
  private static boolean empty(@Nullable Object value) {
    return value == null || value.equals(false) || value.equals(List.of());
  }

  private static String text(@Nullable Object value) {
    if (value instanceof Layer layer) {
      Activation activation = layer.activation();
      return activation == null ? layer.name() : layer.name() + "," + activation.id();
    }
    if (value instanceof Estimator estimator) {
      return estimator.id();
    }
    return value instanceof Enum<?> constant
        ? constant.name().toLowerCase(Locale.ROOT).replace('_', '-')
        : Objects.toString(value, "none");
  }

  private static @Nullable Object value(RecordComponent component, @Nullable Object record) {
    try {
      return record == null ? null : component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("record " + component.getDeclaringRecord(), e);
    }
  }
}
