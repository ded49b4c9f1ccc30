// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.data.ImageShape;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sizes of an image on the command line, channels first as in PyTorch.
 *
 * @param shape of the image
 */
public record ImageSizes(ImageShape shape) {
  private static final Pattern SIZES = Pattern.compile("(\\d{1,9})x(\\d{1,9})x(\\d{1,9})");

  /** Reads {@code 3x64x64}. */
  static ImageSizes parse(String text) {
    Matcher sizes = SIZES.matcher(text);
    if (!sizes.matches()) {
      throw new IllegalArgumentException(
          "expected channels, height and width as in 3x64x64, given \"" + text + "\"");
    }
    return new ImageSizes(
        new ImageShape(
            Integer.parseInt(sizes.group(3)),
            Integer.parseInt(sizes.group(2)),
            Integer.parseInt(sizes.group(1))));
  }
}
