// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object. A value is a String, a Boolean, null, a JsonObject, a {@link JsonArray}, or a
 * number: an Integer, a Long or a BigInteger for a whole one, else a Double or a Float.
 */
public final class JsonObject {
  private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

  /** An object without fields. */
  public JsonObject() {}

  /**
   * The keys.
   *
   * @return a copy, in order
   */
  public List<String> keys() {
    return new ArrayList<>(fields.keySet());
  }

  /**
   * Whether the object has a key.
   *
   * @param key the key
   * @return also true if its value is null
   */
  public boolean has(String key) {
    return fields.containsKey(key);
  }

  /**
   * A value.
   *
   * @param key its key
   * @return null if the value is null, or the key is not there
   */
  public @Nullable Object get(String key) {
    return fields.get(key);
  }

  /**
   * Sets a value of any type.
   *
   * @param key its key
   * @param value as the class comment describes
   * @return this
   */
  public JsonObject set(String key, @Nullable Object value) {
    fields.put(key, value);
    return this;
  }

  /**
   * Sets a value.
   *
   * @param key its key
   * @param value a text or null
   * @return this
   */
  public JsonObject put(String key, @Nullable String value) {
    return set(key, value);
  }

  /**
   * Sets a value.
   *
   * @param key its key
   * @param value a whole number
   * @return this
   */
  public JsonObject put(String key, long value) {
    return set(key, value);
  }

  /**
   * Sets a value.
   *
   * @param key its key
   * @param value a finite number, written with the digits that tell it from other floats
   * @return this
   */
  public JsonObject put(String key, float value) {
    return set(key, value);
  }

  /**
   * Sets a value.
   *
   * @param key its key
   * @param value a finite number; NaN and infinities become the texts "NaN", "Infinity" and
   *     "-Infinity", as JSON has no such numbers
   * @return this
   */
  public JsonObject put(String key, double value) {
    return set(key, value);
  }

  /**
   * Sets a value.
   *
   * @param key its key
   * @param value true or false
   * @return this
   */
  public JsonObject put(String key, boolean value) {
    return set(key, value);
  }

  /**
   * Sets an empty array.
   *
   * @param key its key
   * @return the array
   */
  public JsonArray putArray(String key) {
    JsonArray array = new JsonArray();
    set(key, array);
    return array;
  }

  /**
   * Sets an empty object.
   *
   * @param key its key
   * @return the new object
   */
  public JsonObject putObject(String key) {
    JsonObject object = new JsonObject();
    set(key, object);
    return object;
  }

  @Override
  public String toString() {
    return Json.text(this);
  }
}
