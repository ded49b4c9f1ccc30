// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.Window;
import io.github.vae4j.tensor.Tensor;

/**
 * The products of a convolution from a large image to a small one: a forward pass, both gradients
 * and the transposed convolution are sums of the same products of three tensors.
 */
final class ConvProducts {
  private final int images;
  private final int largeHeight;
  private final int largeWidth;
  private final int largeChannels;
  private final int smallHeight;
  private final int smallWidth;
  private final int smallChannels;
  private final int perGroup;
  private final Window window;
  private final int groups;

  /** Receives the index of an element of each tensor. */
  @FunctionalInterface
  interface Visitor {
    void product(int large, int weight, int small);
  }

  ConvProducts(Tensor large, Tensor weight, Tensor small, Window window, int groups) {
    images = large.dim(0);
    largeHeight = large.dim(1);
    largeWidth = large.dim(2);
    largeChannels = large.dim(3);
    smallHeight = small.dim(1);
    smallWidth = small.dim(2);
    smallChannels = small.dim(3);
    perGroup = weight.dim(3);
    this.window = window;
    this.groups = groups;
  }

  void forEach(Visitor visitor) {
    for (int n = 0; n < images; n++) {
      for (int p = 0; p < smallHeight; p++) {
        for (int q = 0; q < smallWidth; q++) {
          window(visitor, n, p, q);
        }
      }
    }
  }

  private void window(Visitor visitor, int n, int p, int q) {
    for (int k = 0; k < window.kernelHeight(); k++) {
      int h = p * window.strideHeight() - window.paddingHeight() + k * window.dilationHeight();
      for (int l = 0; l < window.kernelWidth(); l++) {
        int w = q * window.strideWidth() - window.paddingWidth() + l * window.dilationWidth();
        if (h >= 0 && h < largeHeight && w >= 0 && w < largeWidth) {
          int large = ((n * largeHeight + h) * largeWidth + w) * largeChannels;
          int small = ((n * smallHeight + p) * smallWidth + q) * smallChannels;
          pixels(visitor, large, k * window.kernelWidth() + l, small);
        }
      }
    }
  }

  private void pixels(Visitor visitor, int large, int tap, int small) {
    int taps = window.kernelHeight() * window.kernelWidth();
    for (int s = 0; s < smallChannels; s++) {
      int first = s / (smallChannels / groups) * perGroup;
      for (int j = 0; j < perGroup; j++) {
        visitor.product(large + first + j, (s * taps + tap) * perGroup + j, small + s);
      }
    }
  }
}
