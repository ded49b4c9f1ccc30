// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Changes of the values of a good JSON file: keys that are left out, doubled or misspelt, values of
 * other types, huge numbers, long texts, deep nesting, elements that are doubled or gone.
 */
final class JsonMutation {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "0",
          "-1",
          "1.5",
          "1e999",
          "-1e999",
          "1e-999",
          "NaN",
          "2147483647",
          "2147483648",
          "9223372036854775807",
          "9223372036854775808",
          "9".repeat(900),
          "\"\"",
          "\"x\"",
          "\"categorical:9999999\"",
          "\"condition:condition\"",
          "\"datetime:" + "[".repeat(2000) + "]".repeat(2000) + "\"",
          "\"" + "y".repeat(50_000) + "\"",
          "\"\\u0000\\ud800\"",
          "[]",
          "{}",
          "[[]]",
          "[null]",
          "[1, \"a\"]",
          "[".repeat(900) + "]".repeat(900),
          "[".repeat(5000),
          "{\"of\":".repeat(900) + "1" + "}".repeat(900));

  private JsonMutation() {}

  /** One of several good files with some changes. */
  static byte[] of(List<byte[]> good, Random random) {
    try {
      JsonNode root = MAPPER.readTree(good.get(random.nextInt(good.size())));
      int changes = 1 + random.nextInt(3);
      for (int i = 0; i < changes; i++) {
        change(root, random);
      }
      return MAPPER.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void change(JsonNode root, Random random) {
    List<JsonNode> nodes = new ArrayList<>();
    collect(root, nodes);
    JsonNode node = nodes.get(random.nextInt(nodes.size()));
    if (node instanceof ObjectNode object) {
      ofObject(object, random);
    } else {
      ofArray((ArrayNode) node, random);
    }
  }

  /** Objects, and arrays with elements. */
  private static void collect(JsonNode node, List<JsonNode> nodes) {
    if (node.isObject() || (node.isArray() && !node.isEmpty())) {
      nodes.add(node);
    }
    node.forEach(child -> collect(child, nodes));
  }

  private static void ofObject(ObjectNode object, Random random) {
    List<String> keys = new ArrayList<>();
    object.fieldNames().forEachRemaining(keys::add);
    if (keys.isEmpty()) {
      object.putRawValue("extra", value(random));
      return;
    }
    String key = keys.get(random.nextInt(keys.size()));
    switch (random.nextInt(6)) {
      case 0 -> object.remove(key);
      case 1 -> object.putRawValue("extra", value(random));
      case 2 -> object.set(key + "x", object.remove(key));
      // The text of a value is not checked, so that it can hold the key once more.
      case 3 -> object.putRawValue(key, new RawValue(object.get(key) + ",\"" + key + "\":1"));
      default -> object.putRawValue(key, value(random));
    }
  }

  private static void ofArray(ArrayNode array, Random random) {
    int at = random.nextInt(array.size());
    switch (random.nextInt(4)) {
      case 0 -> array.remove(at);
      case 1 -> array.insert(at, array.get(at).deepCopy());
      case 2 -> array.removeAll();
      default -> array.setRawValue(at, value(random));
    }
  }

  private static RawValue value(Random random) {
    return new RawValue(VALUES.get(random.nextInt(VALUES.size())));
  }
}
