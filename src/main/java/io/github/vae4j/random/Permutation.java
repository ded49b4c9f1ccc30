// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.random;

/**
 * A pseudo-random order of n rows that is a function of (seed, epoch, position): nothing is stored,
 * so that a resumed run has the same order and the device can compute it. A balanced Feistel
 * network of eight rounds over the smallest even-bit domain that holds n, applied until the result
 * is below n (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002). The round function
 * is MurmurHash3's 32-bit finaliser of (half + round key); round keys are the Philox words of
 * stream SHUFFLE at (step = epoch, row = 0, columns 0 to 7).
 */
public final class Permutation {
  private static final int ROUNDS = 8;

  private final int[] keys = new int[ROUNDS];
  private final int rows;
  private final int halfBits;

  /**
   * The order of one epoch.
   *
   * @param seed the seed
   * @param epoch the epoch
   * @param rows the number of rows, at least 1
   */
  public Permutation(long seed, long epoch, int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("permutation: expected 1 row or more, given " + rows);
    }
    this.rows = rows;
    int bits = 32 - Integer.numberOfLeadingZeros(Math.max(rows - 1, 1));
    this.halfBits = (bits + 1) / 2;
    for (int round = 0; round < ROUNDS; round++) {
      keys[round] = Philox.word(seed, Stream.SHUFFLE, epoch, 0, round);
    }
  }

  /**
   * The row at a position.
   *
   * @param position 0 to rows - 1
   * @return the row, 0 to rows - 1; each exactly once over all positions
   */
  public int at(int position) {
    int value = position;
    do {
      value = encipher(value);
      // Unsigned: beyond 2^30 rows the domain has 32 bits.
    } while (Integer.compareUnsigned(value, rows) >= 0);
    return value;
  }

  private int encipher(int value) {
    int mask = (1 << halfBits) - 1;
    int left = value >>> halfBits;
    int right = value & mask;
    for (int key : keys) {
      int next = left ^ (mix(right + key) & mask);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }

  private static int mix(int h) {
    h ^= h >>> 16;
    h *= 0x85EBCA6B;
    h ^= h >>> 13;
    h *= 0xC2B2AE35;
    h ^= h >>> 16;
    return h;
  }
}
