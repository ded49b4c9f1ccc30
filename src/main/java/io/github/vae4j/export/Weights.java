// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.ParameterLayout.Place;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The weights of a model as constants of a graph, each of them once. */
final class Weights {
  private final Graph graph;
  private final ParameterLayout layout;
  private final float[] flat;
  private final Map<String, Value> made = new HashMap<>();

  /**
   * Weights for a graph.
   *
   * @param graph that gets them
   * @param layout of the model
   * @param flat the arena of the model
   */
  Weights(Graph graph, ParameterLayout layout, float[] flat) {
    this.graph = graph;
    this.layout = layout;
    this.flat = flat;
  }

  Graph graph() {
    return graph;
  }

  boolean has(String name) {
    return layout.has(name);
  }

  /** The numbers of a tensor, in the order of memory. */
  float[] numbers(String name) {
    Place place = layout.place(name);
    return Arrays.copyOfRange(flat, place.offset(), place.offset() + place.length());
  }

  private long[] dims(String name) {
    return layout.place(name).parameter().dims().stream().mapToLong(Integer::longValue).toArray();
  }

  /** A tensor as it is in memory: the matrix of a dense layer is (inputs, outputs). */
  Value of(String name) {
    return made.computeIfAbsent(name, key -> graph.initializer(key, numbers(key), dims(key)));
  }

  /** The filters of a convolution, whose last size of four is the second in ONNX. */
  Value filters(String name) {
    return made.computeIfAbsent(
        name,
        key -> {
          long[] dims = dims(key);
          int pixels = Math.toIntExact(dims[1] * dims[2]);
          int channels = Math.toIntExact(dims[3]);
          float[] from = numbers(key);
          float[] to = new float[from.length];
          for (int i = 0; i < from.length; i++) {
            int filter = i / (pixels * channels);
            int pixel = i / channels % pixels;
            to[(filter * channels + i % channels) * pixels + pixel] = from[i];
          }
          return graph.initializer(key, to, dims[0], dims[3], dims[1], dims[2]);
        });
  }
}
