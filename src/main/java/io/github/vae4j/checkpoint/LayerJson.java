// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.dispatch.SealedTable;
import io.github.vae4j.json.JsonArray;
import io.github.vae4j.json.JsonObject;
import io.github.vae4j.model.ActivationLayer;
import io.github.vae4j.model.AttentionLayer;
import io.github.vae4j.model.ConvLayer;
import io.github.vae4j.model.DropoutLayer;
import io.github.vae4j.model.FlattenLayer;
import io.github.vae4j.model.GroupNormLayer;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.PixelShuffleLayer;
import io.github.vae4j.model.PoolLayer;
import io.github.vae4j.model.ReshapeLayer;
import io.github.vae4j.model.ResidualLayer;
import io.github.vae4j.model.UpsampleLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The layers of a net in {@code vae.json}: {@code {"dense": 400, "activation": "relu"}}, {@code
 * {"batch_norm": 0.1, "epsilon": 1e-5}} with the momentum, {@code {"layer_norm": 1e-5}} with the
 * epsilon, {@code {"dropout": 0.1}} with the rate, {@code {"group_norm": 8, "epsilon": 1e-5}} with
 * the groups, {@code {"residual": [...]}} with layers; the other layers of images are text, {@code
 * {"layer": "conv:32x4s2p1", "activation": "relu"}}.
 */
final class LayerJson {
  private static final String DENSE = "dense";
  private static final String ACTIVATION = "activation";
  private static final String BATCH_NORM = "batch_norm";
  private static final String EPSILON = "epsilon";
  private static final String LAYER_NORM = "layer_norm";
  private static final String DROPOUT = "dropout";
  private static final String GROUP_NORM = "group_norm";
  private static final String RESIDUAL = "residual";
  private static final String LAYER = "layer";

  private static final SealedTable<Layer, JsonObject, JsonObject> WRITERS =
      SealedTable.<Layer, JsonObject, JsonObject>of(Layer.class)
          .with(
              Layer.Dense.class,
              (node, layer) ->
                  node.put(DENSE, layer.units()).put(ACTIVATION, layer.activation().id()))
          .with(
              Layer.BatchNorm.class,
              (node, layer) -> node.put(BATCH_NORM, layer.momentum()).put(EPSILON, layer.epsilon()))
          .with(Layer.LayerNorm.class, (node, layer) -> node.put(LAYER_NORM, layer.epsilon()))
          .with(DropoutLayer.class, (node, layer) -> node.put(DROPOUT, layer.rate()))
          .with(
              GroupNormLayer.class,
              (node, layer) -> node.put(GROUP_NORM, layer.groups()).put(EPSILON, layer.epsilon()))
          .with(
              ResidualLayer.class,
              (node, layer) -> node.set(RESIDUAL, LayerJson.write(layer.layers())))
          .with(
              ConvLayer.class,
              (node, layer) -> text(node, layer).put(ACTIVATION, layer.activation().id()))
          .with(AttentionLayer.class, LayerJson::text)
          .with(PoolLayer.class, LayerJson::text)
          .with(UpsampleLayer.class, LayerJson::text)
          .with(PixelShuffleLayer.class, LayerJson::text)
          .with(ActivationLayer.class, LayerJson::text)
          .with(FlattenLayer.class, LayerJson::text)
          .with(ReshapeLayer.class, LayerJson::text)
          .complete();

  /** A layer of a kind, which the key of that name tells; the other keys it has. */
  private record Reader(String kind, List<String> others, Function<JsonFields, Layer> layer) {
    Layer read(JsonFields fields) {
      fields.allow(Stream.concat(Stream.of(kind), others.stream()).toArray(String[]::new));
      return layer.apply(fields);
    }
  }

  private static final Reader READER_OF_DENSE =
      new Reader(
          DENSE,
          List.of(ACTIVATION),
          fields ->
              new Layer.Dense(
                  fields.integer(DENSE, 1),
                  fields.choice(ACTIVATION, VaeJson.byId(Activation.values(), Activation::id))));

  private static final List<Reader> READERS =
      List.of(
          new Reader(
              BATCH_NORM,
              List.of(EPSILON),
              fields ->
                  new Layer.BatchNorm(
                      (float) fields.number(BATCH_NORM), (float) fields.number(EPSILON))),
          new Reader(
              LAYER_NORM,
              List.of(),
              fields -> new Layer.LayerNorm((float) fields.number(LAYER_NORM))),
          new Reader(
              DROPOUT, List.of(), fields -> new DropoutLayer((float) fields.number(DROPOUT))),
          new Reader(
              GROUP_NORM,
              List.of(EPSILON),
              fields ->
                  new GroupNormLayer(
                      fields.integer(GROUP_NORM, 1), (float) fields.number(EPSILON))),
          new Reader(
              RESIDUAL, List.of(), fields -> new ResidualLayer(LayerJson.read(fields, RESIDUAL))),
          new Reader(LAYER, List.of(ACTIVATION), LayerJson::ofText),
          READER_OF_DENSE);

  private LayerJson() {}

  private static JsonObject text(JsonObject node, Layer layer) {
    return node.put(LAYER, layer.name());
  }

  private static Layer ofText(JsonFields fields) {
    Activation activation =
        fields.has(ACTIVATION)
            ? fields.choice(ACTIVATION, VaeJson.byId(Activation.values(), Activation::id))
            : Activation.IDENTITY;
    Layer layer = Layer.parse(fields.text(LAYER), activation);
    JsonObject own = WRITERS.apply(new JsonObject(), layer);
    if (!own.has(LAYER)) {
      throw new IllegalArgumentException(
          "expected the text of a convolution or of another layer without settings of its own,"
              + " given \""
              + layer.name()
              + "\", which is written as "
              + own);
    } else if (own.has(ACTIVATION) != fields.has(ACTIVATION)) {
      throw new IllegalArgumentException(
          (own.has(ACTIVATION) ? "expected an activation of " : "expected no activation of ")
              + layer.name());
    }
    return layer;
  }

  static JsonArray write(List<Layer> layers) {
    JsonArray array = new JsonArray();
    layers.forEach(layer -> WRITERS.apply(array.addObject(), layer));
    return array;
  }

  static List<Layer> read(JsonFields object, String key) {
    List<Layer> layers = new ArrayList<>();
    for (JsonFields fields : object.objects(key)) {
      Reader reader =
          READERS.stream()
              .filter(each -> fields.has(each.kind))
              .findFirst()
              .orElse(READER_OF_DENSE);
      try {
        layers.add(reader.read(fields));
      } catch (IllegalArgumentException e) {
        throw fields.error(reader.kind, String.valueOf(e.getMessage()));
      }
    }
    return layers;
  }
}
