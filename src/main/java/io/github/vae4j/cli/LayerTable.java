// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.cli.run.JsonLine;
import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.TextTable;
import io.github.vae4j.model.Net;
import io.github.vae4j.model.Parameter;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.ParameterLayout.Place;
import io.github.vae4j.model.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers of a model, each as a list of layers has it, with the shapes of its input and output
 * and the number of its parameters. The layers of a residual block follow it.
 *
 * @param layout of the model's parameters
 */
record LayerTable(ParameterLayout layout) {
  private static final String NONE = "-";

  /** The table for people. */
  List<String> lines() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("name", "layer", "input", "output", "parameters"));
    for (Net net : layout.nets()) {
      for (Net.Placed placed : net.layers()) {
        add(rows, placed);
      }
    }
    for (Place place : layout.places()) {
      // The parameters that belong to no layer.
      if (place.parameter().role() == Parameter.Role.OTHER) {
        List<Integer> dims = place.parameter().dims();
        String inputs = dims.size() == 1 ? NONE : dims.get(0).toString();
        String outputs = dims.get(dims.size() - 1).toString();
        rows.add(List.of(place.name(), NONE, inputs, outputs, Numbers.count(place.length())));
      }
    }
    rows.add(List.of("total", "", "", "", Numbers.count(layout.parameters())));
    return TextTable.lines(rows);
  }

  private static void add(List<List<String>> rows, Net.Placed placed) {
    List<Net.Placed> inner = placed.layer().inner(placed.name(), placed.input());
    rows.add(
        List.of(
            placed.name(),
            inner.isEmpty() ? text(placed) : kind(placed),
            placed.input().toString(),
            placed.output().toString(),
            Numbers.count(parameters(placed))));
    inner.forEach(within -> add(rows, within));
  }

  /** The table for programs; the parameters of a block are those of its layers. */
  List<JsonLine> json() {
    List<JsonLine> layers = new ArrayList<>();
    for (Net net : layout.nets()) {
      int head = net.layers().size() - 1;
      for (int i = 0; i <= head; i++) {
        Net.Placed placed = net.layers().get(i);
        layers.add(json(placed, i == head ? NONE : activation(placed)));
      }
    }
    return layers;
  }

  private static JsonLine json(Net.Placed placed, String activation) {
    JsonLine json =
        new JsonLine()
            .put("name", placed.name())
            .put("layer", text(placed))
            .put("inputs", placed.input().size())
            .put("outputs", placed.output().size())
            .put("input_shape", sizes(placed.input()))
            .put("output_shape", sizes(placed.output()))
            .put("activation", activation)
            .put("parameters", parameters(placed));
    List<Net.Placed> inner = placed.layer().inner(placed.name(), placed.input());
    return inner.isEmpty()
        ? json
        : json.putAll(
            "layers", inner.stream().map(within -> json(within, activation(within))).toList());
  }

  /** The text of a list of layers, without the identity. */
  private static String text(Net.Placed placed) {
    Activation activation = placed.layer().activation();
    return activation == null || activation == Activation.IDENTITY
        ? placed.layer().name()
        : placed.layer().name() + "," + activation.id();
  }

  /** The name before the sizes. */
  private static String kind(Net.Placed placed) {
    return placed.layer().name().replaceAll("[:(].*", "");
  }

  /** The activation of a dense layer or a convolution, or the name of another layer. */
  private static String activation(Net.Placed placed) {
    Activation activation = placed.layer().activation();
    return activation == null ? placed.layer().name() : activation.id();
  }

  /** Height, width and channels of an image; the length of a flat row. */
  private static int[] sizes(Shape shape) {
    return shape.isFlat()
        ? new int[] {shape.size()}
        : new int[] {shape.height(), shape.width(), shape.channels()};
  }

  /** The number of a layer's trained parameters, without running averages. */
  private static long parameters(Net.Placed placed) {
    return placed.layer().parameters(placed.input()).stream()
        .filter(parameter -> parameter.role().trained())
        .mapToLong(Parameter::length)
        .sum();
  }
}
