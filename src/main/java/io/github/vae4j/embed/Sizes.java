// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.embed;

import java.util.List;

/**
 * The sizes that a plan is made for.
 *
 * @param batch B
 * @param samples L
 * @param seed S, of the noise
 */
record Sizes(int batch, int samples, long seed) {
  /** Sizes that determine {@link Formula}, and one more, which tests it. */
  static final List<Sizes> EXAMPLES =
      List.of(
          new Sizes(5, 3, 0),
          new Sizes(7, 3, 0),
          new Sizes(5, 4, 0),
          new Sizes(7, 4, 0),
          new Sizes(5, 3, 1),
          new Sizes(11, 6, 9));
}
