// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.VaeException;
import io.github.vae4j.cli.options.CommonOptions;
import io.github.vae4j.cli.options.Sizes;
import io.github.vae4j.cli.run.FailureText;
import io.github.vae4j.cli.run.LibraryNames;
import io.github.vae4j.cli.run.Printable;
import io.github.vae4j.schema.CloseNames;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Prints an error on standard error and chooses the exit code: 2 for wrong usage of the command, 1
 * for a failure. A stack trace is printed only with {@code --debug}.
 */
final class Errors implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final SpareFiles spare;

  /**
   * A printer of errors.
   *
   * @param spare given back before a failure is printed
   */
  Errors(SpareFiles spare) {
    this.spare = spare;
  }

  @Override
  public int handleParseException(ParameterException thrown, String[] arguments) {
    CommandLine command = thrown.getCommandLine();
    PrintWriter err = command.getErr();
    ParameterException e = firstError(thrown);
    say(err, String.valueOf(e.getMessage()));
    if (e instanceof UnmatchedArgumentException unmatched) {
      suggest(unmatched, command, err);
    }
    hint(command);
    if (debug(arguments)) {
      e.printStackTrace(err);
    }
    err.flush();
    return ExitCode.USAGE;
  }

  private static void suggest(
      UnmatchedArgumentException unmatched, CommandLine command, PrintWriter err) {
    String given = unmatched.getUnmatched().get(0);
    List<String> close = CloseNames.of(given, command.getSubcommands().keySet());
    if (close.isEmpty()) {
      unmatched.printSuggestions(err);
    } else {
      String program = command.getCommandName();
      err.println(
          "Did you mean: " + program + " " + String.join(" or " + program + " ", close) + "?");
    }
  }

  /** A misspelt option is reported before a missing one, because both may be the same option. */
  private static ParameterException firstError(ParameterException thrown) {
    CommandLine command = thrown.getCommandLine();
    List<String> unmatched = command.getUnmatchedArguments();
    return thrown instanceof MissingParameterException && !unmatched.isEmpty()
        ? new UnmatchedArgumentException(command, unmatched)
        : thrown;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    String remedy = spare.giveBack();
    PrintWriter err = command.getErr();
    String size = Sizes.text(e, command.getParseResult());
    boolean usage = e instanceof IllegalArgumentException || size != null;
    String text = size == null ? FailureText.of(e) : size;
    say(err, (usage ? OptionNames.in(text, command) : text) + remedy);
    if (usage) {
      hint(command);
    }
    if (command.getParseResult().hasMatchedOption(CommonOptions.DEBUG)) {
      e.printStackTrace(err);
    } else if (!usage && !(e instanceof VaeException)) {
      err.println("Run again with --debug to see where it happened.");
    }
    err.flush();
    return usage ? ExitCode.USAGE : ExitCode.SOFTWARE;
  }

  /** Prints errors that picocli does not catch: out of memory, a library that does not load. */
  void fatal(Error e, CommandLine command, String[] arguments) {
    String remedy = spare.giveBack();
    PrintWriter err = command.getErr();
    ParseResult parsed = command.getParseResult();
    String size = Sizes.text(e, parsed == null ? null : parsed.subcommand());
    say(err, (size == null ? FailureText.of(e) : size) + remedy);
    if (debug(arguments)) {
      e.printStackTrace(err);
    }
  }

  private static boolean debug(String[] arguments) {
    return Arrays.asList(arguments).contains(CommonOptions.DEBUG);
  }

  static void say(PrintWriter err, String message) {
    err.println("vae4j: error: " + Printable.line(LibraryNames.options(message)));
  }

  private static void hint(CommandLine command) {
    command
        .getErr()
        .println("Try './" + command.getCommandSpec().qualifiedName() + " --help' for help.");
  }
}
