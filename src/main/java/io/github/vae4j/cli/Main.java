// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.cli.options.Converters;
import io.github.vae4j.cli.run.StandardOutput;
import io.github.vae4j.cli.run.StopSignal;
import io.github.vae4j.files.Reasons;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
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
    try {
      System.exit(runInProcess(arguments));
    } catch (LinkageError e) {
      // Also the classes that print a message may not load.
      System.err.println(
          "vae4j: error: a part of vae4j does not load ("
              + e
              + "): a jar is damaged or missing, or this process may open too few files (ulimit -n"
              + " 1024 gives it more)");
      System.exit(ExitCode.SOFTWARE);
    }
  }

  private static int runInProcess(String[] arguments) {
    configure();
    StandardOutput out = StandardOutput.ofProcess();
    PrintWriter err = new PrintWriter(System.err, false, StandardOutput.charset("stderr.encoding"));
    int code = run(arguments, out.writer(), err);
    if (code == ExitCode.OK) {
      code = written(out, err, arguments);
    }
    err.flush();
    return code;
  }

  /** The exit code of a command that succeeded, if its output arrived. */
  private static int written(StandardOutput out, PrintWriter err, String[] arguments) {
    IOException failure = out.failure();
    if (failure != null) {
      Errors.say(err, "standard output cannot be written: " + Reasons.of(failure));
      return ExitCode.SOFTWARE;
    }
    List<String> words = List.of(arguments);
    boolean trained =
        words.indexOf(TrainCommand.NAME) == 0 && !words.contains("-h") && !words.contains("--help");
    return out.closedPipe() && !trained ? StandardOutput.CLOSED_PIPE : ExitCode.OK;
  }

  /**
   * Runs a command in this JVM.
   *
   * @param arguments the command line
   * @param out receives results
   * @param err receives errors and remarks
   * @return the exit code: 0 for success, 1 for failure, 2 for wrong usage, 130 for an interrupted
   *     run
   */
  public static int run(String[] arguments, PrintWriter out, PrintWriter err) {
    try (StopSignal stop = new StopSignal();
        SpareFiles spare = new SpareFiles()) {
      String tooFew = spare.take();
      if (tooFew != null) {
        Errors.say(err, tooFew);
        err.flush();
        return ExitCode.SOFTWARE;
      }
      Errors errors = new Errors(spare);
      CommandLine command = commandLine(stop, errors).setOut(out).setErr(err);
      try {
        return command.execute(arguments);
      } catch (VirtualMachineError | LinkageError e) {
        errors.fatal(e, command, arguments);
        return ExitCode.SOFTWARE;
      } finally {
        out.flush();
        err.flush();
      }
    }
  }

  static CommandLine commandLine(StopSignal stop, Errors errors) {
    CommandLine command = new CommandLine(new Main());
    for (Object subcommand : Commands.all(stop)) {
      command.addSubcommand(subcommand);
    }
    for (CommandLine subcommand : command.getSubcommands().values()) {
      subcommand.getCommandSpec().usageMessage().sortOptions(false).synopsisHeading("Usage: ./");
    }
    Converters.register(command);
    return command
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(errors)
        .setExecutionStrategy(new Once())
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
   * Sets up plain log lines on standard error, a Java without a display, and numbers that are the
   * same in every locale. To be called before the first logger is created.
   */
  static void configure() {
    Locale.setDefault(Locale.ROOT);
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
