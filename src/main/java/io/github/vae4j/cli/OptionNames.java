// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/**
 * Puts the option's name in place of the setting's in a message of the library: {@code
 * learningRate: expected ...} becomes {@code --lr: expected ...}. The layers of a net come from one
 * of several options; their messages get the one that the user gave.
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
          "architecture", "--arch");

  /** The options that give a net, the first that a user may have given first. */
  private static final Map<String, List<String>> NETS =
      Map.of(
          "encoder", List.of("--encoder", "--hidden", "--arch", "--config"),
          "decoder", List.of("--decoder", "--encoder", "--hidden", "--arch", "--config"));

  /** One setting, or two that exclude each other, before the first colon. */
  private static final Pattern SETTINGS =
      Pattern.compile("^(?:model: )?([a-zA-Z]+)(?: with ([a-zA-Z]+))?(?=: )");

  /** A net, or one of its layers, before the first colon. */
  private static final Pattern NET =
      Pattern.compile("^(?:model: )?((encoder|decoder)(?:\\.\\d+)?): ");

  private static final Pattern HUMP = Pattern.compile("[A-Z]");

  private OptionNames() {}

  /** The message as it is where the command has no such option. */
  static String in(String message, CommandLine command) {
    Matcher net = NET.matcher(message);
    if (net.find()) {
      return ofNet(message, net, command);
    }
    Matcher settings = SETTINGS.matcher(message);
    if (!settings.find()) {
      return message;
    }
    String first = option(settings.group(1));
    String second = settings.group(2) == null ? first : option(settings.group(2));
    if (!has(command, first) || !has(command, second)) {
      return message;
    }
    String names = first.equals(second) ? first : first + " with " + second;
    return names + message.substring(settings.end());
  }

  /** The option takes the place of the net's name where it gives this net alone. */
  private static String ofNet(String message, Matcher net, CommandLine command) {
    for (String option : NETS.getOrDefault(net.group(2), List.of())) {
      if (command.getParseResult().hasMatchedOption(option)) {
        boolean hidden = option.equals("--hidden") && net.group(1).equals("encoder");
        boolean same = hidden || option.equals("--" + net.group(1));
        return option + ": " + message.substring(same ? net.end() : net.start(1));
      }
    }
    return message;
  }

  private static boolean has(CommandLine command, String option) {
    return command.getCommandSpec().findOption(option) != null;
  }

  private static String option(String setting) {
    String other = OTHERS.get(setting);
    return other != null ? other : "--" + HUMP.matcher(setting).replaceAll(OptionNames::hyphenated);
  }

  private static String hyphenated(MatchResult hump) {
    return "-" + hump.group().toLowerCase(Locale.ROOT);
  }
}
