// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

/**
 * The window of a convolution or a pooling layer: the pixels of the input that a pixel of the
 * output is computed from. Sizes are (height, width); a series is an image of height 1.
 *
 * @param kernelHeight rows of the window
 * @param kernelWidth columns of the window
 * @param strideHeight rows between the windows of two output rows
 * @param strideWidth columns between the windows of two output columns
 * @param paddingHeight rows of zeros above and below the input
 * @param paddingWidth columns of zeros left and right of the input
 * @param dilationHeight rows between two rows of the window; 1 for adjacent ones
 * @param dilationWidth columns between two columns of the window; 1 for adjacent ones
 */
public record Window(
    int kernelHeight,
    int kernelWidth,
    int strideHeight,
    int strideWidth,
    int paddingHeight,
    int paddingWidth,
    int dilationHeight,
    int dilationWidth) {
  /** The greatest size of a kernel, a stride, a padding or a dilation. */
  private static final int MOST = 1 << 15;

  /** Checks ranges. {@inheritDoc} */
  public Window {
    check("kernel", 1, kernelHeight, kernelWidth);
    check("stride", 1, strideHeight, strideWidth);
    check("padding", 0, paddingHeight, paddingWidth);
    check("dilation", 1, dilationHeight, dilationWidth);
  }

  private static void check(String name, int least, int height, int width) {
    if (Math.min(height, width) < least || Math.max(height, width) > MOST) {
      String given = height == width ? "" + height : height + " x " + width;
      throw new IllegalArgumentException(
          name + ": expected " + least + " to " + MOST + ", given " + given);
    }
  }

  /**
   * A square window without dilation.
   *
   * @param kernel rows and columns of the window
   * @param stride between two windows
   * @param padding on each side
   * @return the window
   */
  public static Window square(int kernel, int stride, int padding) {
    return new Window(kernel, kernel, stride, stride, padding, padding, 1, 1);
  }

  /**
   * The height of the output.
   *
   * @param height of the input
   * @return (height + 2 padding - dilation (kernel - 1) - 1) / stride + 1, rounded down
   * @throws IllegalArgumentException if the window is higher than the padded input
   */
  public int outputHeight(int height) {
    return output("height", height, kernelHeight, strideHeight, paddingHeight, dilationHeight);
  }

  /**
   * The width of the output.
   *
   * @param width of the input
   * @return (width + 2 padding - dilation (kernel - 1) - 1) / stride + 1, rounded down
   * @throws IllegalArgumentException if the window is wider than the padded input
   */
  public int outputWidth(int width) {
    return output("width", width, kernelWidth, strideWidth, paddingWidth, dilationWidth);
  }

  private static int output(
      String side, int size, int kernel, int stride, int padding, int dilation) {
    int reach = dilation * (kernel - 1) + 1;
    long padded = size + 2L * padding;
    if (padded < reach) {
      throw new IllegalArgumentException(
          "kernel: expected a "
              + side
              + " of at most "
              + padded
              + ", that of the input with its padding, given "
              + reach);
    }
    return Math.toIntExact((padded - reach) / stride + 1);
  }

  /**
   * The least height of an input whose output has a height: the output of a transposed convolution
   * without output padding.
   *
   * @param height of the output
   * @return (height - 1) stride - 2 padding + dilation (kernel - 1) + 1; may be below 1
   * @throws ArithmeticException if it overflows an int
   */
  public int leastInputHeight(int height) {
    return input(height, kernelHeight, strideHeight, paddingHeight, dilationHeight);
  }

  /**
   * The least width of an input whose output has a width.
   *
   * @param width of the output
   * @return (width - 1) stride - 2 padding + dilation (kernel - 1) + 1; may be below 1
   * @throws ArithmeticException if it overflows an int
   */
  public int leastInputWidth(int width) {
    return input(width, kernelWidth, strideWidth, paddingWidth, dilationWidth);
  }

  private static int input(int size, int kernel, int stride, int padding, int dilation) {
    return Math.toIntExact(
        (size - 1L) * stride - 2L * padding + (long) dilation * (kernel - 1) + 1);
  }
}
