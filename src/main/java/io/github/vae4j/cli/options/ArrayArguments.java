// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.data.ArrayOptions;
import io.github.vae4j.data.ArrayOptions.Bytes;
import io.github.vae4j.data.ArrayOptions.Layout;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.ImageShape;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of reading arrays, and of the shape of rows. They change those of a run. */
final class ArrayArguments {
  private static final Pattern NUMBERS = Pattern.compile(".*\\.[ct]sv(\\.gz)?");

  @Option(
      names = "--bytes",
      paramLabel = "HOW",
      description =
          "The unsigned bytes of an array are grey (divided by 255) or numbers (0 and 1, levels,"
              + " counts) (default: those of IDX are grey, those of NPY numbers if none is above"
              + " 15).")
  private @Nullable Bytes bytes;

  @Option(
      names = "--layout",
      paramLabel = "ORDER",
      description =
          "The order of an image's values: nhwc (channels last) or nchw (channels first) (default:"
              + " nchw if an array's second dimension is 3 and the others are larger).")
  private @Nullable Layout layout;

  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      description =
          "The rows of an array or a CSV are images or series: HxW, HxWxC (height, width, channels),"
              + " series:LENGTH or series:LENGTHxC, as in 28x28 or series:128x9.")
  private @Nullable RowShape shape;

  /** The shape of a row on the command line. */
  record RowShape(ImageShape image) {
    private static final Pattern TEXT =
        Pattern.compile("(series:)?([0-9]{1,9})(?:x([0-9]{1,9}))?(?:x([0-9]{1,9}))?");

    static RowShape parse(String text) {
      Matcher sizes = TEXT.matcher(text.toLowerCase(Locale.ROOT));
      if (sizes.matches()) {
        boolean series = sizes.group(1) != null;
        int first = Integer.parseInt(sizes.group(2));
        Integer second = sizes.group(3) == null ? null : Integer.valueOf(sizes.group(3));
        int third = sizes.group(4) == null ? 1 : Integer.parseInt(sizes.group(4));
        if (series && sizes.group(4) == null) {
          return new RowShape(ImageShape.series(first, second == null ? 1 : second));
        }
        if (!series && second != null) {
          return new RowShape(new ImageShape(/* width= */ second, /* height= */ first, third));
        }
      }
      throw new IllegalArgumentException(
          "expected height and width, as in 28x28, with channels, as in 28x28x3, or a series, as in"
              + " series:128 or series:128x9, given \""
              + text
              + "\"");
    }
  }

  /** The options of a run with the changes of the command line; null for the defaults. */
  @Nullable ArrayOptions over(@Nullable ArrayOptions of) {
    ArrayOptions base = of == null ? ArrayOptions.PLAIN : of;
    ArrayOptions options =
        new ArrayOptions(
            bytes == null ? base.bytes() : bytes, layout == null ? base.layout() : layout);
    return options.equals(ArrayOptions.PLAIN) ? null : options;
  }

  /** The shape of the rows of a run, if the command line has no other. */
  @Nullable ImageShape shapeOver(@Nullable ImageShape of) {
    return shape == null ? of : shape.image;
  }

  /** Whether an option was given. */
  boolean given() {
    return bytes != null || layout != null || shape != null;
  }

  /** Refuses options that a source does not use. */
  void requireArray(String spec) {
    if (!given() || DataSets.isArray(spec)) {
      return;
    }
    boolean table = NUMBERS.matcher(spec.toLowerCase(Locale.ROOT)).matches();
    if (bytes != null || (layout != null && shape == null)) {
      throw new IllegalArgumentException(
          "--bytes and --layout are for arrays (FILE.npy, FILE.npz, idx:FILE), and "
              + spec
              + " is none: leave them out"
              + (table && bytes == null ? ", or give --shape too" : ""));
    }
    if (!table) {
      throw new IllegalArgumentException(
          "--shape is for rows of numbers (FILE.npy, FILE.npz, idx:FILE, FILE.csv, FILE.tsv), and "
              + spec
              + " has none: leave it out");
    }
  }
}
