// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Layers as text. A window is {@code 4s2p1}: a kernel of 4 x 4, a stride of 2, a padding of 1; two
 * sizes are {@code 3x5}, height first. Without a stride it is 1; without a padding it is such that
 * a stride of 1 keeps the image's size, if the kernel is odd, and one of 2 halves it.
 */
final class LayerText {
  private static final String PAIR = "(\\d+)(?:x(\\d+))?";

  private static final Pattern CONV =
      Pattern.compile(
          "(conv|deconv)(1d)?:(\\d+|out)x"
              + PAIR
              + ("(?:s" + PAIR + ")?(?:p" + PAIR + ")?(?:o" + PAIR + ")?(?:d" + PAIR + ")?")
              + "(?:g(\\d+))?");

  private static final Pattern POOL =
      Pattern.compile("(max-pool|avg-pool):" + PAIR + "(?:s" + PAIR + ")?(?:p" + PAIR + ")?");

  private static final Pattern FACTORS =
      Pattern.compile("(upsample|bilinear|pixel-shuffle|pixel-unshuffle):" + PAIR);

  private static final Pattern RESHAPE = Pattern.compile("reshape:(\\d+)x(\\d+)x(\\d+)");

  /** A text that has the name of a layer with sizes, but not its form. */
  private static final Pattern NAMED =
      Pattern.compile(
          "((?:de)?conv(?:1d)?|max-pool|avg-pool|upsample|bilinear|pixel-(?:un)?shuffle|reshape)"
              + "(?::.*)?");

  private static final String CONV_FORM =
      "channels and kernel, then stride, padding, output padding, dilation and groups in this order,"
          + " as in conv:32x4s2p1, deconv:32x4s2p1o0d1g1 or conv:outx3";

  private static final Map<String, String> FORMS =
      Map.of(
          "conv", CONV_FORM,
          "deconv", CONV_FORM,
          "conv1d", CONV_FORM,
          "deconv1d", CONV_FORM,
          "max-pool", "a kernel, then stride and padding, as in max-pool:3s2p1",
          "avg-pool", "a kernel, then stride and padding, as in avg-pool:3s2p1",
          "reshape", "channels, height and width, as in reshape:64x4x4");

  /** The most residual blocks that contain each other. */
  static final int MOST_DEPTH = 8;

  private LayerText() {}

