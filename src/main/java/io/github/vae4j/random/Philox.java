// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.random;

import io.github.vae4j.numeric.Elementary;

/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC
 * 2011). The key is the seed; the counter is (column / 4, row, step, stream), so that a draw
 * depends only on its coordinates and is the same on every backend, for every division into batches
 * and number of threads.
 *
 * <p>Counter words: {@code c0 = column >>> 2}, {@code c1 = row}, {@code c2 = low 32 bits of step},
 * {@code c3 = stream << 24 | bits 32 to 55 of step}. Column {@code 4 k + i} uses word i of block k.
 * Uniforms are {@code (word >>> 8) 2^-24}. Normals come in pairs by Box-Muller: words (0, 1) and
 * (2, 3) give radius {@code sqrt(-2 ln(((word >>> 8) + 1) 2^-24))} and angle {@code 2 pi (word' >>>
 * 8) 2^-24}; the even column has the cosine, the odd column the sine.
 */
public final class Philox {
  private static final int M0 = 0xD2511F53;
  private static final int M1 = 0xCD9E8D57;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;
  private static final double UNIT = 0x1p-24;
  private static final long MASK = 0xFFFFFFFFL;

  private Philox() {}

  /**
   * One block of the raw generator.
   *
   * @param key the seed; its low half is the first key word
   * @param c0 first counter word
   * @param c1 second counter word
   * @param c2 third counter word
   * @param c3 fourth counter word
   * @param out receives the four words
   */
  public static void block(long key, int c0, int c1, int c2, int c3, int[] out) {
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    for (int round = 0; round < 10; round++) {
      long p0 = (c0 & MASK) * (M0 & MASK);
      long p1 = (c2 & MASK) * (M1 & MASK);
      int n0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      int n2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c0 = n0;
      c1 = (int) p1;
      c2 = n2;
      c3 = (int) p0;
      k0 += W0;
      k1 += W1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
  }

  /**
   * The raw word at a coordinate.
   *
   * @param seed the seed
   * @param stream the use of the draw
   * @param step the step, 0 to 2^56 - 1
   * @param row the row
   * @param column the column
   * @return 32 random bits
   */
  public static int word(long seed, Stream stream, long step, int row, int column) {
    int[] out = new int[4];
    block(seed, column >>> 2, row, (int) step, high(stream, step), out);
    return out[column & 3];
  }

  /**
   * A uniform draw.
   *
   * @param seed the seed
   * @param stream the use of the draw
   * @param step the step, 0 to 2^56 - 1
   * @param row the row
   * @param column the column
   * @return a multiple of 2^-24 in [0, 1)
   */
  public static double uniform(long seed, Stream stream, long step, int row, int column) {
    return (word(seed, stream, step, row, column) >>> 8) * UNIT;
  }

  /**
   * A standard normal draw.
   *
   * @param seed the seed
   * @param stream the use of the draw
   * @param step the step, 0 to 2^56 - 1
   * @param row the row
   * @param column the column
   * @return the draw, at most 5.77 in absolute value
   */
  public static double normal(long seed, Stream stream, long step, int row, int column) {
    int[] out = new int[4];
    block(seed, column >>> 2, row, (int) step, high(stream, step), out);
    int pair = column & 2;
    double radius = Math.sqrt(-2 * Elementary.log(((out[pair] >>> 8) + 1) * UNIT));
    double angle = 2 * Math.PI * ((out[pair + 1] >>> 8) * UNIT);
    return radius * ((column & 1) == 0 ? Elementary.cos(angle) : Elementary.sin(angle));
  }

  private static int high(Stream stream, long step) {
    return stream.id() << 24 | ((int) (step >>> 32) & 0xFFFFFF);
  }
}
