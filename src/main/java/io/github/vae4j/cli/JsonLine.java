package io.github.vae4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Collects one JSON object. JSON has no NaN and no infinity: they become null. */
final class JsonLine {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SNAKE = Pattern.compile("[A-Z]");

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

  /** All numbers of a record, their names in snake case. */
  JsonLine putAll(Record numbers) {
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
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree that cannot be written", e);
    }
  }
}
