// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.checkpoint.SafeTensors.Tensor;
import io.github.vae4j.checkpoint.SafeTensors.TensorType;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.ParameterLayout.DenseParameters;
import io.github.vae4j.model.ParameterLayout.TensorParameters;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A flat arena as named tensors in PyTorch's convention: NAME.weight is (outputs, inputs), the
 * transpose of the arena's (inputs, outputs), and NAME.bias is (outputs). Parameters that the
 * likelihood shares, where there are some, are observation.shared, and those of the prior have
 * names of their own, as they are. The arena's padding is not written, and 0 when read.
 */
final class LayerTensors {
  /** Rows of a weight that are transposed at a time: as many floats as a line of the cache. */
  private static final int BLOCK = 16;

  private static final String SHARED = "observation.shared";

  private LayerTensors() {}

  static void write(SafeTensorsWriter to, String prefix, ParameterLayout layout, float[] flat) {
    if (flat.length != layout.length()) {
      throw new IllegalArgumentException(
          prefix + "parameters: expected " + layout.length() + " values, given " + flat.length);
    }
    for (DenseParameters layer : layout.layers()) {
      to.tensor(
          prefix + weight(layer),
          TensorType.F32,
          sink -> writeTransposed(sink, layer, flat),
          layer.outputs(),
          layer.inputs());
      to.tensor(
          prefix + bias(layer),
          TensorType.F32,
          sink -> sink.floats(flat, layer.biasOffset(), layer.outputs()),
          layer.outputs());
    }
    if (layout.shared() > 0) {
      to.tensor(
          prefix + SHARED,
          TensorType.F32,
          sink -> sink.floats(flat, layout.sharedOffset(), layout.shared()),
          layout.shared());
    }
    for (TensorParameters tensor : layout.tensors()) {
      to.tensor(
          prefix + tensor.name(),
          TensorType.F32,
          sink -> sink.floats(flat, tensor.offset(), tensor.length()),
          shape(tensor));
    }
  }

  private static long[] shape(TensorParameters tensor) {
    return tensor.columns() == 1
        ? new long[] {tensor.rows()}
        : new long[] {tensor.rows(), tensor.columns()};
  }

  private static void writeTransposed(TensorSink sink, DenseParameters layer, float[] flat)
      throws IOException {
    int inputs = layer.inputs();
    int outputs = layer.outputs();
    float[] rows = new float[Math.min(BLOCK, outputs) * inputs];
    for (int first = 0; first < outputs; first += BLOCK) {
      int count = Math.min(BLOCK, outputs - first);
      for (int i = 0; i < inputs; i++) {
        int from = layer.weightOffset() + i * outputs + first;
        for (int o = 0; o < count; o++) {
          rows[o * inputs + i] = flat[from + o];
        }
      }
      sink.floats(rows, 0, count * inputs);
    }
  }

  static float[] read(SafeTensorsReader from, String prefix, ParameterLayout layout) {
    float[] flat = new float[layout.length()];
    for (DenseParameters layer : layout.layers()) {
      Tensor weight =
          from.tensor(prefix + weight(layer), TensorType.F32, layer.outputs(), layer.inputs());
      Tensor bias = from.tensor(prefix + bias(layer), TensorType.F32, layer.outputs());
      readTransposed(from, weight, layer, flat);
      from.floats(bias, 0, flat, layer.biasOffset(), layer.outputs());
    }
    if (layout.shared() > 0) {
      Tensor shared = from.tensor(prefix + SHARED, TensorType.F32, layout.shared());
      from.floats(shared, 0, flat, layout.sharedOffset(), layout.shared());
    }
    for (TensorParameters place : layout.tensors()) {
      Tensor tensor = from.tensor(prefix + place.name(), TensorType.F32, shape(place));
      from.floats(tensor, 0, flat, place.offset(), place.length());
    }
    return flat;
  }

  private static void readTransposed(
      SafeTensorsReader from, Tensor weight, DenseParameters layer, float[] flat) {
    int inputs = layer.inputs();
    int outputs = layer.outputs();
    float[] rows = new float[Math.min(BLOCK, outputs) * inputs];
    for (int first = 0; first < outputs; first += BLOCK) {
      int count = Math.min(BLOCK, outputs - first);
      from.floats(weight, (long) first * inputs, rows, 0, count * inputs);
      for (int i = 0; i < inputs; i++) {
        int to = layer.weightOffset() + i * outputs + first;
        for (int o = 0; o < count; o++) {
          flat[to + o] = rows[o * inputs + i];
        }
      }
    }
  }

  static Set<String> names(String prefix, ParameterLayout layout) {
    Set<String> names = new LinkedHashSet<>();
    for (DenseParameters layer : layout.layers()) {
      names.add(prefix + weight(layer));
      names.add(prefix + bias(layer));
    }
    if (layout.shared() > 0) {
      names.add(prefix + SHARED);
    }
    layout.tensors().forEach(tensor -> names.add(prefix + tensor.name()));
    return names;
  }

  private static String weight(DenseParameters layer) {
    return layer.name() + ".weight";
  }

  private static String bias(DenseParameters layer) {
    return layer.name() + ".bias";
  }
}
