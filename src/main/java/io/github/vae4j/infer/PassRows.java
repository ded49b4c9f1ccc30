// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.model.ParameterLayout;

/**
 * The rows of a pass of evaluation: fewer where the layers of a net are large. The noise of a row
 * is a function of its place in the batch, so that results depend on {@link #evaluated}.
 */
public final class PassRows {
  /** The most samples of a row in a pass; the reconstructions of a pass are not kept. */
  public static final int MOST_SAMPLES = 100;

  private static final int MOST_EVALUATED = 500;
  private static final int MOST_DECODED = 256;
  private static final int MOST_SAMPLED = 2000;

  /** The most rows of a pass that is planned for more rows than it has. */
  static final int MOST_SHARED = 64;

  /** The most elements of a layer's output: 64 MiB. */
  private static final int MOST_ELEMENTS = 1 << 24;

  private PassRows() {}

  /**
   * Rows of a pass that samples each row.
   *
   * @param layout of the model
   * @param rows of the data
   * @param samples of each row
   * @return 1 or more
   */
  public static int evaluated(ParameterLayout layout, int rows, int samples) {
    return weighed(layout, Math.min(rows, MOST_EVALUATED), samples);
  }

  /**
   * Rows of a pass whose sums of importance weights are kept alone.
   *
   * @param layout of the model
   * @param rows of the data
   * @param samples of each row in a pass
   * @return 1 or more
   */
  public static int weighed(ParameterLayout layout, int rows, int samples) {
    return Math.max(1, Math.min(rows, sampled(layout) / samples));
  }

  /**
   * Samples of all rows of a pass.
   *
   * @param layout of the model
   * @return 1 or more, a function of the model alone
   */
  public static int sampled(ParameterLayout layout) {
    return of(layout, MOST_SAMPLED);
  }

  /**
   * Codes of a pass of the decoder.
   *
   * @param layout of the model
   * @return 1 or more, a function of the model alone
   */
  public static int decoded(ParameterLayout layout) {
    return of(layout, MOST_DECODED);
  }

  /**
   * The rows that a pass is planned for, so that calls of a few rows each share plans.
   *
   * @param rows of the pass
   * @return the next power of two for 64 rows or fewer, else the rows
   */
  static int planned(int rows) {
    int power = Integer.highestOneBit(rows);
    return power == rows || rows > MOST_SHARED ? rows : 2 * power;
  }

  private static int of(ParameterLayout layout, int most) {
    int largest =
        layout.nets().stream()
            .flatMap(net -> net.layers().stream())
            .mapToInt(placed -> placed.output().size())
            .max()
            .orElse(1);
    return Math.max(1, Math.min(most, MOST_ELEMENTS / largest));
  }
}
