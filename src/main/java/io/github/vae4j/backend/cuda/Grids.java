// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

/**
 * How work is cut into threads. It depends on sizes alone, never on the device: same bits anywhere.
 */
final class Grids {
  private Grids() {}

  static long ceilDiv(long value, long divisor) {
    return (value + divisor - 1) / divisor;
  }

  /** Threads for a row of so many elements, four a thread: a power of two, at most limit. */
  static int lanes(int elements, int limit) {
    long quads = ceilDiv(elements, 4);
    int lanes = 1;
    while (lanes < quads && lanes < limit) {
      lanes *= 2;
    }
    return lanes;
  }
}
