// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.bench;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Synthetic grey values, computed when they are read, so that they need no memory of the host.
 *
 * @param rows N
 * @param features D
 * @param image the shape of a row; null for rows that are not images
 */
record Noise(int rows, int features, @Nullable ImageShape image) implements DataSet {
  /** The greatest size of the data in the backend's memory, unless one batch is larger. */
  private static final long MAX_BYTES = 1L << 26;

  /** The number of steps of an epoch of such data, at most {@code wanted}. */
  static int steps(int batch, int features, int wanted) {
    long fit = Math.max(1, MAX_BYTES / Math.multiplyExact((long) batch, features));
    return (int) Math.min(fit, wanted);
  }

  @Override
  public String name() {
    return "noise";
  }

  @Override
  public DType type() {
    return DType.UINT8;
  }

  @Override
  public float scale() {
    return 1 / 255f;
  }

  @Override
  public boolean resident() {
    return true;
  }

  @Override
  public void read(int first, int count, ByteBuffer target) {
    long end = (long) (first + count) * features;
    for (long i = (long) first * features; i < end; i++) {
      target.put((byte) (i * 7919));
    }
  }
}