  /** Splits a list at the commas that are outside of parentheses. */
  static List<String> split(String text) {
    List<String> items = new ArrayList<>();
    int depth = 0;
    int first = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth > MOST_DEPTH) {
        throw new IllegalArgumentException(
            ResidualLayer.NAME + ": expected at most " + MOST_DEPTH + " blocks in each other");
      }
      if (c == ',' && depth == 0) {
        items.add(text.substring(first, i).strip());
        first = i + 1;
      }
    }
    items.add(text.substring(first).strip());
    return items;
  }

  /** Whether a list of layers, or one inside its parentheses, names an activation. */
  static boolean namesActivation(String text) {
    return words(text).stream().anyMatch(word -> Activation.find(word) != null);
  }

  /** The names in a list of layers, and in the lists inside its parentheses. */
  static List<String> words(String text) {
    return Arrays.stream(text.split("[,()]", -1)).map(String::strip).toList();
  }

  /** Any layer. */
  static Layer layer(String text, Activation activation) {
    String name = text.strip();
    if (name.equals("norm") || name.equals(Layer.BatchNorm.NAME)) {
      return new Layer.BatchNorm();
    } else if (name.equals(Layer.LayerNorm.NAME)) {
      return new Layer.LayerNorm();
    }
    try {
      Layer image = parse(name, activation);
      if (image != null) {
        return image;
      }
      return name.startsWith(DropoutLayer.NAME + ":")
          ? new DropoutLayer(Float.parseFloat(name.substring(DropoutLayer.NAME.length() + 1)))
          : new Layer.Dense(Integer.parseInt(name), activation);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "layer: expected a number of units as in 400, "
              + Layer.NAMES
              + " as in dropout:0.1; of images "
              + Layer.IMAGE_NAMES
              + "; given \""
              + text
              + "\"",
          e);
    }
  }

  /** A layer of an image; null if the text is none. */
  private static @Nullable Layer parse(String text, Activation activation) {
    if (text.equals(FlattenLayer.NAME)) {
      return new FlattenLayer();
    } else if (text.equals(PoolLayer.GLOBAL)) {
      return new PoolLayer(null, true);
    } else if (text.startsWith(ResidualLayer.NAME + "(") && text.endsWith(")")) {
      String inside = text.substring(ResidualLayer.NAME.length() + 1, text.length() - 1);
      return new ResidualLayer(Layers.parse(inside, activation));
    } else if (Activation.find(text) != null) {
      return new ActivationLayer(Activation.of(text));
    } else if (text.startsWith(GroupNormLayer.NAME + ":")) {
      return new GroupNormLayer(Integer.parseInt(text.substring(GroupNormLayer.NAME.length() + 1)));
    } else if (text.equals(AttentionLayer.NAME)) {
      return new AttentionLayer(1);
    } else if (text.startsWith(AttentionLayer.NAME + ":")) {
      return new AttentionLayer(Integer.parseInt(text.substring(AttentionLayer.NAME.length() + 1)));
    }
    return window(text, activation);
  }

  private static @Nullable Layer window(String text, Activation activation) {
    Matcher conv = CONV.matcher(text);
    if (conv.matches()) {
      return conv(conv, activation);
    }
    Matcher pool = POOL.matcher(text);
    if (pool.matches()) {
      int height = number(pool, 2, 0);
      int width = number(pool, 3, height);
      int strideHeight = number(pool, 4, height);
      int strideWidth = number(pool, 5, pool.group(4) == null ? width : strideHeight);
      int paddingHeight = number(pool, 6, 0);
      Window window =
          new Window(
              height,
              width,
              strideHeight,
              strideWidth,
              paddingHeight,
              number(pool, 7, paddingHeight),
              1,
              1);
      return new PoolLayer(window, pool.group(1).equals(PoolLayer.AVERAGE));
    }
    Matcher factors = FACTORS.matcher(text);
    if (factors.matches()) {
      int height = number(factors, 2, 0);
      return enlarging(factors.group(1), height, number(factors, 3, height));
    }
    Matcher reshape = RESHAPE.matcher(text);
    if (reshape.matches()) {
      return new ReshapeLayer(
          new Shape(number(reshape, 2, 0), number(reshape, 3, 0), number(reshape, 1, 0)));
    }
    Matcher named = NAMED.matcher(text);
    if (named.matches()) {
      throw new IllegalArgumentException(
          named.group(1)
              + ": expected "
              + FORMS.getOrDefault(named.group(1), "a factor as in " + named.group(1) + ":2")
              + ", given \""
              + text
              + "\"");
    }
    return null;
  }

  private static Layer enlarging(String name, int height, int width) {
    return switch (name) {
      case UpsampleLayer.NEAREST -> new UpsampleLayer(height, width, false);
      case UpsampleLayer.BILINEAR -> new UpsampleLayer(height, width, true);
      case PixelShuffleLayer.SHUFFLE -> new PixelShuffleLayer(height, width, false);
      default -> new PixelShuffleLayer(height, width, true);
    };
  }

  private static Layer conv(Matcher text, Activation activation) {
    boolean transposed = text.group(1).equals(ConvLayer.TRANSPOSED);
    boolean series = text.group(2) != null;
    boolean head = text.group(3).equals("out");
    int channels = head ? ConvLayer.OUT : number(text, 3, 0);
    if (!head && channels == 0) {
      throw new IllegalArgumentException(
          text.group(1) + ": channels: expected 1 or more, or out for the head of a net, given 0");
    }
    int[] kernel = pair(text, 4, new int[] {0, 0}, series);
    int[] stride = pair(text, 6, new int[] {1, 1}, series);
    int[] dilation = pair(text, 12, new int[] {1, 1}, series);
    if (series) {
      kernel[0] = 1;
      stride[0] = 1;
      dilation[0] = 1;
    }
    int[] padding =
        pair(
            text,
            8,
            new int[] {
              padding(kernel[0], stride[0], dilation[0]), padding(kernel[1], stride[1], dilation[1])
            },
            series);
    int[] output =
        pair(
            text,
            10,
            new int[] {
              outputPadding(transposed, kernel[0], stride[0], padding[0], dilation[0]),
              outputPadding(transposed, kernel[1], stride[1], padding[1], dilation[1])
            },
            series);
    if (series) {
      padding[0] = 0;
      output[0] = 0;
    }
    Window window =
        new Window(
            kernel[0],
            kernel[1],
            stride[0],
            stride[1],
            padding[0],
            padding[1],
            dilation[0],
            dilation[1]);
    return new ConvLayer(
        channels,
        window,
        output[0],
        output[1],
        number(text, 14, 1),
        transposed,
        series,
        activation);
  }

  /** The padding with which the output has the size of the input divided by the stride. */
  private static int padding(int kernel, int stride, int dilation) {
    return Math.max(0, (dilation * (kernel - 1) + 2 - stride) / 2);
  }

  /** The output padding with which a transposed convolution multiplies the size by the stride. */
  private static int outputPadding(
      boolean transposed, int kernel, int stride, int padding, int dilation) {
    int missing = stride + 2 * padding - dilation * (kernel - 1) - 1;
    return transposed ? Math.max(0, Math.min(stride - 1, missing)) : 0;
  }

  private static int[] pair(Matcher text, int group, int[] without, boolean series) {
    if (text.group(group) == null) {
      return without;
    }
    int first = number(text, group, 0);
    if (series && text.group(group + 1) != null) {
      throw new IllegalArgumentException(
          text.group() + ": expected one size, that of a series, given two");
    }
    return new int[] {first, number(text, group + 1, first)};
  }

  private static int number(Matcher text, int group, int without) {
    return text.group(group) == null ? without : Integer.parseInt(text.group(group));
  }

  /** The text of a convolution, with its padding. */
  static String conv(ConvLayer layer) {
    // The one size of a series is the width.
    boolean series = layer.series();
    Window all = layer.window();
    Window window = series ? square(all) : all;
    String text =
        (layer.transposed() ? ConvLayer.TRANSPOSED : ConvLayer.NAME)
            + (series ? ConvLayer.SERIES : "")
            + ":"
            + (layer.isHead() ? "out" : Integer.toString(layer.channels()))
            + "x"
            + sizes(window);
    if (layer.transposed()) {
      int width = layer.outputPaddingWidth();
      text += "o" + pair(series ? width : layer.outputPaddingHeight(), width);
    }
    if (window.dilationHeight() != 1 || window.dilationWidth() != 1) {
      text += "d" + pair(window.dilationHeight(), window.dilationWidth());
    }
    return layer.groups() == 1 ? text : text + "g" + layer.groups();
  }

  private static Window square(Window window) {
    int kernel = window.kernelWidth();
    int stride = window.strideWidth();
    int padding = window.paddingWidth();
    int dilation = window.dilationWidth();
    return new Window(kernel, kernel, stride, stride, padding, padding, dilation, dilation);
  }

  /** The text of a window without dilation. */
  static String sizes(Window window) {
    return pair(window.kernelHeight(), window.kernelWidth())
        + "s"
        + pair(window.strideHeight(), window.strideWidth())
        + "p"
        + pair(window.paddingHeight(), window.paddingWidth());
  }

  static String factors(String name, int height, int width) {
    return name + ":" + pair(height, width);
  }

  static void checkFactors(String name, int height, int width) {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          name + ": expected factors of 1 or more, given " + pair(height, width));
    }
  }

  static void checkEpsilon(String name, float epsilon) {
    if (!(epsilon > 0) || Float.isInfinite(epsilon)) {
      throw new IllegalArgumentException(
          name + ": epsilon: expected a finite number above 0, given " + epsilon);
    }
  }

  private static String pair(int height, int width) {
    return height == width
        ? Integer.toString(height)
        : String.format(Locale.ROOT, "%dx%d", height, width);
  }

  /** The text of a layer, followed by its activation if it has one. */
  static String withActivation(Layer layer) {
    Activation activation = layer.activation();
    return activation == null ? layer.name() : layer.name() + "," + activation.id();
  }
}
