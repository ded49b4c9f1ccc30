// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

/** The placement of a case's buffers in memory. */
public enum Placement {
  /** Between sentinels, from a multiple of 64 bytes on. */
  ALIGNED(0, true),
  /** Between sentinels, one element later: floats that no vector access may take. */
  ONE_OFF(1, true),
  /** Two elements later: good for pairs, not for quads; of bytes, good for 16 bits. */
  TWO_OFF(2, true),
  /**
   * Alone in allocations of just their size, with nothing around them that an access may touch
   * unseen: the emulated device judges each.
   */
  EXACT(0, false);

  private final int shift;
  private final boolean guarded;

  Placement(int shift, boolean guarded) {
    this.shift = shift;
    this.guarded = guarded;
  }

  /** Elements between the allocation's start and the buffer's. */
  int guard(int guardElements) {
    return guarded ? guardElements + shift : 0;
  }
}
