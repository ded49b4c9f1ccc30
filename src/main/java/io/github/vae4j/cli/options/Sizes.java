// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.cli.run.FailureText;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.tensor.SizeException;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Errors of sizes that are too large: which options gave a size, and the remedy. */
public final class Sizes {
  /** Sizes below it are not worth a hint. */
  private static final double LARGE = 1000;

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  /** The types of options that say how many there are of something. */
  private static final Set<Class<?>> TYPES =
      Set.of(
          int.class,
          Integer.class,
          HiddenLayers.class,
          ImageSizes.class,
          PictureArguments.Size.class,
          LayerSizes.class,
          Posterior.class,
          Prior.class);

  private Sizes() {}

  /**
   * The text of an error.
   *
   * @param e the error
   * @param parsed the command line; null if it is not known
   * @return null if the error is not that of a size
   */
  public static @Nullable String text(Throwable e, @Nullable ParseResult parsed) {
    String lower = lower(parsed);
    if (e instanceof OutOfMemoryError) {
      return lower.isEmpty() ? FailureText.of(e) : FailureText.outOfMemory(e, lower);
    }
    if (e instanceof SizeException) {
      return e.getMessage() + (lower.isEmpty() ? "" : "; " + lower);
    }
    if (e instanceof ArithmeticException || e instanceof NegativeArraySizeException) {
      String message = String.valueOf(e.getMessage());
      String reason =
          message.contains(" with this tensor ")
              ? message
              : "a table has more numbers than an array can hold (2^31)";
      return reason + (lower.isEmpty() ? "" : "; " + lower);
    }
    return null;
  }

  /** For example "lower one of --latent 20000, --hidden 30000"; empty if no option is large. */
  private static String lower(@Nullable ParseResult parsed) {
    if (parsed == null) {
      return "";
    }
    List<String> large =
        parsed.matchedOptions().stream()
            .filter(option -> TYPES.contains(option.type()) && isLarge(option))
            .map(option -> option.names()[0] + " " + text(option))
            .toList();
    String all = large.stream().collect(Collectors.joining(", "));
    return all.isEmpty() ? "" : (large.size() == 1 ? "lower " : "lower one of ") + all;
  }

  private static boolean isLarge(OptionSpec option) {
    Matcher number = NUMBER.matcher(text(option));
    while (number.find()) {
      if (Double.parseDouble(number.group()) >= LARGE) {
        return true;
      }
    }
    return false;
  }

  private static String text(OptionSpec option) {
    return String.join(",", option.originalStringValues());
  }
}
