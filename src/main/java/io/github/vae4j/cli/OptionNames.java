// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Puts the option's name in place of the setting's in a message of the library: {@code
 * learningRate: expected ...} becomes {@code --lr: expected ...}.
 */
final class OptionNames {
  /** The settings whose option has another name than they in lower case with hyphens. */
  private static final Map<String, String> OTHERS =
      Map.of(
          "learningRate", "--lr",
          "warmupSteps", "--lr-warmup",
          "emaDecay", "--ema",
          "totalCorrelation", "--tc",
          "validationFraction", "--validation",
          "encoder", "--hidden");

  /** One setting, or two that exclude each other, before the first colon. */
  private static final Pattern SETTINGS =
      Pattern.compile("^(?:model: )?([a-zA-Z]+)(?: with ([a-zA-Z]+))?(?=: )");

  private static final Pattern HUMP = Pattern.compile("[A-Z]");

  private OptionNames() {}

  /** The message as it is where the command has no such option. */
  static String in(String message, CommandSpec command) {
    Matcher settings = SETTINGS.matcher(message);
    if (!settings.find()) {
      return message;
    }
    String first = option(settings.group(1));
    String second = settings.group(2) == null ? first : option(settings.group(2));
    if (command.findOption(first) == null || command.findOption(second) == null) {
      return message;
    }
    String names = first.equals(second) ? first : first + " with " + second;
    return names + message.substring(settings.end());
  }

  private static String option(String setting) {
    String other = OTHERS.get(setting);
    return other != null ? other : "--" + HUMP.matcher(setting).replaceAll(OptionNames::hyphenated);
  }

  private static String hyphenated(MatchResult hump) {
    return "-" + hump.group().toLowerCase(Locale.ROOT);
  }
}
