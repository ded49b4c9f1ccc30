// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Window;
import io.github.vae4j.dispatch.SealedTable;
import io.github.vae4j.model.ActivationLayer;
import io.github.vae4j.model.AttentionLayer;
import io.github.vae4j.model.ConvLayer;
import io.github.vae4j.model.DropoutLayer;
import io.github.vae4j.model.FlattenLayer;
import io.github.vae4j.model.GroupNormLayer;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.Net;
import io.github.vae4j.model.PixelShuffleLayer;
import io.github.vae4j.model.PoolLayer;
import io.github.vae4j.model.ReshapeLayer;
import io.github.vae4j.model.ResidualLayer;
import io.github.vae4j.model.Shape;
import io.github.vae4j.model.UpsampleLayer;
import java.util.Arrays;
import java.util.List;

/** Layers as nodes of a graph, as evaluation computes them. */
final class LayerGraphs {
  /** A layer at its place in a net, and its input. */
  private record Place(Weights weights, Net.Placed placed, Signal input) {
    Value weight(String name) {
      return weights.of(placed.name() + "." + name);
    }

    Signal image(Value value) {
      return Signal.image(value, placed.output());
    }
  }

  private static final SealedTable<Layer, Place, Signal> LAYERS =
      SealedTable.<Layer, Place, Signal>of(Layer.class)
          .with(Layer.Dense.class, LayerGraphs::dense)
          .with(Layer.BatchNorm.class, LayerGraphs::batchNorm)
          .with(Layer.LayerNorm.class, (place, layer) -> moments(place, 1, layer.epsilon()))
          .with(
              GroupNormLayer.class,
              (place, layer) -> moments(place, layer.groups(), layer.epsilon()))
          .with(DropoutLayer.class, (place, layer) -> place.input)
          .with(ConvLayer.class, LayerGraphs::convolution)
          .with(AttentionLayer.class, LayerGraphs::attention)
          .with(PoolLayer.class, LayerGraphs::pool)
          .with(UpsampleLayer.class, LayerGraphs::upsample)
          .with(PixelShuffleLayer.class, LayerGraphs::pixelShuffle)
          .with(
              ActivationLayer.class,
              (place, layer) -> place.input.with(activated(layer.function(), place.input.value())))
          .with(
              FlattenLayer.class,
              (place, layer) -> Signal.flat(place.input.asFlat().value(), place.placed.output()))
          .with(
              ReshapeLayer.class,
              (place, layer) -> Signal.flat(place.input.value(), layer.shape()).asImage())
          .with(ResidualLayer.class, LayerGraphs::residual)
          .complete();

  private LayerGraphs() {}

  /** The output of a net. */
  static Signal net(Weights weights, Net net, Signal input) {
    Signal x = input;
    for (Net.Placed placed : net.layers()) {
      Layer layer = placed.layer();
      Signal seen = layer.flat() ? x.asFlat() : layer.spatial() ? x.asImage() : x;
      x = LAYERS.apply(new Place(weights, placed, seen), layer);
    }
    return x;
  }

  /** An activation function. */
  static Value activated(Activation function, Value x) {
    return switch (function) {
      case IDENTITY -> x;
      case RELU -> function("Relu", x, new Attributes());
      case TANH -> x.tanh();
      case SIGMOID -> x.sigmoid();
      case SOFTPLUS -> function("Softplus", x, new Attributes());
      case ELU -> function("Elu", x, new Attributes().number("alpha", 1));
      case LEAKY_RELU -> function("LeakyRelu", x, new Attributes().number("alpha", 0.01f));
      case SILU -> x.times(x.sigmoid());
      case GELU ->
          function("Erf", x.times(Math.sqrt(0.5)), new Attributes()).plus(1).times(x).times(0.5);
    };
  }

  private static Value function(String operator, Value x, Attributes attributes) {
    return x.graph().node(operator, x.type(), List.of(x), attributes);
  }

  private static Signal dense(Place place, Layer.Dense layer) {
    Value product =
        place
            .weights
            .graph()
            .node(
                "Gemm",
                ElementType.FLOAT,
                List.of(place.input.value(), place.weight("weight"), place.weight("bias")),
                new Attributes());
    return Signal.flat(activated(layer.activation(), product), Shape.flat(layer.units()));
  }

  private static Signal batchNorm(Place place, Layer.BatchNorm layer) {
    return place.input.with(
        place
            .weights
            .graph()
            .node(
                "BatchNormalization",
                ElementType.FLOAT,
                List.of(
                    place.input.value(),
                    place.weight("weight"),
                    place.weight("bias"),
                    place.weight("running_mean"),
                    place.weight("running_var")),
                new Attributes().number("epsilon", layer.epsilon())));
  }

  /** Normalises groups of a row's channels by their moments over all pixels. */
  private static Signal moments(Place place, int groups, float epsilon) {
    Graph graph = place.weights.graph();
    Shape shape = place.input.shape();
    float[] ones = new float[groups];
    Arrays.fill(ones, 1);
    Value grouped = place.input.value().reshape(0, groups, -1);
    Value normal =
        graph.node(
            "InstanceNormalization",
            ElementType.FLOAT,
            List.of(
                grouped, graph.constant(ones, groups), graph.constant(new float[groups], groups)),
            new Attributes().number("epsilon", epsilon));
    long[] dims =
        place.input.image()
            ? new long[] {0, shape.channels(), shape.height(), shape.width()}
            : new long[] {0, shape.channels()};
    long[] each =
        place.input.image() ? new long[] {shape.channels(), 1, 1} : new long[] {shape.channels()};
    Value back = normal.reshape(dims);
    return place.input.with(
        back.times(place.weight("weight").reshape(each)).plus(place.weight("bias").reshape(each)));
  }

