// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import io.github.vae4j.data.ImageShape;
import io.github.vae4j.tensor.Matrix;

/**
 * Images in the form of a network's input: three channels, its size, its order. Grey becomes three
 * equal channels. Sizes change by bilinear interpolation between pixel centres, as PyTorch's
 * interpolate with align_corners false does: target pixel i looks at {@code (i + 1/2) source /
 * target - 1/2}, within the image.
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

  /** Where each target pixel of an axis lies between two of the source. */
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

  /** Values in a resized image. */
  int length() {
    return pixels.length;
  }

  /** The shape of so many images. */
  long[] dimensions(int images) {
    return channelsFirst
        ? new long[] {images, CHANNELS, down.size, across.size}
        : new long[] {images, down.size, across.size, CHANNELS};
  }

  /** An image resized, in an array that the next one overwrites. */
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
