// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import org.jspecify.annotations.Nullable;

/**
 * The options of reading arrays (NPY, NPZ, IDX); null for what the values or the shape suggest.
 *
 * @param bytes the meaning of unsigned bytes. Null in IDX: grey values. Null in NPY and NPZ:
 *     numbers if none is above 15, else grey values
 * @param layout the order of the dimensions of images; null for images of 1 or 3 channels by their
 *     shape
 */
public record ArrayOptions(@Nullable Bytes bytes, @Nullable Layout layout) {
  /** The defaults. */
  public static final ArrayOptions PLAIN = new ArrayOptions(null, null);

  /** The meaning of unsigned bytes. */
  public enum Bytes {
    /** Grey values or colours: they are divided by 255, if not all are 0 or 1. */
    GREY,
    /** Zeros and ones, levels or counts: they stay as they are. */
    NUMBERS
  }

  /** The order of the dimensions of an array of images, with any number of channels. */
  public enum Layout {
    /** Channels last: (N, H, W, C). */
    NHWC,
    /** Channels first: (N, C, H, W). They are put last. */
    NCHW
  }

  /**
   * A copy with a meaning of unsigned bytes.
   *
   * @param meaning of unsigned bytes; null for the one that their values suggest
   * @return the options
   */
  public ArrayOptions withBytes(@Nullable Bytes meaning) {
    return new ArrayOptions(meaning, layout);
  }

  /**
   * A copy with an order of dimensions.
   *
   * @param order of the dimensions of images; null for the one that the shape suggests
   * @return the options
   */
  public ArrayOptions withLayout(@Nullable Layout order) {
    return new ArrayOptions(bytes, order);
  }
}
