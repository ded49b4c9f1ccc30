// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.data.DataNames;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.files.AtomicFiles;
import io.github.vae4j.json.Json;
import io.github.vae4j.json.JsonObject;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.Initializer;
import io.github.vae4j.model.Latents;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.TrainConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code vae.json}: the complete specification of a run, for people and programs. {@code
 * docs/checkpoint-format.md} shows one. Reading is strict: an unknown, missing or impossible value
 * is an error that names the file and the key's path.
 */
public final class VaeJson {
  /** The version of the format that this class writes, and the only one that it reads. */
  public static final int FORMAT = 1;

  private static final String MADE_IN = "madeIn";
  private static final String MASK_INPUT = "maskInput";
  private static final String SCHEMA = "schema";

  private VaeJson() {}

  /**
   * Writes a run's specification atomically.
   *
   * @param file to write
   * @param run the content
   * @throws io.github.vae4j.VaeException if it cannot be written
   */
  public static void write(Path file, RunFile run) {
    JsonObject root = new JsonObject();
    root.put("format", FORMAT);
    root.set("model", model(run.model()));
    if (run.training() != null) {
      root.set("training", RecordJson.CONFIGURATION.write(run.training()));
    }
    if (run.data() != null) {
      root.set("data", RecordJson.CONFIGURATION.write(run.data()));
    }
    if (run.prints() != null) {
      root.set("fingerprints", RecordJson.CONFIGURATION.write(run.prints()));
    }
    root.put(MADE_IN, RunOrigin.of(file));
    AtomicFiles.writeText(file, Json.pretty(root) + "\n");
  }

  /**
   * Reads a run's specification.
   *
   * @param file the file
   * @return the content
   * @throws CheckpointException if it cannot be read or has an impossible value
   */
  public static RunFile read(Path file) {
    return parse(JsonFields.read(file));
  }

  /**
   * Whether a run was made in the folder where its specification is, by this user on this machine.
   *
   * @param file an existing vae.json
   * @return false if the folder was copied or moved, or if the file does not say
   * @throws CheckpointException if it cannot be read
   */
  public static boolean isMadeHere(Path file) {
    JsonFields root = JsonFields.read(file);
    return root.has(MADE_IN) && root.text(MADE_IN).equals(RunOrigin.of(file));
  }

  /**
   * Parses the text of a run's specification.
   *
   * @param source the origin of the text, for messages
   * @param text of a {@code vae.json}
   * @return the content
   * @throws CheckpointException if it has an impossible value
   */
  public static RunFile parse(Path source, String text) {
    return parse(JsonFields.parse(source, "", text));
  }

  private static RunFile parse(JsonFields root) {
    root.requireFormat(FORMAT);
    root.allow("format", "model", "training", "data", "fingerprints", MADE_IN);
    JsonFields training = root.optionalObject("training");
    JsonFields data = root.optionalObject("data");
    JsonFields prints = root.optionalObject("fingerprints");
    return new RunFile(
        model(root.object("model")),
        training == null ? null : RecordJson.CONFIGURATION.read(TrainConfig.class, training),
        data == null ? null : RecordJson.CONFIGURATION.read(DataSource.class, data),
        prints == null ? null : RecordJson.CONFIGURATION.read(DataPrints.class, prints));
  }

  static String modelText(VaeSpec spec) {
    return model(spec).toString();
  }

  static VaeSpec modelOf(Path file, String where, String text) {
    return model(JsonFields.parse(file, where, text));
  }

  static String recordText(Record value) {
    return RecordJson.CONFIGURATION.write(value).toString();
  }

  private static JsonObject model(VaeSpec spec) {
    JsonObject node = new JsonObject();
    node.put("features", spec.features());
    node.set("encoder", LayerJson.write(spec.encoder()));
    node.put("latent", spec.latent());
    node.set("decoder", LayerJson.write(spec.decoder()));
    node.put("likelihood", spec.likelihood().toString());
    node.put("initializer", spec.initializer().id());
    if (spec.image() != null) {
      node.set("image", RecordJson.CONFIGURATION.write(spec.image()));
    }
    Condition condition = spec.condition();
    if (condition != null) {
      String key = condition.match(labels -> "labels", covariates -> "covariates");
      node.putObject("condition").put(key, condition.columns());
    }
    LatentJson.write(spec.latents(), node);
    if (spec.maskInput()) {
      node.put(MASK_INPUT, true);
    }
    NamesJson.write(spec.names(), node);
    if (spec.schema() != null) {
      node.set(SCHEMA, SchemaJson.json(spec.schema()));
    }
    return node;
  }

  private static VaeSpec model(JsonFields fields) {
    fields.allow(
        "features",
        "encoder",
        "latent",
        "decoder",
        "likelihood",
        "initializer",
        "image",
        "condition",
        LatentJson.KEY,
        MASK_INPUT,
        NamesJson.KEY,
        SCHEMA);
    int features = fields.integer("features", 1);
    List<Layer> encoder = LayerJson.read(fields, "encoder");
    int latent = fields.integer("latent", 1);
    List<Layer> decoder = LayerJson.read(fields, "decoder");
    Likelihood likelihood;
    try {
      likelihood = Likelihoods.parse(fields.text("likelihood"));
    } catch (IllegalArgumentException e) {
      throw fields.error("likelihood", String.valueOf(e.getMessage()));
    }
    Initializer initializer =
        fields.choice("initializer", byId(Initializer.values(), Initializer::id));
    JsonFields image = fields.optionalObject("image");
    ImageShape shape =
        image == null ? null : RecordJson.CONFIGURATION.read(ImageShape.class, image);
    if (shape != null && shape.features() != features) {
      throw fields.error(
          "image", "it has " + shape.features() + " values, and features is " + features);
    }
    Condition condition = condition(fields.optionalObject("condition"));
    Latents latents = LatentJson.read(fields);
    DataNames names = NamesJson.read(fields);
    JsonFields schema = fields.optionalObject(SCHEMA);
    try {
      VaeSpec spec =
          new VaeSpec(
              features,
              encoder,
              latent,
              decoder,
              likelihood,
              initializer,
              shape,
              condition,
              latents,
              fields.has(MASK_INPUT) && fields.flag(MASK_INPUT),
              names,
              schema == null ? null : SchemaJson.read(schema));
      new ParameterLayout(spec);
      return spec;
    } catch (ArithmeticException e) {
      throw fields.error("it has more parameters than an array holds (2^31)");
    } catch (IllegalArgumentException e) {
      throw fields.error(String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable Condition condition(@Nullable JsonFields fields) {
    if (fields == null) {
      return null;
    }
    fields.allow("labels", "covariates");
    if (fields.has("labels") == fields.has("covariates")) {
      throw fields.error("expected either labels, a number of classes, or covariates");
    }
    return fields.has("labels")
        ? new Condition.Labels(fields.integer("labels", 1))
        : new Condition.Covariates(fields.integer("covariates", 1));
  }

  static <T> Map<String, T> byId(T[] values, Function<T, String> id) {
    Map<String, T> byId = new LinkedHashMap<>();
    Arrays.stream(values).forEach(value -> byId.put(id.apply(value), value));
    return byId;
  }
}
