package io.github.vae4j.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every command takes. */
final class CommonOptions {
  static final String DEBUG = "--debug";

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--json",
      description = "Print the result as JSON, one object a line, and nothing else.")
  private boolean json;

  @Option(names = DEBUG, description = "Print the stack trace of an error.")
  @SuppressWarnings("UnusedVariable") // Read from the parse result, where the error is handled.
  private boolean debug;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  @SuppressWarnings("UnusedVariable") // Read by picocli.
  private boolean help;

  private CommandLine commandLine() {
    if (command == null) {
      throw new IllegalStateException("not part of a command");
    }
    return command.commandLine();
  }

  Report report() {
    CommandLine commandLine = commandLine();
    return new Report(commandLine.getOut(), commandLine.getErr(), json);
  }

  /** An error in how the command was called. */
  ParameterException usage(String message) {
    return new ParameterException(commandLine(), message);
  }
}
