// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A small network for Frechet distances: three 3 x 3 convolutions with random weights and ReLU, of
 * 32, 64 and 64 channels and strides 1, 2 and 2; the features are the means of the 160 channels.
 * Random filters separate colours, edges and textures, but know no objects: its distances compare
 * models of the same pictures with each other, and not with published ones.
 */
public final class RandomNetwork {
  private static final int[] CHANNELS = {3, 32, 64, 64};
  private static final int TAPS = 9;

  private RandomNetwork() {}

  /**
   * Writes the network for images of 3 x SIZE x SIZE.
   *
   * @param arguments FILE and SIZE
   */
  public static void main(String[] arguments) throws IOException {
    Files.write(Path.of(arguments[0]), of(Integer.parseInt(arguments[1])));
  }

  static byte[] of(int size) {
    List<byte[]> nodes = new ArrayList<>();
    List<byte[]> weights = new ArrayList<>();
    List<String> means = new ArrayList<>();
    String input = "x";
    for (int layer = 1; layer < CHANNELS.length; layer++) {
      int from = CHANNELS[layer - 1];
      int to = CHANNELS[layer];
      long stride = layer == 1 ? 1 : 2;
      weights.add(Onnx.weights("w" + layer, he(layer, to, from * TAPS), to, from, 3, 3));
      nodes.add(
          Onnx.node(
              "Conv",
              List.of(input, "w" + layer),
              "c" + layer,
              Map.of("pads", new long[] {1, 1, 1, 1}, "strides", new long[] {stride, stride})));
      nodes.add(Onnx.node("Relu", List.of("c" + layer), "r" + layer, Map.of()));
      nodes.add(Onnx.node("GlobalAveragePool", List.of("r" + layer), "m" + layer, Map.of()));
      means.add("m" + layer);
      input = "r" + layer;
    }
    nodes.add(Onnx.concat(means, "all"));
    nodes.add(Onnx.node("Flatten", List.of("all"), "y", Map.of()));
    return Onnx.network(nodes, weights, -1, CHANNELS[0], size, size);
  }

  /** Standard normal numbers times sqrt(2 / inputs), which keep the variance (He et al. 2015). */
  private static float[] he(int layer, int outputs, int inputs) {
    float[] values = new float[outputs * inputs];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          (float)
              (Math.sqrt(2.0 / inputs)
                  * Philox.normal(layer, Stream.INITIALIZE, 0, i / inputs, i % inputs));
    }
    return values;
  }
}
