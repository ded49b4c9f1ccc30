// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

/**
 * The division of work into threads. It depends only on sizes and not on the device, so that the
 * bits are the same on all devices.
 */
final class Grids {
  private Grids() {}

  static long ceilDiv(long value, long divisor) {
    return (value + divisor - 1) / divisor;
  }

  /**
   * The number of threads for a row with four elements per thread: a power of two, at most limit.
   */
  static int lanes(int elements, int limit) {
    long quads = ceilDiv(elements, 4);
    int lanes = 1;
    while (lanes < quads && lanes < limit) {
      lanes *= 2;
    }
    return lanes;
  }
}
