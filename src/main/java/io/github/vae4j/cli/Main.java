// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.cli.options.Converters;
import io.github.vae4j.cli.run.StopSignal;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code ./vae4j}. */
@Command(
    name = "vae4j",
    versionProvider = Main.Version.class,
    description = "Trains, evaluates and uses variational autoencoders.",
    synopsisHeading = "Usage: ./",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./vae4j train --data mnist --epochs 10 --out runs/mnist",
      "  ./vae4j sample --model runs/mnist -n 100 --out samples.png",
      "  ./vae4j train --help"
    })
public final class Main implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  @SuppressWarnings("UnusedVariable") // Read by picocli.
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version.")
  @SuppressWarnings("UnusedVariable") // Read by picocli.
  private boolean version;

  Main() {}

  /**
   * Runs a command and ends the JVM with its exit code.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    configure();
    PrintWriter out = new PrintWriter(System.out, false, Charset.defaultCharset());
    PrintWriter err = new PrintWriter(System.err, false, Charset.defaultCharset());
    int code = run(arguments, out, err);
    out.flush();
    err.flush();
    System.exit(code);
  }

  /**
   * Runs a command in this JVM.
   *
   * @param arguments the command line
   * @param out receives results
   * @param err receives errors and remarks
   * @return the exit code: 0 for success, 1 for failure, 2 for wrong usage
   */
  public static int run(String[] arguments, PrintWriter out, PrintWriter err) {
    try (StopSignal stop = new StopSignal()) {
      try {
        return commandLine(stop).setOut(out).setErr(err).execute(arguments);
      } catch (OutOfMemoryError | LinkageError e) {
        Errors.fatal(e, err, arguments);
        return ExitCode.SOFTWARE;
      } finally {
        out.flush();
        err.flush();
      }
    }
  }

  static CommandLine commandLine(StopSignal stop) {
    CommandLine command = new CommandLine(new Main());
    for (Object subcommand : Commands.all(stop)) {
      command.addSubcommand(subcommand);
    }
    for (CommandLine subcommand : command.getSubcommands().values()) {
      subcommand.getCommandSpec().usageMessage().sortOptions(false).synopsisHeading("Usage: ./");
    }
    Converters.register(command);
    Errors errors = new Errors();
    return command
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(errors)
        .setUsageHelpWidth(100)
        .setAbbreviatedOptionsAllowed(false);
  }

  /** The program was called without a command. */
  @Override
  public void run() {
    CommandSpec self = Objects.requireNonNull(spec);
    throw new ParameterException(self.commandLine(), "Missing command");
  }

  /**
   * Sets up plain log lines on standard error, and a Java without a display. To be called before
   * the first logger is created.
   */
  private static void configure() {
    standard("java.awt.headless", "true");
    standard("org.slf4j.simpleLogger.defaultLogLevel", "info");
    standard("org.slf4j.simpleLogger.showThreadName", "false");
    standard("org.slf4j.simpleLogger.showLogName", "false");
    standard("org.slf4j.simpleLogger.showShortLogName", "false");
  }

  private static void standard(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** The output of {@code --version}. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"vae4j " + (version == null ? "development" : version)};
    }
  }
}
