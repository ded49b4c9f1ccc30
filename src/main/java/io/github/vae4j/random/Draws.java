// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.random;

import io.github.vae4j.numeric.Elementary;
import java.util.random.RandomGenerator;

/**
 * A sequence of draws at one (seed, stream, row), for host code that does not know their number in
 * advance: the columns 0, 1, 2, ... of step 0. Normal and exponential draws are transforms of one
 * uniform draw, and not the JDK's, whose tables a C program lacks.
 */
public final class Draws implements RandomGenerator {
  private final long seed;
  private final Stream stream;
  private final int row;
  private int column;

  /**
   * Starts a sequence.
   *
   * @param seed the seed
   * @param stream the use of the draws
   * @param row the row
   */
  public Draws(long seed, Stream stream, int row) {
    this.seed = seed;
    this.stream = stream;
    this.row = row;
  }

  @Override
  public int nextInt() {
    return Philox.word(seed, stream, 0, row, column++);
  }

  @Override
  public long nextLong() {
    return (long) nextInt() << 32 | (nextInt() & 0xFFFFFFFFL);
  }

  @Override
  public boolean nextBoolean() {
    return nextInt() < 0;
  }

  /** A multiple of 2^-53 in [0, 1). {@inheritDoc} */
  @Override
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /** The quantile of a uniform draw in (0, 1). {@inheritDoc} */
  @Override
  public double nextGaussian() {
    return NormalQuantile.of(inside());
  }

  /** The logarithm of a uniform draw in (0, 1), negated. {@inheritDoc} */
  @Override
  public double nextExponential() {
    return -Elementary.log(inside());
  }

  /** An odd multiple of 2^-53. */
  private double inside() {
    return ((nextLong() >>> 12) + 0.5) * 0x1p-52;
  }
}
