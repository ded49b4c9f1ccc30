// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes values of {@link JsonObject}. jackson-databind, which is three times as large as
 * jackson-core and which some frameworks allow in one version only, is not needed for that.
 */
public final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();

  private static final DefaultPrettyPrinter PRETTY =
      new DefaultPrettyPrinter(
              Separators.createDefaultInstance().withObjectFieldValueSpacing(Spacing.AFTER))
          .withObjectIndenter(new DefaultIndenter("  ", "\n"));

  private Json() {}

  /**
   * Parses a text of one value.
   *
   * @param factory has the limits and the strictness
   * @param text the JSON
   * @return the value
   * @throws JsonProcessingException if the text is not one value; it has the place
   */
  public static @Nullable Object parse(JsonFactory factory, String text)
      throws JsonProcessingException {
    JsonArray root = new JsonArray();
    Deque<BiConsumer<String, @Nullable Object>> open = new ArrayDeque<>();
    open.push((name, value) -> root.append(value));
    try (JsonParser parser = factory.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        String name = parser.currentName() == null ? "" : parser.currentName();
        if (open.size() == 1 && !root.values().isEmpty()) {
          throw new JsonParseException(parser, "a second value after the first one");
        }
        if (token == JsonToken.START_OBJECT) {
          JsonObject object = new JsonObject();
          open.element().accept(name, object);
          open.push(object::set);
        } else if (token == JsonToken.START_ARRAY) {
          JsonArray array = new JsonArray();
          open.element().accept(name, array);
          open.push((none, value) -> array.append(value));
        } else if (token.isStructEnd()) {
          open.pop();
        } else if (token.isScalarValue()) {
          open.element().accept(name, scalar(parser, token));
        }
      }
      if (root.values().isEmpty()) {
        throw new JsonParseException(parser, "no value");
      }
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return root.values().get(0);
  }

  private static @Nullable Object scalar(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case VALUE_NULL -> null;
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT -> parser.getNumberValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      default -> parser.getText();
    };
  }

  /**
   * The JSON of a value.
   *
   * @param value as {@link JsonObject} describes
   * @return a text of one line
   */
  public static String text(@Nullable Object value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      write(json, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /**
   * The JSON of an object, for people.
   *
   * @param value the object
   * @return a text with a line for each key
   */
  public static String pretty(JsonObject value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.setPrettyPrinter(PRETTY.createInstance());
      write(json, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value instanceof JsonObject object) {
      json.writeStartObject();
      for (String key : object.keys()) {
        json.writeFieldName(key);
        write(json, object.get(key));
      }
      json.writeEndObject();
    } else if (value instanceof JsonArray array) {
      json.writeStartArray();
      for (Object element : array.values()) {
        write(json, element);
      }
      json.writeEndArray();
    } else {
      json.writePOJO(value);
    }
  }
}
