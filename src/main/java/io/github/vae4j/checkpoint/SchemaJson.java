// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.data.Numerals;
import io.github.vae4j.data.TableOptions;
import io.github.vae4j.files.AtomicFiles;
import io.github.vae4j.json.Json;
import io.github.vae4j.json.JsonArray;
import io.github.vae4j.json.JsonObject;
import io.github.vae4j.schema.Column;
import io.github.vae4j.schema.Kind;
import io.github.vae4j.schema.KindText;
import io.github.vae4j.schema.MissingTexts;
import io.github.vae4j.schema.Reading;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.schema.SchemaDraft;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code schema.json}: the columns of a table and the format of its texts, for people and programs.
 * A column may have only its name and its kind, as {@code "kind": "numeric:log"}; its settings are
 * then inferred from the data. Reading is strict, as that of {@code vae.json}.
 */
public final class SchemaJson {
  /** The version of the format that this class writes, and the only one that it reads. */
  public static final int FORMAT = 1;

  private SchemaJson() {}

  /**
   * Writes a schema atomically.
   *
   * @param file to write
   * @param schema the content
   * @throws io.github.vae4j.VaeException if it cannot be written
   */
  public static void write(Path file, Schema schema) {
    AtomicFiles.writeText(file, Json.pretty(json(schema)) + "\n");
  }

  static JsonObject json(Schema schema) {
    JsonObject root = new JsonObject();
    root.put("format", FORMAT);
    write(schema.reading(), root.putObject("reading"));
    JsonArray columns = root.putArray("columns");
    for (Column column : schema.columns()) {
      JsonObject node = columns.addObject();
      node.put("name", column.name());
      KindJson.write(column.kind(), node);
      node.put("missing", column.missing());
      if (!column.remark().isEmpty()) {
        node.put("remark", column.remark());
      }
    }
    return root;
  }

  private static void write(Reading reading, JsonObject node) {
    node.put("header", reading.header().name().toLowerCase(Locale.ROOT));
    put(node, "separator", reading.separator());
    put(node, "quote", reading.quote());
    if (reading.encoding() != null) {
      node.put("encoding", reading.encoding());
    }
    node.put("decimal", String.valueOf(reading.numerals().decimal()));
    put(node, "thousands", reading.numerals().thousands());
    node.put("percent", reading.numerals().percent());
    reading.missing().more().forEach(node.putArray("missing")::add);
  }

  private static void put(JsonObject node, String key, @Nullable Character value) {
    if (value != null) {
      node.put(key, value.toString());
    }
  }

  /**
   * Reads a schema.
   *
   * @param file the file
   * @return the content
   * @throws CheckpointException if it cannot be read or has an impossible value
   */
  public static SchemaDraft read(Path file) {
    return draft(JsonFields.read(file));
  }

  /** The schema of a model, which is complete. */
  static Schema read(JsonFields root) {
    SchemaDraft draft = draft(root);
    if (!draft.isComplete()) {
      throw root.error("columns", "the settings of " + draft.asked().keySet() + " are missing");
    }
    try {
      return draft.schema();
    } catch (IllegalArgumentException e) {
      throw root.error(String.valueOf(e.getMessage()));
    }
  }

  private static SchemaDraft draft(JsonFields root) {
    root.requireFormat(FORMAT);
    root.allow("format", "reading", "columns");
    List<Column> complete = new ArrayList<>();
    Map<String, String> asked = new LinkedHashMap<>();
    List<String> order = new ArrayList<>();
    for (JsonFields fields : root.objects("columns")) {
      String name = fields.text("name");
      if (order.contains(name)) {
        throw fields.error("name", "\"" + name + "\" is the name of two columns");
      }
      order.add(name);
      List<String> keys = new ArrayList<>(fields.keys());
      keys.removeAll(List.of("name", "kind", "missing", "remark"));
      String kind = fields.text("kind");
      KindText parsed = parse(fields, kind);
      if (keys.isEmpty() && !parsed.name().equals("weight") && !parsed.name().equals("out")) {
        asked.put(name, kind);
      } else {
        complete.add(column(name, fields));
      }
    }
    return new SchemaDraft(complete, asked, order, reading(root.optionalObject("reading")));
  }

  private static KindText parse(JsonFields fields, String kind) {
    try {
      return KindText.parse(kind);
    } catch (IllegalArgumentException e) {
      throw fields.error("kind", String.valueOf(e.getMessage()));
    }
  }

  private static Column column(String name, JsonFields fields) {
    Kind kind = KindJson.read(fields);
    try {
      return new Column(
          name,
          kind,
          fields.has("missing") ? fields.number("missing") : 0,
          fields.has("remark") ? fields.text("remark") : "");
    } catch (IllegalArgumentException e) {
      throw fields.error("missing", "expected a number from 0 to 1");
    }
  }

  private static Reading reading(@Nullable JsonFields fields) {
    if (fields == null) {
      return Reading.DEFAULTS;
    }
    fields.allow(
        "header", "separator", "quote", "encoding", "decimal", "thousands", "percent", "missing");
    Character decimal = character(fields, "decimal");
    List<String> missing = fields.optionalTexts("missing");
    try {
      return new Reading(
          character(fields, "separator"),
          character(fields, "quote"),
          fields.has("header")
              ? fields.choice(
                  "header",
                  VaeJson.byId(
                      TableOptions.Header.values(),
                      header -> header.name().toLowerCase(Locale.ROOT)))
              : TableOptions.Header.AUTO,
          fields.has("encoding") ? fields.text("encoding") : null,
          new Numerals(
              decimal == null ? '.' : decimal,
              character(fields, "thousands"),
              fields.has("percent") && fields.flag("percent")),
          new MissingTexts(missing == null ? List.of() : missing));
    } catch (IllegalArgumentException e) {
      throw fields.error(String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable Character character(JsonFields fields, String key) {
    if (!fields.has(key)) {
      return null;
    }
    String text = fields.text(key);
    if (text.length() != 1) {
      throw fields.error(key, "expected one character, given \"" + text + "\"");
    }
    return text.charAt(0);
  }
}
