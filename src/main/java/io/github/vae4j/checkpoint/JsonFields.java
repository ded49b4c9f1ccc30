// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.github.vae4j.files.Reasons;
import io.github.vae4j.json.Json;
import io.github.vae4j.json.JsonArray;
import io.github.vae4j.json.JsonObject;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a JSON object of a file strictly; messages name the file and the key's path. */
final class JsonFields {
  private static final JsonFactory STRICT =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(SafeTensors.MAX_HEADER).build())
          .build();

  /** The key of a file's version. */
  static final String FORMAT = "format";

  private static final int SHOWN = 60;
  private static final int REASON = 300;
  private static final int NAMES = 10;

  private final Path file;
  private final String context;
  private final String path;
  private final JsonObject node;

  private JsonFields(Path file, String context, String path, @Nullable Object value) {
    this.file = file;
    this.context = context;
    this.path = path;
    if (!(value instanceof JsonObject object)) {
      throw error("expected {...}, given " + shown(value));
    }
    this.node = object;
  }

  /**
   * Reads a file of one object.
   *
   * @param file the file
   * @return the object
   * @throws CheckpointException if it cannot be read or is no object
   */
  static JsonFields read(Path file) {
    try {
      return parse(file, "", Files.readString(file));
    } catch (IOException e) {
      throw new CheckpointException(file, "cannot be read: " + Reasons.of(e), e);
    }
  }

  /**
   * Parses a text of one object.
   *
   * @param file for messages
   * @param context the place of the text in the file, for messages; empty if it is the whole file
   * @param text the JSON
   * @return the object
   */
  static JsonFields parse(Path file, String context, String text) {
    Object value;
    try {
      value = Json.parse(STRICT, text);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          file, prefix(context) + where(e, context) + "invalid JSON: " + reason(e), e);
    }
    return new JsonFields(file, context, "", value);
  }

  /**
   * Refuses a file of another version of its format.
   *
   * @param expected the only version that is read
   * @throws CheckpointException if the file has another one
   */
  void requireFormat(int expected) {
    int given = integer(FORMAT, 1);
    if (given != expected) {
      throw error(
          FORMAT, "expected " + expected + ", given " + given + "; a newer vae4j wrote this file");
    }
  }

  private static String where(JsonProcessingException e, String context) {
    JsonLocation at = e.getLocation();
    if (at == null) {
      return "";
    }
    return context.isEmpty()
        ? "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": "
        : "character " + at.getCharOffset() + ": ";
  }

  /** Jackson's message without the place. */
  private static String reason(JsonProcessingException e) {
    String text = e.getOriginalMessage().replaceAll("(?s) \\(start marker at .*|\n.*", "");
    return text.length() <= REASON ? text : text.substring(0, REASON) + "...";
  }

  /** A problem without the middle of a long text of the file. */
  private static String bounded(String problem) {
    return problem.length() <= 2 * REASON
        ? problem
        : problem.substring(0, REASON) + " ... " + problem.substring(problem.length() - REASON);
  }

  private static String prefix(String part) {
    return part.isEmpty() ? "" : part + ": ";
  }

  private static String shown(@Nullable Object value) {
    return shortened(Json.text(value));
  }

  /** A text of a file for a message, of a bounded length. */
  static String shortened(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN - 3) + "...";
  }

  /** Names for a message, or the first of them. */
  static String some(Set<String> names) {
    String first =
        names.stream()
            .limit(NAMES)
            .map(JsonFields::shortened)
            .collect(Collectors.joining(", ", "[", ""));
    return first + (names.size() <= NAMES ? "]" : ", ... " + names.size() + " in all]");
  }

  private String path(String key) {
    return path.isEmpty() ? shortened(key) : path + "." + shortened(key);
  }

  /**
   * The key of this object.
   *
   * @return the path's last part
   */
  String name() {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /**
   * The keys of the object.
   *
   * @return in the order of the file
   */
  List<String> keys() {
    return node.keys();
  }

  /**
   * Refuses all other keys, so that a misspelt key is not taken for a missing one.
   *
   * @param known the keys that are allowed
   */
  void allow(String... known) {
    Set<String> allowed = Set.of(known);
    for (String key : keys()) {
      if (!allowed.contains(key)) {
        throw error(key, "unknown key; " + suggestion(key, allowed));
      }
    }
  }

  private static String suggestion(String key, Set<String> known) {
    List<String> close =
        known.stream()
            .filter(k -> key.length() <= SHOWN && distance(key, k) <= Math.max(2, k.length() / 3))
            .sorted(Comparator.<String>comparingInt(k -> distance(key, k)).thenComparing(k -> k))
            .limit(3)
            .toList();
    return close.isEmpty()
        ? "expected one of " + String.join(", ", new TreeSet<>(known))
        : "did you mean " + String.join(" or ", close) + "?";
  }

  /** Levenshtein's distance, case ignored. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        char x = Character.toLowerCase(a.charAt(i - 1));
        char y = Character.toLowerCase(b.charAt(j - 1));
        int replaced = diagonal + (x == y ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], row[j]));
      }
    }
    return row[b.length()];
  }

  /**
   * Reads an object of texts.
   *
   * @return each key's text
   */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String key : keys()) {
      texts.put(key, text(key));
    }
    return texts;
  }

  /** An array of texts; null if the key is not there. */
  @Nullable List<String> optionalTexts(String key) {
    if (!has(key)) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (Object element : array(key)) {
      if (!(element instanceof String text)) {
        throw error(key, "expected texts, given " + shown(element));
      }
      texts.add(text);
    }
    return texts;
  }

  /** An array of numbers. */
  List<Double> numbers(String key) {
    List<Double> numbers = new ArrayList<>();
    for (Object element : array(key)) {
      if (!(element instanceof Number number)) {
        throw error(key, "expected numbers, given " + shown(element));
      }
      numbers.add(number.doubleValue());
    }
    return numbers;
  }

  /** An array of whole numbers. */
  List<Long> longIntegers(String key) {
    List<Long> numbers = new ArrayList<>();
    for (Object element : array(key)) {
      if (!(element instanceof Integer) && !(element instanceof Long)) {
        throw error(key, "expected whole numbers of 64 bits, given " + shown(element));
      }
      numbers.add(((Number) element).longValue());
    }
    return numbers;
  }

  /** The JSON of an object of texts, by key. */
  static String write(Map<String, String> texts) {
    JsonObject object = new JsonObject();
    new TreeMap<>(texts).forEach(object::put);
    return Json.text(object);
  }

  boolean has(String key) {
    return node.get(key) != null;
  }

  boolean isNull(String key) {
    return node.has(key) && node.get(key) == null;
  }

  int integer(String key, int least) {
    Number value = whole(key);
    if (!(value instanceof Integer number)) {
      throw error(key, "expected " + Integer.MAX_VALUE + " or less, given " + shown(value));
    }
    if (number < least) {
      throw error(key, "expected " + least + " or more, given " + shown(value));
    }
    return number;
  }

  long longInteger(String key) {
    Number value = whole(key);
    if (value instanceof BigInteger) {
      throw error(key, "expected a whole number of 64 bits, given " + shown(value));
    }
    return value.longValue();
  }

  private Number whole(String key) {
    Number value = value(key, Number.class, "a whole number");
    if (value instanceof Double) {
      throw error(key, "expected a whole number, given " + shown(value));
    }
    return value;
  }

  double number(String key) {
    return value(key, Number.class, "a number").doubleValue();
  }

  boolean flag(String key) {
    return value(key, Boolean.class, "true or false");
  }

  String text(String key) {
    return value(key, String.class, "a text");
  }

  private List<@Nullable Object> array(String key) {
    return value(key, JsonArray.class, "[...]").values();
  }

  JsonFields object(String key) {
    return new JsonFields(file, context, path(key), value(key, JsonObject.class, "{...}"));
  }

  @Nullable JsonFields optionalObject(String key) {
    return has(key) ? object(key) : null;
  }

  /**
   * Reads the objects of an array.
   *
   * @param key the array's key
   * @return one for each element
   */
  List<JsonFields> objects(String key) {
    List<JsonFields> objects = new ArrayList<>();
    for (Object element : array(key)) {
      objects.add(new JsonFields(file, context, path(key) + "[" + objects.size() + "]", element));
    }
    return objects;
  }

  /**
   * Reads one of several names.
   *
   * @param key the key
   * @param byName the value for each name
   * @param <T> the type of the values
   * @return the value for the text
   */
  <T> T choice(String key, Map<String, T> byName) {
    T chosen = byName.get(text(key));
    if (chosen == null) {
      throw error(
          key,
          "expected one of "
              + String.join(", ", byName.keySet())
              + ", given "
              + shown(node.get(key)));
    }
    return chosen;
  }

  private <T> T value(String key, Class<T> type, String expected) {
    if (!node.has(key)) {
      throw error(key, "missing; expected " + expected);
    }
    Object value = node.get(key);
    if (!type.isInstance(value)) {
      throw error(key, "expected " + expected + ", given " + shown(value));
    }
    return type.cast(value);
  }

  CheckpointException error(String key, String problem) {
    return new CheckpointException(file, prefix(context) + path(key) + ": " + bounded(problem));
  }

  /**
   * An error in this object as a whole.
   *
   * @param problem the fault
   * @return the exception, to be thrown
   */
  CheckpointException error(String problem) {
    return new CheckpointException(file, prefix(context) + prefix(path) + bounded(problem));
  }
}
