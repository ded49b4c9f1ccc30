// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.json.JsonArray;
import io.github.vae4j.json.JsonObject;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Collects one JSON object. JSON has no NaN and no infinity: they become null. */
public final class JsonLine {
  private static final Pattern SNAKE = Pattern.compile("[A-Z]");

  private final JsonObject node = new JsonObject();

  /** An object without fields. */
  public JsonLine() {}

  /**
   * Adds a field.
   *
   * @param key its name
   * @param value a text; null becomes null
   * @return this
   */
  public JsonLine put(String key, @Nullable String value) {
    node.put(key, value);
    return this;
  }

  /**
   * Adds a field.
   *
   * @param key its name
   * @param value a whole number
   * @return this
   */
  public JsonLine put(String key, long value) {
    node.put(key, value);
    return this;
  }

  /**
   * Adds a field.
   *
   * @param key its name
   * @param value a number, written as null if it is not finite
   * @return this
   */
  public JsonLine put(String key, double value) {
    if (Double.isFinite(value)) {
      node.put(key, value);
    } else {
      node.set(key, null);
    }
    return this;
  }

  /**
   * Adds a field.
   *
   * @param key its name
   * @param value true or false
   * @return this
   */
  public JsonLine put(String key, boolean value) {
    node.put(key, value);
    return this;
  }

  /**
   * Adds an array.
   *
   * @param key its name
   * @param values its elements, written as null if they are not finite
   * @return this
   */
  public JsonLine put(String key, double[] values) {
    JsonArray array = node.putArray(key);
    for (double value : values) {
      if (Double.isFinite(value)) {
        array.add(value);
      } else {
        array.addNull();
      }
    }
    return this;
  }

  /**
   * Adds an array.
   *
   * @param key its name
   * @param values its elements
   * @return this
   */
  public JsonLine put(String key, int[] values) {
    JsonArray array = node.putArray(key);
    Arrays.stream(values).forEach(array::add);
    return this;
  }

  /**
   * Adds an array.
   *
   * @param key its name
   * @param values its elements
   * @return this
   */
  public JsonLine put(String key, List<String> values) {
    JsonArray array = node.putArray(key);
    values.forEach(array::add);
    return this;
  }

  /**
   * Adds a field.
   *
   * @param key its name
   * @param value an object
   * @return this
   */
  public JsonLine put(String key, JsonLine value) {
    node.set(key, value.node);
    return this;
  }

  /**
   * Adds an array of objects.
   *
   * @param key its name
   * @param values its elements
   * @return this
   */
  public JsonLine putAll(String key, List<JsonLine> values) {
    JsonArray array = node.putArray(key);
    values.forEach(value -> array.add(value.node));
    return this;
  }

  /**
   * Adds all numbers of a record, by their names in snake case.
   *
   * @param numbers the record, of a public type
   * @return this
   */
  public JsonLine putAll(Record numbers) {
    for (RecordComponent component : numbers.getClass().getRecordComponents()) {
      Object value;
      try {
        value = component.getAccessor().invoke(numbers);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("record " + numbers.getClass(), e);
      }
      String key = SNAKE.matcher(component.getName()).replaceAll("_$0").toLowerCase(Locale.ROOT);
      if (value instanceof Double number) {
        put(key, number.doubleValue());
      } else if (value instanceof Number number) {
        put(key, number.longValue());
      }
    }
    return this;
  }

  @Override
  public String toString() {
    // Jackson leaves some control characters as they are; they can only be in strings.
    return Printable.line(node.toString());
  }
}
