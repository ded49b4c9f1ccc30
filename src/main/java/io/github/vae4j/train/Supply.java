// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.infer.Conditions;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Arena;
import org.jspecify.annotations.Nullable;

/**
 * All that a step is fed with: the rows, and in the same order what they are conditional on and how
 * much they weigh.
 */
final class Supply implements AutoCloseable {
  private final Arena arena = new Arena();
  private final Feed rows;
  private final boolean missing;
  private final @Nullable Feed condition;
  private final @Nullable Feed weights;

  Supply(Backend backend, VaeSpec spec, DataSet data, int batch, long seed) {
    try {
      missing = data.missing();
      rows = arena.own(new Feed(backend, data, batch, seed));
      Condition given = spec.condition();
      condition = given == null ? null : beside(backend, Conditions.of(given, data), batch, seed);
      weights = data.weighted() ? beside(backend, DataViews.weights(data), batch, seed) : null;
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** A feed of the same order: all ops of a step read one position. */
  private Feed beside(Backend backend, DataSet data, int batch, long seed) {
    return arena.own(new Feed(backend, data, batch, seed, rows.resident()));
  }

  Feed rows() {
    return rows;
  }

  /** Whether values of the rows may be missing. */
  boolean missing() {
    return missing;
  }

  /** What the rows are conditional on; null for nothing. */
  @Nullable Feed condition() {
    return condition;
  }

  /** The rows' weights, of mean 1; null where all weigh the same. */
  @Nullable Feed weights() {
    return weights;
  }

  /** Makes a batch ready and says which position its gathers start at. */
  int prepare(int epoch, int position, int count) {
    if (condition != null) {
      condition.prepare(epoch, position, count);
    }
    if (weights != null) {
      weights.prepare(epoch, position, count);
    }
    return rows.prepare(epoch, position, count);
  }

  @Override
  public void close() {
    arena.close();
  }
}
