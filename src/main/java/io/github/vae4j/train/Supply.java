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

/** The inputs of a step: the rows and, in the same order, their conditions and weights. */
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
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /** A feed with the same order, because all ops of a step read the same position. */
  private Feed beside(Backend backend, DataSet data, int batch, long seed) {
    return arena.own(new Feed(backend, data, batch, seed, rows.resident()));
  }

  Feed rows() {
    return rows;
  }

  /** Whether rows may have missing values. */
  boolean missing() {
    return missing;
  }

  /** The conditions of the rows; null for an unconditional model. */
  @Nullable Feed condition() {
    return condition;
  }

  /** The rows' weights, of mean 1; null if all are equal. */
  @Nullable Feed weights() {
    return weights;
  }

  /** Prepares a batch and returns the position at which its gathers start. */
  int prepare(int epoch, int position, int count) {
    // All are read before one is written: after a failure the halves of their inlets must agree.
    rows.read(epoch, position, count);
    if (condition != null) {
      condition.read(epoch, position, count);
    }
    if (weights != null) {
      weights.read(epoch, position, count);
    }
    if (condition != null) {
      condition.write(position);
    }
    if (weights != null) {
      weights.write(position);
    }
    return rows.write(position);
  }

  @Override
  public void close() {
    arena.close();
  }
}
