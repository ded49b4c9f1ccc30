// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.data.PictureOptions;
import io.github.vae4j.data.PictureOptions.Fit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of reading a folder of pictures. They change those of a run. */
final class PictureArguments {
  private static final Map<String, String> COLOURS = Map.of("black", "000000", "white", "ffffff");

  @Option(
      names = "--image-size",
      paramLabel = "SIZE",
      description =
          "Scale the pictures of a folder to WIDTHxHEIGHT, as in 64x48, or to a square, as in 64;"
              + " the width comes first here, in the sizes of layers and arrays the height (default:"
              + " they must have one size).")
  private @Nullable Size size;

  @Option(
      names = "--fit",
      paramLabel = "HOW",
      description =
          "How a picture of another aspect gets --image-size: crop (its middle), pad (bars of 0) or"
              + " stretch (default crop).")
  private @Nullable Fit fit;

  @Option(
      names = "--channels",
      paramLabel = "1|3",
      description =
          "Read the pictures of a folder as grey (1) or in colour (3) (default: in colour if any"
              + " picture has colour).")
  private @Nullable Channels channels;

  @Option(
      names = "--background",
      paramLabel = "COLOUR",
      description =
          "The colour behind transparent pixels: black, white, or red, green and blue as six"
              + " hexadecimal digits (default black).")
  private @Nullable Background background;

  /** A width and a height. */
  record Size(int width, int height) {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,5})(?:x([0-9]{1,5}))?");

    static Size parse(String text) {
      Matcher sizes = TEXT.matcher(text);
      if (sizes.matches()) {
        int width = Integer.parseInt(sizes.group(1));
        int height = sizes.group(2) == null ? width : Integer.parseInt(sizes.group(2));
        if (width > 0 && height > 0) {
          return new Size(width, height);
        }
      }
      throw new IllegalArgumentException(
          "expected a side, as in 64, or width and height, as in 64x48, given \"" + text + "\"");
    }
  }

  /** 1 for grey, 3 for red, green and blue. */
  record Channels(int count) {
    static Channels parse(String text) {
      if (!text.equals("1") && !text.equals("3")) {
        throw new IllegalArgumentException(
            "expected 1 (grey) or 3 (colour), given \"" + text + "\"");
      }
      return new Channels(Integer.parseInt(text));
    }
  }

  /** A colour of six hexadecimal digits. */
  record Background(String digits) {
    static Background parse(String text) {
      String digits = COLOURS.getOrDefault(text, text.startsWith("#") ? text.substring(1) : text);
      if (!digits.matches("[0-9a-fA-F]{6}")) {
        throw new IllegalArgumentException(
            "expected black, white, or six hexadecimal digits, as in ffffff, given \""
                + text
                + '"');
      }
      return new Background(digits);
    }
  }

  /** The options of a run with the changes of the command line; null for the defaults. */
  @Nullable PictureOptions over(@Nullable PictureOptions of) {
    PictureOptions base = of == null ? PictureOptions.PLAIN : of;
    Integer width = size == null ? base.width() : Integer.valueOf(size.width);
    if (fit != null && width == null) {
      throw new IllegalArgumentException("--fit: says how pictures get --image-size: give it too");
    }
    PictureOptions options =
        new PictureOptions(
            width,
            size == null ? base.height() : Integer.valueOf(size.height),
            fit == null ? base.fit() : fit,
            channels == null ? base.channels() : Integer.valueOf(channels.count),
            background == null ? base.background() : background.digits);
    return options.equals(PictureOptions.PLAIN) ? null : options;
  }

  /** Whether an option was given. */
  boolean given() {
    return size != null || fit != null || channels != null || background != null;
  }

  /** Refuses options that a source does not use. */
  void requireFolder(String spec) {
    if (given() && !spec.endsWith("/") && !Files.isDirectory(Path.of(spec))) {
      throw new IllegalArgumentException(
          "--image-size, --fit, --channels and --background are for a folder of pictures, and "
              + spec
              + " is none: leave them out");
    }
  }
}
