// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import io.github.vae4j.data.ImageShape;
import io.github.vae4j.tensor.Matrix;

/**
 * Converts images to a network's input: to three channels, the input's size and the input's order
 * of dimensions. Grey becomes three equal channels. Images are resized by bilinear interpolation
 * between pixel centres, as by PyTorch's interpolate with align_corners false: target pixel i is at
 * {@code (i + 1/2) source / target - 1/2}, within the image.
 */
final class RgbResize {
  private static final int CHANNELS = 3;

  private final ImageShape shape;
  private final boolean channelsFirst;
  private final Axis across;
  private final Axis down;
  private final float[] pixels;

  RgbResize(ImageShape shape, int width, int height, boolean channelsFirst) {
    this.shape = shape;
    this.channelsFirst = channelsFirst;
    across = new Axis(shape.width(), width);
    down = new Axis(shape.height(), height);
    pixels = new float[Math.multiplyExact(CHANNELS, Math.multiplyExact(width, height))];
  }

  /** The positions of an axis's target pixels between pixels of the source. */
  private static final class Axis {
    final int size;
    final int[] before;
    final int[] after;
    final float[] part;

    Axis(int source, int target) {
      size = target;
      before = new int[target];
      after = new int[target];
      part = new float[target];
      for (int i = 0; i < target; i++) {
        double at = Math.min(Math.max((i + 0.5) * source / target - 0.5, 0), source - 1);
        before[i] = (int) at;
        after[i] = Math.min(before[i] + 1, source - 1);
        part[i] = (float) (at - before[i]);
      }
    }
  }

  /** The number of values of a resized image. */
  int length() {
    return pixels.length;
  }

  /** The shape of the input for a number of images. */
  long[] dimensions(int images) {
    return channelsFirst
        ? new long[] {images, CHANNELS, down.size, across.size}
        : new long[] {images, down.size, across.size, CHANNELS};
  }

  /** Resizes an image; the next call overwrites the returned array. */
  float[] resize(Matrix images, int row) {
    int start = row * images.columns();
    for (int y = 0; y < down.size; y++) {
      for (int x = 0; x < across.size; x++) {
        for (int c = 0; c < CHANNELS; c++) {
          int channel = Math.min(c, shape.channels() - 1);
          float top = between(images, start, down.before[y], x, channel);
          float bottom = between(images, start, down.after[y], x, channel);
          int at =
              channelsFirst
                  ? (c * down.size + y) * across.size + x
                  : (y * across.size + x) * CHANNELS + c;
          pixels[at] = top + (bottom - top) * down.part[y];
        }
      }
    }
    return pixels;
  }

  private float between(Matrix images, int start, int line, int x, int channel) {
    int left = (line * shape.width() + across.before[x]) * shape.channels() + channel;
    int right = (line * shape.width() + across.after[x]) * shape.channels() + channel;
    float value = images.values()[start + left];
    return value + (images.values()[start + right] - value) * across.part[x];
  }
}
