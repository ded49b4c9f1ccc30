// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import io.github.vae4j.data.DataViews.RowChange;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import java.util.ArrayList;
import java.util.List;

/**
 * Uniform noise of the width of a column's resolution, for the numbers of training rows: a value of
 * 3 that was rounded to a whole number may have been any of 2.5 to 3.5. Without the noise the
 * density of a column with few different values grows without bound at these (Theis, van den Oord
 * and Bethge 2016, "A note on the evaluation of generative models", section 3.1); with it a model's
 * width cannot fall below the resolution.
 */
final class Dither {
  private static final double HALF = 0.5;
  private static final double WORDS = 0x1p32;

  private Dither() {}

  /** A feature with noise. */
  private record Noisy(int feature, ScalingMap map, double width) {}

  /** Adds noise to each row's numbers; equal rows have different noise. */
  static RowChange of(Features features, long seed) {
    List<Noisy> noisy = noisy(features);
    return (row, values) -> noisy.forEach(column -> add(values, column, seed, row));
  }

  private static void add(float[] values, Noisy column, long seed, int row) {
    double y = values[column.feature];
    if (Math.abs(y) < Scaling.FARTHEST) {
      long word = Integer.toUnsignedLong(Philox.word(seed, Stream.CELL, 0, row, column.feature));
      double noise = (word + HALF) / WORDS - HALF;
      double x = column.map.fromModel(y) + column.width * noise;
      values[column.feature] = (float) column.map.toModel(x);
    }
  }

  private static List<Noisy> noisy(Features features) {
    List<Noisy> noisy = new ArrayList<>();
    for (Part part : features.modelled()) {
      if (part.use() == Part.Use.NUMBER) {
        double width = features.schema().columns().get(part.column()).kind().resolution();
        if (width > 0) {
          noisy.add(new Noisy(part.first(), part.scaling().map(), width));
        }
      }
    }
    return noisy;
  }
}
