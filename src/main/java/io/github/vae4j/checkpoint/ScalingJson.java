// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.json.JsonObject;
import io.github.vae4j.schema.Scaling;
import io.github.vae4j.schema.Scaling.Rule;
import java.util.List;
import java.util.Locale;

/** The scaling of a column in the JSON of a schema. */
final class ScalingJson {
  private static final String KNOTS = "knots";
  private static final String SCORES = "scores";

  private ScalingJson() {}

  static JsonObject write(Scaling scaling) {
    JsonObject node = new JsonObject();
    node.put("rule", id(scaling.rule()));
    if (scaling.rule() == Rule.LOG) {
      node.put("offset", scaling.offset());
    }
    if (scaling.rule() != Rule.ROBUST) {
      node.put("center", scaling.center());
    }
    node.put("scale", scaling.scale());
    if (scaling.rule() == Rule.ROBUST) {
      scaling.knots().forEach(node.putArray(KNOTS)::add);
      scaling.scores().forEach(node.putArray(SCORES)::add);
    }
    return node;
  }

  private static String id(Rule rule) {
    return rule.name().toLowerCase(Locale.ROOT);
  }

  static Scaling read(JsonFields fields) {
    fields.allow("rule", "offset", "center", "scale", KNOTS, SCORES);
    Rule rule = fields.choice("rule", VaeJson.byId(Rule.values(), ScalingJson::id));
    boolean robust = rule == Rule.ROBUST;
    try {
      return new Scaling(
          rule,
          fields.has("offset") ? fields.number("offset") : 0,
          robust ? 0 : fields.number("center"),
          fields.number("scale"),
          robust ? fields.numbers(KNOTS) : List.of(),
          robust ? fields.numbers(SCORES) : List.of());
    } catch (IllegalArgumentException e) {
      throw fields.error(String.valueOf(e.getMessage()));
    }
  }
}
