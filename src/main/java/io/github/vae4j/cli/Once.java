// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import java.util.HashSet;
import java.util.Set;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/**
 * Refuses an option that is given twice. picocli does so for most options, but begins a second
 * group for an option of a group, which loses the first group's options, and joins lists. An option
 * with one element of a list at a time, as {@code --column NAME=KIND}, may be given several times.
 */
final class Once implements IExecutionStrategy {
  @Override
  public int execute(ParseResult result) {
    for (ParseResult parsed = result; parsed != null; parsed = parsed.subcommand()) {
      if (parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested()) {
        break;
      }
      Set<ArgSpec> seen = new HashSet<>();
      for (OptionSpec option : parsed.matchedOptions()) {
        if (!seen.add(option) && !isOneOfSeveral(option)) {
          String value = option.arity().max() == 0 ? "" : " (" + option.paramLabel() + ")";
          throw new ParameterException(
              parsed.commandSpec().commandLine(),
              "option '" + option.longestName() + "'" + value + " should be specified only once");
        }
      }
    }
    return new RunLast().execute(result);
  }

  static boolean isOneOfSeveral(OptionSpec option) {
    return option.isMultiValue() && option.splitRegex().isEmpty();
  }
}
