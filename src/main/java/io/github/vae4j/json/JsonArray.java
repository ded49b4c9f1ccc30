// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A JSON array. Its values are as in {@link JsonObject}. */
public final class JsonArray {
  private final List<@Nullable Object> values = new ArrayList<>();

  /** An empty array. */
  public JsonArray() {}

  /**
   * The values.
   *
   * @return a view of them, in order
   */
  public List<@Nullable Object> values() {
    return Collections.unmodifiableList(values);
  }

  /**
   * Appends a value.
   *
   * @param value a text
   */
  public void add(String value) {
    values.add(value);
  }

  /**
   * Appends a value.
   *
   * @param value a whole number
   */
  public void add(long value) {
    values.add(value);
  }

  /**
   * Appends a value.
   *
   * @param value a finite number; NaN and infinities become the texts "NaN", "Infinity" and
   *     "-Infinity", as JSON has no such numbers
   */
  public void add(double value) {
    values.add(value);
  }

  /**
   * Appends a value.
   *
   * @param value an object
   */
  public void add(JsonObject value) {
    values.add(value);
  }

  /** Appends null. */
  public void addNull() {
    values.add(null);
  }

  /**
   * Appends an empty object.
   *
   * @return the object
   */
  public JsonObject addObject() {
    JsonObject added = new JsonObject();
    values.add(added);
    return added;
  }

  /** Appends a value that was read. */
  void append(@Nullable Object value) {
    values.add(value);
  }

  @Override
  public String toString() {
    return Json.text(this);
  }
}
