// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.random;

import java.util.random.RandomGenerator;

/**
 * A sequence of draws at one (seed, stream, row), for host code that does not know their number in
 * advance: the columns 0, 1, 2, ... of step 0.
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
}
