// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.VaeException;
import io.github.vae4j.json.JsonObject;
import io.github.vae4j.model.Latents;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.TopLevel;
import java.util.List;
import java.util.function.Function;

/** The latent families of a model in {@code vae.json}; defaults are left out. */
final class LatentJson {
  /** The key in the model. */
  static final String KEY = "latents";

  private static final String POSTERIOR = "posterior";
  private static final String PRIOR = "prior";
  private static final String TOP = "top";

  private LatentJson() {}

  static void write(Latents latents, JsonObject model) {
    if (latents.equals(Latents.STANDARD)) {
      return;
    }
    JsonObject node = model.putObject(KEY);
    node.put(POSTERIOR, name(POSTERIOR, latents.posterior(), Posterior::parse));
    node.put(PRIOR, name(PRIOR, latents.prior(), Prior::parse));
    TopLevel top = latents.top();
    if (top != null) {
      JsonObject above = node.putObject(TOP);
      above.set("encoder", LayerJson.write(top.encoder()));
      above.put("latent", top.latent());
      above.set("decoder", LayerJson.write(top.decoder()));
    }
  }

  static Latents read(JsonFields model) {
    JsonFields fields = model.optionalObject(KEY);
    if (fields == null) {
      return Latents.STANDARD;
    }
    fields.allow(POSTERIOR, PRIOR, TOP);
    Posterior posterior = named(fields, POSTERIOR, Posterior.DIAGONAL, Posterior::parse);
    Prior prior = named(fields, PRIOR, Prior.STANDARD, Prior::parse);
    JsonFields above = fields.optionalObject(TOP);
    TopLevel top = null;
    if (above != null) {
      above.allow("encoder", "latent", "decoder");
      List<Layer> encoder = LayerJson.read(above, "encoder");
      top = new TopLevel(encoder, above.integer("latent", 1), LayerJson.read(above, "decoder"));
    }
    try {
      return new Latents(posterior, prior, top);
    } catch (IllegalArgumentException e) {
      throw fields.error(String.valueOf(e.getMessage()));
    }
  }

  /** A family's name, of which reading makes the same family. */
  private static <T> String name(String key, T family, Function<String, T> parse) {
    String name = family.toString();
    T read;
    try {
      read = parse.apply(name);
    } catch (IllegalArgumentException e) {
      throw new VaeException(key + " " + name + " cannot be saved: " + e.getMessage(), e);
    }
    if (!read.equals(family)) {
      throw new VaeException(
          key
              + " "
              + name
              + ": "
              + family.getClass()
              + " cannot be saved: it is read as "
              + read.getClass());
    }
    return name;
  }

  private static <T> T named(JsonFields fields, String key, T absent, Function<String, T> parse) {
    if (!fields.has(key)) {
      return absent;
    }
    try {
      return parse.apply(fields.text(key));
    } catch (IllegalArgumentException e) {
      throw fields.error(key, String.valueOf(e.getMessage()));
    }
  }
}
