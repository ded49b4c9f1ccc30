// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

/**
 * Pictures in another size. A result's pixel is a weighted mean of the source's pixels around its
 * centre, with weights that fall linearly to 0 at the distance of a pixel of the coarser of both
 * grids: linear interpolation where a picture grows, and no aliasing where it shrinks. Source: the
 * filter "bilinear" of Pillow's Image.resize, without its rounding between the two directions.
 */
final class PictureScaler {
  private final Picture source;

  private PictureScaler(Picture source) {
    this.source = source;
  }

  /** A picture of the given size. */
  static Picture fit(Picture picture, int width, int height, PictureOptions.Fit fit) {
    ImageShape from = picture.shape();
    ImageShape to = new ImageShape(width, height, from.channels());
    PictureScaler scaler = new PictureScaler(picture);
    return switch (fit) {
      case CROP -> {
        boolean wide = (long) from.width() * height > (long) from.height() * width;
        int across = wide ? scaled(from.height(), width, height) : from.width();
        int down = wide ? from.height() : scaled(from.width(), height, width);
        yield scaler.scale(
            (from.width() - across) / 2, (from.height() - down) / 2, across, down, to);
      }
      case PAD -> {
        boolean wide = (long) from.width() * height > (long) from.height() * width;
        int across = wide ? width : scaled(height, from.width(), from.height());
        int down = wide ? scaled(width, from.height(), from.width()) : height;
        ImageShape inner = new ImageShape(across, down, from.channels());
        yield padded(scaler.scale(0, 0, from.width(), from.height(), inner), to);
      }
      case STRETCH -> scaler.scale(0, 0, from.width(), from.height(), to);
    };
  }

  /** The memory that scaling takes: the lines, as floats, and the result. */
  static long bytes(Picture picture, int width, int height) {
    int lines = Math.max(picture.shape().height(), height);
    return (long) picture.shape().channels() * width * ((long) Float.BYTES * lines + height);
  }

  /** size * above / below, rounded, at least 1. */
  private static int scaled(int size, int above, int below) {
    return (int) Math.max(1, Math.round((double) size * above / below));
  }

  private static Picture padded(Picture inner, ImageShape to) {
    ImageShape own = inner.shape();
    byte[] pixels = new byte[to.features()];
    int line = own.width() * to.channels();
    int left = (to.width() - own.width()) / 2;
    int top = (to.height() - own.height()) / 2;
    for (int y = 0; y < own.height(); y++) {
      int at = ((top + y) * to.width() + left) * to.channels();
      System.arraycopy(inner.pixels(), y * line, pixels, at, line);
    }
    return new Picture(to, pixels);
  }

  /** Scales a part: across its lines, then down its columns. */
  private Picture scale(int left, int top, int across, int down, ImageShape to) {
    int channels = to.channels();
    int line = to.width() * channels;
    float[] lines = new float[Math.multiplyExact(down, line)];
    Weights columns = new Weights(across, to.width());
    for (int y = 0; y < down; y++) {
      int start = ((top + y) * source.shape().width() + left) * channels;
      for (int x = 0; x < to.width(); x++) {
        for (int c = 0; c < channels; c++) {
          float sum = 0;
          for (int k = columns.first[x]; k < columns.end(x); k++) {
            int value = Byte.toUnsignedInt(source.pixels()[start + k * channels + c]);
            sum += columns.of(x, k) * value;
          }
          lines[y * line + x * channels + c] = sum;
        }
      }
    }
    byte[] pixels = new byte[to.features()];
    Weights rows = new Weights(down, to.height());
    for (int y = 0; y < to.height(); y++) {
      for (int i = 0; i < line; i++) {
        float sum = 0;
        for (int k = rows.first[y]; k < rows.end(y); k++) {
          sum += rows.of(y, k) * lines[k * line + i];
        }
        pixels[y * line + i] = (byte) Math.min(255, (int) (sum + 0.5f));
      }
    }
    return new Picture(to, pixels);
  }

  /** The weights of one direction. */
  private static final class Weights {
    private final int[] first;
    private final float[][] weights;

    Weights(int from, int to) {
      double scale = (double) from / to;
      double reach = Math.max(1, scale);
      first = new int[to];
      weights = new float[to][];
      for (int i = 0; i < to; i++) {
        double centre = (i + 0.5) * scale;
        int begin = (int) Math.max(0, Math.floor(centre - reach));
        int end = (int) Math.min(from, Math.ceil(centre + reach));
        double[] near = new double[end - begin];
        double sum = 0;
        for (int k = begin; k < end; k++) {
          near[k - begin] = Math.max(0, 1 - Math.abs(k + 0.5 - centre) / reach);
          sum += near[k - begin];
        }
        first[i] = begin;
        weights[i] = new float[near.length];
        for (int k = 0; k < near.length; k++) {
          weights[i][k] = (float) (near[k] / sum);
        }
      }
    }

    int end(int i) {
      return first[i] + weights[i].length;
    }

    float of(int i, int k) {
      return weights[i][k - first[i]];
    }
  }
}
