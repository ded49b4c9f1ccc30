// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.json.JsonObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Converts records to JSON objects and back: one key for each component. A new component of a
 * record needs no change here. Components are numbers, booleans, texts, enums (in lower case) and
 * records of these; those marked {@code @Nullable} may be left out.
 *
 * @param naming from a component's name to its key
 * @param nullForNotFinite whether numbers that JSON lacks are written as null and read as NaN; a
 *     missing number, from an earlier version, is then also NaN
 */
record RecordJson(UnaryOperator<String> naming, boolean nullForNotFinite) {
  /** Keys as in Java; every number is finite. */
  static final RecordJson CONFIGURATION = new RecordJson(UnaryOperator.identity(), false);

  /** Keys in snake case; null for numbers that are not finite. */
  static final RecordJson METRICS = new RecordJson(RecordJson::snakeCase, true);

  private static String snakeCase(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /**
   * Converts a record to JSON.
   *
   * @param value the record
   * @return its components, in order
   */
  JsonObject write(Record value) {
    JsonObject node = new JsonObject();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      Object part = get(component, value);
      if (part != null) {
        node.set(naming.apply(component.getName()), toJson(part));
      }
    }
    return node;
  }

  private @Nullable Object toJson(Object part) {
    if (part instanceof Record nested) {
      return write(nested);
    } else if (part instanceof Double number && !Double.isFinite(number) && nullForNotFinite) {
      return null;
    } else if (part instanceof Double number && Double.isFinite(number)) {
      return number;
    } else if (part instanceof Integer
        || part instanceof Long
        || part instanceof Boolean
        || part instanceof String) {
      return part;
    } else if (part instanceof Enum<?> constant) {
      return id(constant);
    }
    throw new IllegalStateException("no JSON for " + part);
  }

  private static @Nullable Object get(RecordComponent component, Record value) {
    try {
      return component.getAccessor().invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String id(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Converts a JSON object to a record.
   *
   * @param type the record's class
   * @param fields the object
   * @param <R> the record
   * @return the record
   * @throws CheckpointException if a key is missing, unknown, of a wrong type or out of range
   */
  <R extends Record> R read(Class<R> type, JsonFields fields) {
    RecordComponent[] components = type.getRecordComponents();
    fields.allow(
        Arrays.stream(components).map(c -> naming.apply(c.getName())).toArray(String[]::new));
    @Nullable Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String key = naming.apply(components[i].getName());
      boolean optional = components[i].getAnnotatedType().isAnnotationPresent(Nullable.class);
      values[i] = optional && !fields.has(key) ? null : fromJson(components[i], key, fields);
    }
    try {
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      Constructor<R> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException wrong) {
        throw outOfRange(components, fields, String.valueOf(wrong.getMessage()));
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private CheckpointException outOfRange(
      RecordComponent[] components, JsonFields fields, String message) {
    for (RecordComponent component : components) {
      String start = component.getName() + ": ";
      if (message.startsWith(start)) {
        return fields.error(naming.apply(component.getName()), message.substring(start.length()));
      }
    }
    String own = fields.name() + ": ";
    return fields.error(message.startsWith(own) ? message.substring(own.length()) : message);
  }

  private Object fromJson(RecordComponent component, String key, JsonFields fields) {
    Class<?> type = component.getType();
    if (type == int.class || type == Integer.class) {
      return fields.integer(key, Integer.MIN_VALUE);
    } else if (type == long.class) {
      return fields.longInteger(key);
    } else if (type == double.class || type == Double.class) {
      boolean unknown = nullForNotFinite && (!fields.has(key) || fields.isNull(key));
      return unknown ? Double.NaN : fields.number(key);
    } else if (type == boolean.class) {
      return fields.flag(key);
    } else if (type == String.class) {
      return fields.text(key);
    } else if (type.isEnum()) {
      Map<String, Object> byName = new LinkedHashMap<>();
      for (Object constant : type.getEnumConstants()) {
        byName.put(id((Enum<?>) constant), constant);
      }
      return fields.choice(key, byName);
    } else if (type.isRecord()) {
      return read(type.asSubclass(Record.class), fields.object(key));
    }
    throw new IllegalStateException("no JSON for " + component);
  }
}
