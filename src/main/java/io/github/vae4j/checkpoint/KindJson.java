// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.dispatch.SealedTable;
import io.github.vae4j.json.JsonObject;
import io.github.vae4j.schema.Kind;
import io.github.vae4j.schema.Kind.Reason;
import io.github.vae4j.schema.Scaling;
import io.github.vae4j.schema.TimeFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The kind of a column in the JSON of a schema. */
final class KindJson {
  private static final List<String> SHARED = List.of("name", "kind", "missing", "remark");
  private static final String SCALING = "scaling";
  private static final String LEAST = "least";
  private static final String GREATEST = "greatest";

  private KindJson() {}

  private static final SealedTable<Kind, JsonObject, JsonObject> WRITERS =
      SealedTable.<Kind, JsonObject, JsonObject>of(Kind.class)
          .with(Kind.Numeric.class, KindJson::numeric)
          .with(Kind.Count.class, (node, kind) -> node.put(GREATEST, kind.greatest()))
          .with(
              Kind.Binary.class,
              (node, kind) -> node.put("zero", kind.zero()).put("one", kind.one()))
          .with(Kind.Categorical.class, KindJson::categorical)
          .with(Kind.Datetime.class, KindJson::datetime)
          .with(
              Kind.Out.class,
              (node, kind) -> node.put("reason", kind.reason().name().toLowerCase(Locale.ROOT)))
          .with(Kind.Label.class, KindJson::label)
          .with(Kind.Weight.class, (node, kind) -> node)
          .with(Kind.Condition.class, KindJson::condition)
          .complete();

  static void write(Kind kind, JsonObject node) {
    node.put("kind", kind.id());
    WRITERS.apply(node, kind);
  }

  private static JsonObject numeric(JsonObject node, Kind.Numeric kind) {
    node.set(SCALING, ScalingJson.write(kind.scaling()));
    return node.put(LEAST, kind.least())
        .put(GREATEST, kind.greatest())
        .put("resolution", kind.resolution())
        .put("decimals", kind.decimals());
  }

  private static JsonObject categorical(JsonObject node, Kind.Categorical kind) {
    kind.levels().forEach(node.putArray("levels")::add);
    kind.rare().forEach(node.putArray("rare")::add);
    return node.put("open", kind.open());
  }

  private static JsonObject datetime(JsonObject node, Kind.Datetime kind) {
    node.put("format", kind.format().id());
    node.set(SCALING, ScalingJson.write(kind.scaling()));
    return node.put(LEAST, kind.least())
        .put(GREATEST, kind.greatest())
        .put("hour", kind.hour())
        .put("weekday", kind.weekday())
        .put("resolution", kind.resolution())
        .put("seconds", kind.seconds());
  }

  private static JsonObject label(JsonObject node, Kind.Label kind) {
    kind.classes().forEach(node.putArray("classes")::add);
    return node;
  }

  private static JsonObject condition(JsonObject node, Kind.Condition kind) {
    write(kind.of(), node.putObject("of"));
    return node;
  }

  static Kind read(JsonFields fields) {
    try {
      return kind(fields);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      int colon = message.indexOf(": ");
      String key = colon < 0 ? "" : message.substring(0, colon);
      throw fields.has(key)
          ? fields.error(key, message.substring(colon + 2))
          : fields.error(message);
    }
  }

  private static Kind kind(JsonFields fields) {
    String id = fields.text("kind");
    switch (id) {
      case "numeric" -> {
        allow(fields, SCALING, LEAST, GREATEST, "resolution", "decimals");
        return new Kind.Numeric(
            scaling(fields),
            fields.number(LEAST),
            fields.number(GREATEST),
            fields.number("resolution"),
            fields.integer("decimals", -1));
      }
      case "count" -> {
        allow(fields, GREATEST);
        return new Kind.Count(fields.longInteger(GREATEST));
      }
      case "binary" -> {
        allow(fields, "zero", "one");
        return new Kind.Binary(fields.text("zero"), fields.text("one"));
      }
      case "categorical" -> {
        allow(fields, "levels", "rare", "open");
        List<String> rare = fields.optionalTexts("rare");
        return new Kind.Categorical(
            texts(fields, "levels"),
            rare == null ? List.of() : rare,
            fields.has("open") && fields.flag("open"));
      }
      case "datetime" -> {
        allow(
            fields, "format", SCALING, LEAST, GREATEST, "hour", "weekday", "resolution", "seconds");
        return new Kind.Datetime(
            new TimeFormat(fields.text("format")),
            scaling(fields),
            fields.number(LEAST),
            fields.number(GREATEST),
            fields.flag("hour"),
            fields.flag("weekday"),
            fields.number("resolution"),
            fields.flag("seconds"));
      }
      case "out" -> {
        allow(fields, "reason");
        return new Kind.Out(
            fields.has("reason")
                ? fields.choice(
                    "reason",
                    VaeJson.byId(Reason.values(), reason -> reason.name().toLowerCase(Locale.ROOT)))
                : Reason.CHOICE);
      }
      case "label" -> {
        allow(fields, "classes");
        return new Kind.Label(texts(fields, "classes"));
      }
      case "weight" -> {
        allow(fields);
        return new Kind.Weight();
      }
      case "condition" -> {
        allow(fields, "of");
        return new Kind.Condition(read(fields.object("of")));
      }
      default -> throw fields.error("kind", "\"" + id + "\" has no settings in this file");
    }
  }

  private static void allow(JsonFields fields, String... own) {
    List<String> all = new ArrayList<>(SHARED);
    all.addAll(List.of(own));
    fields.allow(all.toArray(String[]::new));
  }

  private static Scaling scaling(JsonFields fields) {
    return ScalingJson.read(fields.object(SCALING));
  }

  private static List<String> texts(JsonFields fields, String key) {
    List<String> texts = fields.optionalTexts(key);
    if (texts == null) {
      throw fields.error(key, "missing; expected [...]");
    }
    return texts;
  }
}
