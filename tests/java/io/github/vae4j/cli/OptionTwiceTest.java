// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.cli.run.StopSignal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Each option of each command, given twice. */
class OptionTwiceTest {
  /** Values, one of which each option takes. */
  private static final List<String> VALUES =
      List.of(
          "2",
          "0.5",
          "relu",
          "bernoulli",
          "x.csv",
          "a",
          "labels",
          "fixed",
          "gmm",
          "full",
          "cpu",
          "fp32",
          "he",
          "mog:2",
          "elbo",
          "analytic",
          "adam",
          "cosine",
          "encoder",
          "onnx",
          "uint8");

  private static final CommandLine PROGRAM =
      Main.commandLine(new StopSignal(), new Errors(new SpareFiles()));

  @TestFactory
  List<DynamicTest> isRefused() {
    List<DynamicTest> tests = new ArrayList<>();
    PROGRAM
        .getSubcommands()
        .forEach(
            (name, command) -> {
              for (OptionSpec option : command.getCommandSpec().options()) {
                if (!option.usageHelp() && !Once.isOneOfSeveral(option)) {
                  String title = name + " " + option.longestName();
                  tests.add(DynamicTest.dynamicTest(title, () -> refused(name, option)));
                }
              }
            });
    assertTrue(tests.size() > 150, "commands have " + tests.size() + " options");
    return tests;
  }

  private static void refused(String command, OptionSpec option) {
    List<String> arguments = new ArrayList<>(List.of(command));
    for (OptionSpec required :
        Objects.requireNonNull(PROGRAM.getSubcommands().get(command))
            .getCommandSpec()
            .requiredArgs()
            .stream()
            .map(OptionSpec.class::cast)
            .toList()) {
      if (!required.longestName().equals(option.longestName())) {
        arguments.addAll(List.of(required.longestName(), value(command, required)));
      }
    }
    String[] once = {option.longestName()};
    if (option.arity().max() > 0) {
      once = new String[] {option.longestName(), value(command, option)};
    }
    // By each of its names.
    String[] twice = once.clone();
    twice[0] = option.shortestName();
    arguments.addAll(Arrays.asList(once));
    arguments.addAll(Arrays.asList(twice));
    Cli answer = Cli.run(arguments.toArray(String[]::new));
    assertEquals(2, answer.code(), answer.err());
    assertTrue(answer.err().contains("should be specified only once"), answer.err());
    assertTrue(answer.err().contains("option '" + option.longestName() + "'"), answer.err());
    assertEquals("", answer.out());
  }

  /** A value that the option takes. */
  private static String value(String command, OptionSpec option) {
    for (String value : VALUES) {
      try {
        PROGRAM.parseArgs(command, option.longestName(), value);
        return value;
      } catch (CommandLine.MissingParameterException e) {
        return value;
      } catch (CommandLine.ParameterException e) {
        assertTrue(e.getMessage() != null, value);
      }
    }
    return switch (option.longestName()) {
      case "--arch" -> "mlp";
      case "--config" -> "burda";
      case "--header" -> "auto";
      case "--bad-rows" -> "skip";
      case "--bytes" -> "grey";
      case "--layout" -> "nhwc";
      case "--shape" -> "4x4";
      case "--path" -> "linear";
      case "--fit" -> "pad";
      case "--channels" -> "3";
      case "--background" -> "white";
      case "--image" -> "1x4x4";
      default -> "none";
    };
  }

  @Test
  void anOptionOfAGroupDoesNotLoseTheOthers() {
    Cli.fails(
        2,
        List.of("option '--latent' (Z) should be specified only once"),
        "train",
        "--data=mnist",
        "--out=runs/x",
        "--latent=2",
        "--hidden=8",
        "--latent=3");
  }

  @Test
  void anOptionOfOneElementMayBeGivenSeveralTimes() {
    List<String> several =
        Objects.requireNonNull(PROGRAM.getSubcommands().get("train"))
            .getCommandSpec()
            .options()
            .stream()
            .filter(Once::isOneOfSeveral)
            .map(OptionSpec::longestName)
            .toList();
    assertEquals(List.of("--column", "--na"), several);
  }

  @Test
  void helpIsPrintedAllTheSame() {
    assertEquals(
        Cli.ok("train", "--help").out(), Cli.ok("train", "--epochs=1", "--epochs=2", "-h").out());
  }
}
