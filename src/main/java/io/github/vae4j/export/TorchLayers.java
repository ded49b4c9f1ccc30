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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Layers as expressions of Python that make modules of PyTorch. */
final class TorchLayers {
  private static final String INDENT = "    ";

  /**
   * A layer at its place.
   *
   * @param placed the layer with its shapes
   * @param image whether its input has four dimensions
   * @param indent of the line
   */
  private record Place(Net.Placed placed, boolean image, String indent) {
    Shape input() {
      return placed.input();
    }
  }

  private static final SealedTable<Layer, Place, String> MODULES =
      SealedTable.<Layer, Place, String>of(Layer.class)
          .with(
              Layer.Dense.class,
              (place, layer) -> call("nn.Linear", place.input().size(), layer.units()))
          .with(
              Layer.BatchNorm.class,
              (place, layer) ->
                  call(
                      place.image ? "nn.BatchNorm2d" : "nn.BatchNorm1d",
                      place.input().channels(),
                      layer.epsilon(),
                      layer.momentum()))
          .with(
              Layer.LayerNorm.class,
              (place, layer) -> call("nn.LayerNorm", place.input().size(), layer.epsilon()))
          .with(
              GroupNormLayer.class,
              (place, layer) ->
                  call("nn.GroupNorm", layer.groups(), place.input().channels(), layer.epsilon()))
          .with(DropoutLayer.class, layer -> call("nn.Dropout", layer.rate()))
          .with(ConvLayer.class, TorchLayers::convolution)
          .with(
              AttentionLayer.class,
              (place, layer) -> call("Attention", place.input().channels(), layer.heads()))
          .with(PoolLayer.class, TorchLayers::pool)
          .with(
              UpsampleLayer.class,
              layer ->
                  String.format(
                      Locale.ROOT,
                      "nn.Upsample(scale_factor=(%d, %d), mode=\"%s\")",
                      layer.factorHeight(),
                      layer.factorWidth(),
                      layer.bilinear() ? "bilinear" : "nearest"))
          .with(
              PixelShuffleLayer.class,
              layer ->
                  call(
                      "Shuffle",
                      layer.factorHeight(),
                      layer.factorWidth(),
                      layer.inverse() ? "True" : "False"))
          .with(ActivationLayer.class, layer -> call("Activation", function(layer.function())))
          .with(FlattenLayer.class, layer -> "nn.Flatten()")
          .with(
              ReshapeLayer.class,
              layer ->
                  String.format(
                      Locale.ROOT,
                      "nn.Unflatten(1, (%d, %d, %d))",
                      layer.shape().channels(),
                      layer.shape().height(),
                      layer.shape().width()))
          .with(ResidualLayer.class, TorchLayers::residual)
          .complete();

  private TorchLayers() {}

  /**
   * Layers in a row.
   *
   * @param text of the layers, a line for each
   * @param image whether the output has four dimensions
   */
  record Row(String text, boolean image) {}

  /** The arguments of a call that makes layers in a row. */
  static Row row(List<Net.Placed> layers, boolean image, String indent) {
    StringBuilder text = new StringBuilder();
    boolean now = image;
    for (Net.Placed placed : layers) {
      text.append(indent)
          .append('(')
          .append(before(placed.layer()))
          .append(", ")
          .append(module(placed, now, indent))
          .append(", ")
          .append(after(placed.layer()))
          .append("),\n");
      now = isImage(placed.layer(), now);
    }
    return new Row(text.toString(), now);
  }

  /** The module of a layer. */
  static String module(Net.Placed placed, boolean image, String indent) {
    return MODULES.apply(new Place(placed, image, indent), placed.layer());
  }

  /** The function that brings rows into the form that a layer takes. */
  static String before(Layer layer) {
    return layer.flat() ? "flat" : layer.spatial() ? "image" : "same";
  }

  private static boolean isImage(Layer layer, boolean before) {
    boolean reshapes = layer.flat() && !layer.flattens();
    return !layer.flattens() && (before || layer.spatial() || reshapes);
  }

  private static String after(Layer layer) {
    Activation activation = layer.activation();
    return activation == null ? "same" : function(activation);
  }

  private static String function(Activation function) {
    return switch (function) {
      case IDENTITY -> "same";
      case RELU -> "F.relu";
      case TANH -> "torch.tanh";
      case SIGMOID -> "torch.sigmoid";
      case SOFTPLUS -> "F.softplus";
      case ELU -> "F.elu";
      case LEAKY_RELU -> "F.leaky_relu";
      case SILU -> "F.silu";
      case GELU -> "F.gelu";
    };
  }

  private static String call(String function, Object... arguments) {
    List<String> texts = new ArrayList<>();
    for (Object argument : arguments) {
      texts.add(argument.toString());
    }
    return function + "(" + String.join(", ", texts) + ")";
  }

  private static String pair(int height, int width) {
    return "(" + height + ", " + width + ")";
  }

  private static String convolution(Place place, ConvLayer layer) {
    Window window = layer.window();
    String text =
        String.format(
            Locale.ROOT,
            "%s(%d, %d, %s, stride=%s, padding=%s, dilation=%s, groups=%d",
            layer.transposed() ? "nn.ConvTranspose2d" : "nn.Conv2d",
            place.input().channels(),
            layer.channels(),
            pair(window.kernelHeight(), window.kernelWidth()),
            pair(window.strideHeight(), window.strideWidth()),
            pair(window.paddingHeight(), window.paddingWidth()),
            pair(window.dilationHeight(), window.dilationWidth()),
            layer.groups());
    String further =
        layer.transposed()
            ? ", output_padding=" + pair(layer.outputPaddingHeight(), layer.outputPaddingWidth())
            : "";
    return text + further + ")";
  }

  private static String pool(Place place, PoolLayer layer) {
    Window window = layer.window(place.input());
    return call(
        layer.average() ? "nn.AvgPool2d" : "nn.MaxPool2d",
        pair(window.kernelHeight(), window.kernelWidth()),
        pair(window.strideHeight(), window.strideWidth()),
        pair(window.paddingHeight(), window.paddingWidth()));
  }

  private static String residual(Place place, ResidualLayer layer) {
    String inner = place.indent + INDENT;
    String name = place.placed.name();
    Row body = row(layer.body(name, place.input()).layers(), place.image, inner);
    StringBuilder text = new StringBuilder("Residual(\n").append(body.text);
    String before = "same";
    for (Net.Placed placed : layer.shortcut(name, place.input()).layers()) {
      String module = module(placed, place.image, inner);
      if (placed.layer().parameters(placed.input()).isEmpty()) {
        before = module;
      } else {
        text.append(inner).append("shortcut=").append(module).append(",\n");
      }
    }
    if (!before.equals("same")) {
      text.append(inner).append("before=").append(before).append(",\n");
    }
    return text.append(place.indent).append(')').toString();
  }
}
