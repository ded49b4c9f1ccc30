// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.cli.run.StopSignal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Each option of each command that takes a number, with numbers out of its range. */
final class NumericOptionsTest {
  private static final Set<Class<?>> REALS =
      Set.of(float.class, Float.class, double.class, Double.class);

  private static final Set<Class<?>> NUMBERS =
      Stream.concat(REALS.stream(), Stream.of(int.class, Integer.class, long.class, Long.class))
          .collect(Collectors.toUnmodifiableSet());

  private static final CommandLine PROGRAM =
      Main.commandLine(new StopSignal(), new Errors(new SpareFiles()));

  @TempDir private static Path folder = Path.of("");

  private static Map<String, List<String>> commands = Map.of();

  @BeforeAll
  static void train() throws IOException {
    String data = Cli.imageRows(folder);
    String model = "--model=" + folder.resolve("run");
    Cli.ok("train", data, "--out=" + folder.resolve("run"), "--latent=3", "--hidden=4");
    String codes = folder.resolve("codes.csv").toString();
    Cli.ok("encode", data, model, "--out=" + codes);
    String rows = "--out=" + folder.resolve("rows.csv");
    String picture = "--out=" + folder.resolve("picture.png");
    commands =
        Map.ofEntries(
            Map.entry("train", List.of(data, "--out=" + folder.resolve("new"))),
            Map.entry("evaluate", List.of(data, model, "--gap", "--ais=1")),
            Map.entry("sample", List.of(model, picture)),
            Map.entry("fit-sampler", List.of(data, model, "--sampler=gmm")),
            Map.entry("reconstruct", List.of(data, model, picture)),
            Map.entry("encode", List.of(data, model, rows, "--optimize")),
            Map.entry("decode", List.of("--data=" + codes, model, picture)),
            Map.entry("traverse", List.of(data, model, picture)),
            Map.entry("interpolate", List.of(data, model, picture, "--rows=0,1")),
            Map.entry("score", List.of(data, model, "--regret")),
            Map.entry("drift", List.of(data, model)),
            Map.entry("impute", List.of(data, model, rows)),
            Map.entry("inspect", List.of(model)),
            Map.entry("doctor", List.of()),
            Map.entry("bench", List.of()));
  }

  @TestFactory
  Stream<DynamicTest> aNumberOutOfRangeNamesTheOption() {
    return PROGRAM.getSubcommands().entrySet().stream()
        .flatMap(
            command ->
                command.getValue().getCommandSpec().options().stream()
                    .filter(option -> NUMBERS.contains(option.type()))
                    .filter(option -> !option.longestName().equals("--seed"))
                    .map(option -> outOfRange(command.getKey(), option)));
  }

  private static DynamicTest outOfRange(String command, OptionSpec option) {
    List<String> values =
        REALS.contains(option.type()) ? List.of("-1", "NaN", "Infinity") : List.of("-1");
    return DynamicTest.dynamicTest(
        command + " " + option.longestName(),
        () -> values.forEach(value -> refused(command, option, value)));
  }

  private static void refused(String command, OptionSpec option, String value) {
    String name = option.longestName();
    List<String> arguments = new ArrayList<>(List.of(command));
    for (String argument : Objects.requireNonNull(commands.get(command))) {
      if (!argument.startsWith(name + "=")) {
        arguments.add(argument);
      }
    }
    arguments.addAll(List.of(name, value));
    Cli answer = Cli.run(arguments.toArray(String[]::new));
    assertEquals(2, answer.code(), answer.err());
    assertTrue(
        Arrays.stream(option.names()).anyMatch(each -> answer.err().contains(each + ": ")),
        answer.err());
    assertEquals("", answer.out());
  }
}
