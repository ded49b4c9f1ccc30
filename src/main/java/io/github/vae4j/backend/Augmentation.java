// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

/**
 * Random mirrors and crops of images of a batch, (height, width, channels) with the channels last.
 *
 * <p>An image of row b is padded by {@code shift} rows and columns of zeros on each side; a crop of
 * its own size is taken at a random place, and mirrored left to right with probability 1/2. With
 * the words w0, w1, w2 of Philox at (AUGMENT, step, b, column 0 to 2): pixel (h, w) is the source's
 * at {@code (h + dy, w' + dx)}, and 0 outside the source; {@code w' = width - 1 - w} if {@code
 * flip} and w0 {@code >= 2^31}, else w; {@code dy = floor(w1 (2 shift + 1) 2^-32) - shift}, and dx
 * likewise of w2. Padding and order are those of torchvision's RandomCrop and RandomHorizontalFlip.
 *
 * @param height rows of an image; 0 if rows are no images
 * @param width columns of an image; 0 if rows are no images
 * @param channels values of a pixel; 0 if rows are no images
 * @param flip whether each image is mirrored with probability 1/2
 * @param shift the greatest shift in each direction, below height and width; 0 for none
 */
public record Augmentation(int height, int width, int channels, boolean flip, int shift) {
  /** Images are shown as they are. */
  public static final Augmentation NONE = new Augmentation(0, 0, 0, false, 0);

  /** Checks ranges. {@inheritDoc} */
  public Augmentation {
    int least = flip || shift != 0 ? 1 : 0;
    check("height", height, least, Integer.MAX_VALUE);
    check("width", width, least, Integer.MAX_VALUE);
    check("channels", channels, least, Integer.MAX_VALUE);
    check("shift", shift, 0, Math.max(0, Math.min(height, width) - 1));
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + ": expected " + least + " to " + most + ", given " + value);
    }
  }

  /**
   * Whether rows have an image's length.
   *
   * @param features values of a row
   * @return whether that is height width channels
   */
  public boolean isOf(int features) {
    long pixels = (long) height * width;
    return pixels > 0 && features % pixels == 0 && features / pixels == channels;
  }

  /**
   * Whether images may be changed.
   *
   * @return whether they are mirrored or shifted
   */
  public boolean any() {
    return flip || shift > 0;
  }
}
