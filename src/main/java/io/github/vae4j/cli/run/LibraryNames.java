// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Puts the names of options in place of the library's names for the same settings, which its
 * messages have as {@code Class.setting}: a user of the library has no options, one of the commands
 * no classes.
 */
public final class LibraryNames {
  private static final Map<String, String> OPTIONS =
      Map.ofEntries(
          Map.entry("ArrayOptions.bytes", "--bytes"),
          Map.entry("ArrayOptions.layout", "--layout"),
          Map.entry("BackendOptions.kind", "--backend"),
          Map.entry("DataViews.shaped", "--shape"),
          Map.entry("Exports.InputType", "--input"),
          Map.entry("Exports.torch", "--format torch"),
          Map.entry("Numerals.decimal", "--decimal"),
          Map.entry("Numerals.percent", "--percent"),
          Map.entry("Numerals.thousands", "--thousands"),
          Map.entry("OpenOptions.missing", "--missing"),
          Map.entry("OpenRun.create(overwrite)", "--overwrite"),
          Map.entry("OpenRun.resume", "--resume"),
          Map.entry("PictureOptions.background", "--background"),
          Map.entry("PictureOptions.channels", "--channels"),
          Map.entry("PictureOptions.of", "--image-size"),
          Map.entry("Reading.missing", "--na"),
          Map.entry("RowEncoder.Absent.MISSING", "--missing"),
          Map.entry("SchemaRequest.kinds", "--column"),
          Map.entry("TableOptions.charset", "--encoding"),
          Map.entry("TableOptions.header", "--header"),
          Map.entry("TrainConfig.binarize", "--binarize"),
          Map.entry("VaeSpec.decoder", "--decoder"),
          Map.entry("Optimizer.clipNorm", "--clip-norm"),
          Map.entry("Optimizer.learningRate", "--lr"));

  private static final Pattern NAMES =
      Pattern.compile(
          OPTIONS.keySet().stream()
              .map(Pattern::quote)
              .collect(Collectors.joining("|", "(?<![\\w./])(?:", ")(?![\\w.]\\w)")));

  private LibraryNames() {}

  /**
   * A message for a user of the commands.
   *
   * @param message of the library
   * @return the message with options in place of settings
   */
  public static String options(String message) {
    return NAMES
        .matcher(message)
        .replaceAll(name -> Matcher.quoteReplacement(OPTIONS.getOrDefault(name.group(), "")));
  }
}
