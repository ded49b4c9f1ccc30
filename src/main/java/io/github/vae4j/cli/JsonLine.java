package io.github.vae4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects one JSON object. JSON has no NaN and no infinity: they become null. */
final class JsonLine {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode node = JSON.createObjectNode();

  JsonLine put(String key, @Nullable String value) {
    node.put(key, value);
    return this;
  }

  JsonLine put(String key, long value) {
    node.put(key, value);
    return this;
  }

  JsonLine put(String key, double value) {
    if (Double.isFinite(value)) {
      node.put(key, value);
    } else {
      node.putNull(key);
    }
    return this;
  }

  JsonLine put(String key, boolean value) {
    node.put(key, value);
    return this;
  }

  JsonLine put(String key, double[] values) {
    ArrayNode array = node.putArray(key);
    for (double value : values) {
      if (Double.isFinite(value)) {
        array.add(value);
      } else {
        array.addNull();
      }
    }
    return this;
  }

  JsonLine put(String key, List<String> values) {
    ArrayNode array = node.putArray(key);
    values.forEach(array::add);
    return this;
  }

  JsonLine put(String key, JsonLine value) {
    node.set(key, value.node);
    return this;
  }

  JsonLine putAll(String key, List<JsonLine> values) {
    ArrayNode array = node.putArray(key);
    values.forEach(value -> array.add(value.node));
    return this;
  }

  @Override
  public String toString() {
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree that cannot be written", e);
    }
  }
}
