// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.dnn;

import io.github.vae4j.backend.Window;
import java.util.Locale;

/**
 * A convolution of float32 images, or a gradient of one, in the terms of cuDNN: from images x (N,
 * H, W, C) to images y (N, P, Q, K) by filters w (K, R, S, C / groups), all in NHWC and packed. A
 * transposed convolution is the data gradient of one.
 *
 * @param pass the operand that is computed
 * @param images N
 * @param height H
 * @param width W
 * @param channels C
 * @param outputHeight P
 * @param outputWidth Q
 * @param outputChannels K
 * @param window R and S, stride, padding and dilation
 * @param groups a divisor of C and K
 * @param x address
 * @param filter address of w
 * @param y address
 */
public record DnnConvolution(
    Pass pass,
    int images,
    int height,
    int width,
    int channels,
    int outputHeight,
    int outputWidth,
    int outputChannels,
    Window window,
    int groups,
    long x,
    long filter,
    long y) {
  /** The operand that is computed from the two others. */
  public enum Pass {
    /** y from x and w. */
    FORWARD("cudnnConvolutionForward"),
    /** x from y and w. */
    DATA_GRADIENT("cudnnConvolutionBackwardData"),
    /** w from x and y. */
    FILTER_GRADIENT("cudnnConvolutionBackwardFilter");

    private final String call;

    Pass(String call) {
      this.call = call;
    }

    /** The function of cuDNN. */
    String call() {
      return call;
    }

    /** The function that answers how large its workspace must be. */
    String workspaceCall() {
      return call.replace("cudnn", "cudnnGet") + "WorkspaceSize";
    }
  }

  /**
   * The bytes of x.
   *
   * @return the size
   */
  public long xBytes() {
    return bytes(images, height, width, channels);
  }

  /**
   * The bytes of w.
   *
   * @return the size
   */
  public long filterBytes() {
    return bytes(outputChannels, window.kernelHeight(), window.kernelWidth(), channels / groups);
  }

  /**
   * The bytes of y.
   *
   * @return the size
   */
  public long yBytes() {
    return bytes(images, outputHeight, outputWidth, outputChannels);
  }

  /**
   * A copy with other addresses.
   *
   * @param itsX of x
   * @param itsFilter of w
   * @param itsY of y
   * @return the convolution
   */
  public DnnConvolution at(long itsX, long itsFilter, long itsY) {
    return new DnnConvolution(
        pass,
        images,
        height,
        width,
        channels,
        outputHeight,
        outputWidth,
        outputChannels,
        window,
        groups,
        itsX,
        itsFilter,
        itsY);
  }

  /** The address of the operand that is computed. */
  long result() {
    return switch (pass) {
      case FORWARD -> y;
      case DATA_GRADIENT -> x;
      case FILTER_GRADIENT -> filter;
    };
  }

  /** The bytes of the operand that is computed. */
  long resultBytes() {
    return switch (pass) {
      case FORWARD -> yBytes();
      case DATA_GRADIENT -> xBytes();
      case FILTER_GRADIENT -> filterBytes();
    };
  }

  /** A copy with another address of the operand that is computed. */
  DnnConvolution into(long address) {
    return switch (pass) {
      case FORWARD -> at(x, filter, address);
      case DATA_GRADIENT -> at(address, filter, y);
      case FILTER_GRADIENT -> at(x, address, y);
    };
  }

  private static long bytes(int one, int two, int three, int four) {
    return (long) one * two * three * four * Float.BYTES;
  }

  /** All that determines the algorithms, for messages and as a key. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "conv %s n=%d %dx%dx%d -> %dx%dx%d kernel %dx%d stride %dx%d padding %dx%d dilation %dx%d"
            + " groups %d",
        pass.name().toLowerCase(Locale.ROOT),
        images,
        height,
        width,
        channels,
        outputHeight,
        outputWidth,
        outputChannels,
        window.kernelHeight(),
        window.kernelWidth(),
        window.strideHeight(),
        window.strideWidth(),
        window.paddingHeight(),
        window.paddingWidth(),
        window.dilationHeight(),
        window.dilationWidth(),
        groups);
  }
}
