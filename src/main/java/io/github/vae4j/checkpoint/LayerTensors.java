// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.checkpoint.SafeTensors.Tensor;
import io.github.vae4j.checkpoint.SafeTensors.TensorType;
import io.github.vae4j.model.Parameter.Matrices;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.ParameterLayout.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A flat arena as named tensors in PyTorch's convention: the weight of a dense layer is (outputs,
 * inputs), the transpose of the arena's (inputs, outputs); the filters of a convolution are
 * (outputs, inputs, height, width), the arena's channels last; all other tensors are unchanged. The
 * arena's padding is not written, and is 0 after reading.
 */
final class LayerTensors {
  /** The number of rows of a weight that are transposed together: the floats of a cache line. */
  private static final int BLOCK = 16;

  /** The parameters of an arena. */
  enum Part {
    /** Trained parameters and state. */
    ALL,
    /** Trained parameters alone: moments and averages. */
    TRAINED;

    private int length(ParameterLayout layout) {
      return this == ALL ? layout.length() : layout.trained();
    }

    private List<Place> places(ParameterLayout layout) {
      return layout.places().stream()
          .filter(place -> this == ALL || place.parameter().role().trained())
          .toList();
    }
  }

  private LayerTensors() {}

  static void write(
      SafeTensorsWriter to,
      Path file,
      String prefix,
      ParameterLayout layout,
      Part part,
      float[] flat) {
    int length = part.length(layout);
    if (flat.length != length) {
      throw new IllegalArgumentException(
          prefix + "parameters: expected " + length + " values, given " + flat.length);
    }
    for (Place place : part.places(layout)) {
      requireFinite(file, prefix, place, flat);
      to.tensor(
          prefix + place.name(),
          TensorType.F32,
          sink -> {
            if (transposed(place)) {
              writeTransposed(sink, place, flat);
            } else {
              sink.floats(flat, place.offset(), place.length());
            }
          },
          shape(place));
    }
  }

  private static boolean transposed(Place place) {
    return place.parameter().transposed().count() > 0;
  }

  private static long[] shape(Place place) {
    return place.parameter().storedDims().stream().mapToLong(Integer::longValue).toArray();
  }

  private static void writeTransposed(TensorSink sink, Place place, float[] flat)
      throws IOException {
    Matrices all = place.parameter().transposed();
    float[] rows = new float[Math.min(BLOCK, all.columns()) * all.rows()];
    for (int m = 0; m < all.count(); m++) {
      int matrix = place.offset() + m * all.rows() * all.columns();
      for (int first = 0; first < all.columns(); first += BLOCK) {
        int count = Math.min(BLOCK, all.columns() - first);
        for (int i = 0; i < all.rows(); i++) {
          int from = matrix + i * all.columns() + first;
          for (int o = 0; o < count; o++) {
            rows[o * all.rows() + i] = flat[from + o];
          }
        }
        sink.floats(rows, 0, count * all.rows());
      }
    }
  }

  /**
   * Reads an arena. All shapes are compared before memory is taken, so that a small file with the
   * specification of a large model takes none.
   */
  static float[] read(SafeTensorsReader from, String prefix, ParameterLayout layout, Part part) {
    List<Place> places = part.places(layout);
    List<Tensor> tensors = new ArrayList<>();
    for (Place place : places) {
      tensors.add(from.tensor(prefix + place.name(), TensorType.F32, shape(place)));
    }
    float[] flat = new float[part.length(layout)];
    for (int i = 0; i < places.size(); i++) {
      Place place = places.get(i);
      Tensor tensor = tensors.get(i);
      if (transposed(place)) {
        readTransposed(from, tensor, place, flat);
      } else {
        from.floats(tensor, 0, flat, place.offset(), place.length());
      }
      requireFinite(from.file(), prefix, place, flat);
    }
    return flat;
  }

  /** Refuses a tensor with a value that is NaN or infinite, in a file that is read or written. */
  private static void requireFinite(Path file, String prefix, Place place, float[] flat) {
    int end = place.offset() + place.length();
    for (int i = place.offset(); i < end; i++) {
      float value = flat[i];
      if (!Float.isFinite(value)) {
        throw new CheckpointException(
            file,
            String.format(
                    Locale.ROOT,
                    "tensor \"%s%s\": a value is %s; every value must be finite, as a model with such a value",
                    prefix,
                    place.name(),
                    value)
                + " has no finite result. Its training diverged: train anew, with columns of mean 0"
                + " and standard deviation 1, a lower Optimizer.learningRate, or Optimizer.clipNorm");
      }
    }
  }

  private static void readTransposed(
      SafeTensorsReader from, Tensor weight, Place place, float[] flat) {
    Matrices all = place.parameter().transposed();
    float[] rows = new float[Math.min(BLOCK, all.columns()) * all.rows()];
    for (int m = 0; m < all.count(); m++) {
      int matrix = m * all.rows() * all.columns();
      for (int first = 0; first < all.columns(); first += BLOCK) {
        int count = Math.min(BLOCK, all.columns() - first);
        from.floats(weight, matrix + (long) first * all.rows(), rows, 0, count * all.rows());
        for (int i = 0; i < all.rows(); i++) {
          int to = place.offset() + matrix + i * all.columns() + first;
          for (int o = 0; o < count; o++) {
            flat[to + o] = rows[o * all.rows() + i];
          }
        }
      }
    }
  }

  static Set<String> names(String prefix, ParameterLayout layout, Part part) {
    Set<String> names = new LinkedHashSet<>();
    part.places(layout).forEach(place -> names.add(prefix + place.name()));
    return names;
  }
}
