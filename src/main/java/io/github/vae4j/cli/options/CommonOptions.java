// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.cli.run.Report;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command. */
public final class CommonOptions {
  /** The option that prints stack traces. */
  public static final String DEBUG = "--debug";

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

  /**
   * The report of the command.
   *
   * @return the report
   */
  public Report report() {
    CommandLine commandLine = commandLine();
    return new Report(commandLine.getOut(), commandLine.getErr(), json);
  }

  /**
   * An error in the usage of the command.
   *
   * @param message the error
   * @return to be thrown
   */
  public ParameterException usage(String message) {
    return new ParameterException(commandLine(), message);
  }
}
