// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Window;
import io.github.vae4j.model.Parameter.Role;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A convolution, or a transposed one, which enlarges the image.
 *
 * @param channels of the output; {@link #OUT} in the last layer of a net, which then is the net's
 *     head and has as many channels as the posterior or the observation model needs
 * @param window kernel, stride, padding and dilation; those of the convolution in the opposite
 *     direction if the layer is transposed
 * @param outputPaddingHeight rows below those of a transposed convolution's least output
 * @param outputPaddingWidth columns right of those of a transposed convolution's least output
 * @param groups of channels that are convolved apart
 * @param transposed whether the layer is the transposed convolution
 * @param series whether it takes images of one line alone, as {@code conv1d:} and {@code deconv1d:}
 * @param activation the function after it; the identity after a head
 */
public record ConvLayer(
    int channels,
    Window window,
    int outputPaddingHeight,
    int outputPaddingWidth,
    int groups,
    boolean transposed,
    boolean series,
    Activation activation)
    implements Layer {
  /** The number of channels is that of the net's output. */
  public static final int OUT = 0;

  static final String NAME = "conv";
  static final String TRANSPOSED = "deconv";

  /** After the name, of a series. */
  static final String SERIES = "1d";

  /** Checks ranges. {@inheritDoc} */
  public ConvLayer {
    String name = transposed ? TRANSPOSED : NAME;
    if (channels < 0) {
      throw wrong(name, "channels", "1 or more", channels);
    }
    if (groups < 1 || channels % groups != 0) {
      throw wrong(name, "groups", "a divisor of the " + channels + " output channels", groups);
    }
    boolean oneLine =
        window.kernelHeight() == 1
            && window.strideHeight() == 1
            && window.paddingHeight() == 0
            && window.dilationHeight() == 1;
    if (series && !oneLine) {
      throw wrong(
          name + SERIES, "window", "a kernel and a stride of height 1 without a padding", window);
    }
    checkOutputPadding(name, transposed, outputPaddingHeight, window.strideHeight());
    checkOutputPadding(name, transposed, outputPaddingWidth, window.strideWidth());
    // A head is linear, also where one option sets the activation of all layers.
    activation = channels == OUT ? Activation.IDENTITY : activation;
  }

  private static void checkOutputPadding(String name, boolean transposed, int padding, int stride) {
    int most = transposed ? stride - 1 : 0;
    if (padding < 0 || padding > most) {
      throw wrong(
          name,
          "output padding",
          transposed ? "0 to " + most + ", below the stride" : "0, as it is no deconv",
          padding);
    }
  }

  private static IllegalArgumentException wrong(
      String layer, String argument, String expected, Object given) {
    return new IllegalArgumentException(
        layer + ": " + argument + ": expected " + expected + ", given " + given);
  }

  /**
   * A convolution.
   *
   * @param channels of the output
   * @param window kernel, stride, padding and dilation
   * @param activation the function after it
   * @return the layer
   */
  public static ConvLayer of(int channels, Window window, Activation activation) {
    return new ConvLayer(channels, window, 0, 0, 1, false, false, activation);
  }

  /** A copy with another number of output channels. */
  ConvLayer withChannels(int count) {
    return new ConvLayer(
        count,
        window,
        outputPaddingHeight,
        outputPaddingWidth,
        groups,
        transposed,
        series,
        activation);
  }

  @Override
  public ConvLayer with(Activation function) {
    return new ConvLayer(
        channels,
        window,
        outputPaddingHeight,
        outputPaddingWidth,
        groups,
        transposed,
        series,
        function);
  }

  @Override
  public boolean spatial() {
    return true;
  }

  @Override
  public boolean isHead() {
    return channels == OUT;
  }

  @Override
  public Shape headSize(Shape input) {
    return new Shape(height(input), width(input), 1);
  }

  @Override
  public Layer head(Shape input, int outputs, int parts) {
    int pixels = Math.multiplyExact(height(input), width(input));
    if (parts < 1) {
      throw new IllegalArgumentException(
          name()
              + ": expected as many parameters for each value of a row, as a convolution gives,"
              + " given "
              + outputs
              + " in all; end with flatten");
    }
    if (outputs % pixels != 0 || outputs / pixels % parts != 0) {
      throw new IllegalArgumentException(
          name()
              + ": expected an image whose pixels divide the "
              + outputs
              + " outputs, given "
              + height(input)
              + " x "
              + width(input)
              + " pixels");
    }
    return withChannels(outputs / pixels);
  }

  @Override
  public boolean reshapes() {
    return true;
  }

  @Override
  public Shape output(Shape input) {
    if (series && input.height() > 1) {
      throw new IllegalArgumentException(
          name()
              + ": expected a series, an image of one line, given an input of "
              + input
              + "; for images of several lines use "
              + (transposed ? TRANSPOSED : NAME)
              + ":");
    }
    if (input.channels() % groups != 0) {
      throw new IllegalArgumentException(
          name()
              + ": groups: expected a divisor of the "
              + input.channels()
              + " input channels, given "
              + groups);
    }
    return new Shape(height(input), width(input), channels);
  }

  private int height(Shape input) {
    return transposed
        ? enlarged(input, "height", window.leastInputHeight(input.height()) + outputPaddingHeight)
        : reduced(input, window::outputHeight, input.height());
  }

  private int width(Shape input) {
    return transposed
        ? enlarged(input, "width", window.leastInputWidth(input.width()) + outputPaddingWidth)
        : reduced(input, window::outputWidth, input.width());
  }

  private int reduced(Shape input, IntUnaryOperator size, int given) {
    try {
      return size.applyAsInt(given);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          name() + ": of an input of " + input + ": " + e.getMessage(), e);
    }
  }

  private int enlarged(Shape input, String side, int size) {
    if (size < 1) {
      throw new IllegalArgumentException(
          name()
              + ": padding: expected an output of 1 pixel or more, given a "
              + side
              + " of "
              + size
              + " from an input of "
              + input);
    }
    return size;
  }

  @Override
  public List<Parameter> parameters(Shape input) {
    int own = transposed ? input.channels() : channels;
    int others = transposed ? channels : input.channels();
    return List.of(
        new Parameter(
            "weight",
            List.of(own, window.kernelHeight(), window.kernelWidth(), others / groups),
            Role.FILTER),
        Parameter.vector("bias", channels, Role.BIAS));
  }

  @Override
  public List<Layer> reversed(Shape input) {
    return List.of(reversed(input, input.channels(), groups));
  }

  @Override
  public Layer reversedHead(Shape input) {
    return reversed(input, OUT, 1);
  }

  private ConvLayer reversed(Shape input, int outputs, int own) {
    if (transposed) {
      return new ConvLayer(outputs, window, 0, 0, own, false, series, activation);
    }
    return new ConvLayer(
        outputs,
        window,
        input.height() - window.leastInputHeight(height(input)),
        input.width() - window.leastInputWidth(width(input)),
        own,
        true,
        series,
        activation);
  }

  @Override
  public String name() {
    return LayerText.conv(this);
  }
}