  private static Attributes window(Window window) {
    return new Attributes()
        .wholes("kernel_shape", window.kernelHeight(), window.kernelWidth())
        .wholes("strides", window.strideHeight(), window.strideWidth())
        .wholes(
            "pads",
            window.paddingHeight(),
            window.paddingWidth(),
            window.paddingHeight(),
            window.paddingWidth());
  }

  private static Signal convolution(Place place, ConvLayer layer) {
    Window window = layer.window();
    Attributes attributes =
        window(window)
            .wholes("dilations", window.dilationHeight(), window.dilationWidth())
            .whole("group", layer.groups());
    if (layer.transposed()) {
      attributes.wholes("output_padding", layer.outputPaddingHeight(), layer.outputPaddingWidth());
    }
    Value y =
        place
            .weights
            .graph()
            .node(
                layer.transposed() ? "ConvTranspose" : "Conv",
                ElementType.FLOAT,
                List.of(
                    place.input.value(),
                    place.weights.filters(place.placed.name() + ".weight"),
                    place.weight("bias")),
                attributes);
    return place.image(activated(layer.activation(), y));
  }

  private static Signal pool(Place place, PoolLayer layer) {
    Attributes attributes = window(layer.window(place.input.shape()));
    if (layer.average()) {
      attributes.whole("count_include_pad", 1);
    }
    return place.image(
        function(layer.average() ? "AveragePool" : "MaxPool", place.input.value(), attributes));
  }

  private static Signal upsample(Place place, UpsampleLayer layer) {
    Graph graph = place.weights.graph();
    Attributes attributes =
        layer.bilinear()
            ? new Attributes()
                .text("mode", "linear")
                .text("coordinate_transformation_mode", "half_pixel")
            : new Attributes()
                .text("mode", "nearest")
                .text("coordinate_transformation_mode", "asymmetric")
                .text("nearest_mode", "floor");
    float[] scales = {1, 1, layer.factorHeight(), layer.factorWidth()};
    Value none = new Value(graph, "", ElementType.FLOAT);
    return place.image(
        graph.node(
            "Resize",
            ElementType.FLOAT,
            List.of(place.input.value(), none, graph.constant(scales, scales.length)),
            attributes));
  }

  private static Signal pixelShuffle(Place place, PixelShuffleLayer layer) {
    Shape small = layer.inverse() ? place.placed.output() : place.input.shape();
    Shape large = layer.inverse() ? place.input.shape() : place.placed.output();
    int f = layer.factorHeight();
    int g = layer.factorWidth();
    Value x = place.input.value();
    Value y =
        layer.inverse()
            ? x.reshape(-1, large.channels(), small.height(), f, small.width(), g)
                .transposed(0, 1, 3, 5, 2, 4)
                .reshape(-1, small.channels(), small.height(), small.width())
            : x.reshape(-1, large.channels(), f, g, small.height(), small.width())
                .transposed(0, 1, 4, 2, 5, 3)
                .reshape(-1, large.channels(), large.height(), large.width());
    return place.image(y);
  }

  private static Signal attention(Place place, AttentionLayer layer) {
    Shape shape = place.input.shape();
    long pixels = (long) shape.height() * shape.width();
    long channels = shape.channels();
    long heads = layer.heads();
    long width = channels / heads;
    Value rows = place.input.value().reshape(0, channels, pixels).transposed(0, 2, 1);
    Value all = rows.product(place.weight("in_proj_weight")).plus(place.weight("in_proj_bias"));
    // (rows, heads, pixels, width)
    Value queries = part(all, 0, channels).reshape(0, 0, heads, width).transposed(0, 2, 1, 3);
    Value keys = part(all, 1, channels).reshape(0, 0, heads, width).transposed(0, 2, 3, 1);
    Value values = part(all, 2, channels).reshape(0, 0, heads, width).transposed(0, 2, 1, 3);
    Value weights = queries.times(1 / Math.sqrt((double) width)).product(keys).softmax(-1);
    Value mixed = weights.product(values).transposed(0, 2, 1, 3).reshape(0, 0, channels);
    Value y = mixed.product(place.weight("out_proj.weight")).plus(place.weight("out_proj.bias"));
    return place.input.with(
        y.transposed(0, 2, 1).reshape(0, channels, shape.height(), shape.width()));
  }

  private static Value part(Value all, int number, long channels) {
    return all.slice(2, number * channels, (number + 1) * channels);
  }

  private static Signal residual(Place place, ResidualLayer layer) {
    String name = place.placed.name();
    Signal body = net(place.weights, layer.body(name, place.input.shape()), place.input);
    Signal shortcut = net(place.weights, layer.shortcut(name, place.input.shape()), place.input);
    Signal same = body.image() ? shortcut.asImage() : shortcut.asFlat();
    return body.with(body.value().plus(same.value()));
  }
}
