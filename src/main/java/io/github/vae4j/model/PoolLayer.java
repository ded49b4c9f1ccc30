// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.backend.Window;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pooling of each channel.
 *
 * @param window kernel, stride and padding, which is at most half the kernel; null for the whole
 *     image
 * @param average whether the output is the average, else the maximum
 */
public record PoolLayer(@Nullable Window window, boolean average) implements Layer {
  static final String MAX = "max-pool";
  static final String AVERAGE = "avg-pool";
  static final String GLOBAL = "global-pool";

  /** Checks ranges. {@inheritDoc} */
  public PoolLayer {
    if (window == null) {
      if (!average) {
        throw new IllegalArgumentException(
            GLOBAL + ": expected the average of an image, given the maximum");
      }
    } else if (window.dilationHeight() != 1
        || window.dilationWidth() != 1
        || 2 * window.paddingHeight() > window.kernelHeight()
        || 2 * window.paddingWidth() > window.kernelWidth()) {
      throw new IllegalArgumentException(
          (average ? AVERAGE : MAX)
              + ": expected a padding of at most half the kernel and no dilation, given "
              + LayerText.sizes(window)
              + " and a dilation of "
              + window.dilationHeight()
              + " x "
              + window.dilationWidth());
    }
  }

  /**
   * The window for an input.
   *
   * @param input the shape of a row
   * @return the window; the image's size if the layer pools the whole image
   */
  public Window window(Shape input) {
    return window != null
        ? window
        : new Window(input.height(), input.width(), input.height(), input.width(), 0, 0, 1, 1);
  }

  @Override
  public boolean spatial() {
    return true;
  }

  @Override
  public boolean reshapes() {
    return true;
  }

  @Override
  public Shape output(Shape input) {
    Window own = window(input);
    try {
      return new Shape(
          own.outputHeight(input.height()), own.outputWidth(input.width()), input.channels());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          name() + ": of an input of " + input + ": " + e.getMessage(), e);
    }
  }

  @Override
  public List<Parameter> parameters(Shape input) {
    return List.of();
  }

  @Override
  public List<Layer> reversed(Shape input) {
    Shape output = output(input);
    if (input.height() % output.height() != 0 || input.width() % output.width() != 0) {
      throw new IllegalArgumentException(
          name()
              + ": the decoder cannot enlarge "
              + output
              + " to "
              + input
              + " by a whole factor: give its layers (VaeSpec.decoder)");
    }
    return List.of(
        new UpsampleLayer(input.height() / output.height(), input.width() / output.width(), false));
  }

  @Override
  public String name() {
    return window == null ? GLOBAL : (average ? AVERAGE : MAX) + ":" + LayerText.sizes(window);
  }
}
