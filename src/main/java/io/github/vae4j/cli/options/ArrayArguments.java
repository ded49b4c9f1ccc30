// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.data.ArrayOptions;
import io.github.vae4j.data.ArrayOptions.Bytes;
import io.github.vae4j.data.ArrayOptions.Layout;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of reading arrays. They change those of a run. */
final class ArrayArguments {
  private static final Pattern ARRAY = Pattern.compile("idx(-transposed)?:.*|.*\\.np[yz](:.*)?");

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
          "The dimensions of an array of pictures: nhwc (channels last) or nchw (channels first)"
              + " (default: nchw if the second is 3 and the others are larger).")
  private @Nullable Layout layout;

  /** The options of a run with the changes of the command line; null for the defaults. */
  @Nullable ArrayOptions over(@Nullable ArrayOptions of) {
    ArrayOptions base = of == null ? ArrayOptions.PLAIN : of;
    ArrayOptions options =
        new ArrayOptions(
            bytes == null ? base.bytes() : bytes, layout == null ? base.layout() : layout);
    return options.equals(ArrayOptions.PLAIN) ? null : options;
  }

  /** Whether an option was given. */
  boolean given() {
    return bytes != null || layout != null;
  }

  /** Refuses options that a source does not use. */
  void requireArray(String spec) {
    if (given() && !ARRAY.matcher(spec.toLowerCase(Locale.ROOT)).matches()) {
      throw new IllegalArgumentException(
          "--bytes and --layout are for arrays (FILE.npy, FILE.npz, idx:FILE), and "
              + spec
              + " is none: leave them out");
    }
  }
}
