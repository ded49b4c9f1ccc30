// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Activation;
import io.github.vae4j.cli.run.FailureText;
import io.github.vae4j.cli.run.StopSignal;
import io.github.vae4j.likelihood.Likelihoods;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class MainTest {
  static Stream<String> commands() {
    try (StopSignal stop = new StopSignal()) {
      return List.copyOf(
          Main.commandLine(stop, new Errors(new SpareFiles())).getSubcommands().keySet())
          .stream();
    }
  }

  @Test
  void everyCommandOfTheContractIsThere() {
    assertEquals(
        List.of(
            "train",
            "schema",
            "evaluate",
            "sample",
            "fit-sampler",
            "reconstruct",
            "encode",
            "decode",
            "traverse",
            "interpolate",
            "score",
            "impute",
            "drift",
            "export",
            "inspect",
            "doctor",
            "bench"),
        commands().toList());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpHasExamplesThatParse(String name) {
    String help = Cli.ok(name, "--help").out();
    assertTrue(help.startsWith("Usage: ./vae4j " + name), help);
    List<String> examples =
        help.lines().filter(line -> line.startsWith("  ./vae4j ")).map(String::strip).toList();
    assertTrue(examples.size() >= 2 && examples.size() <= 4, help);
    for (String example : examples) {
      List<String> words = List.of(example.split(" +"));
      assertEquals(name, words.get(1), example);
      try (StopSignal stop = new StopSignal()) {
        Main.commandLine(stop, new Errors(new SpareFiles()))
            .parseArgs(words.subList(1, words.size()).toArray(String[]::new));
      }
    }
    assertTrue(help.lines().allMatch(line -> line.length() <= 100), help);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasJsonAndDebug(String name) {
    String help = Cli.ok(name, "--help").out();
    assertTrue(help.contains("--json") && help.contains("--debug"), help);
  }

  @Test
  void trainHelpComesFromTheRegistries() {
    String help = Cli.ok("train", "--help").out().replaceAll("\\s+", " ");
    Likelihoods.entries().forEach(e -> assertTrue(help.contains(e.name()), e.name()));
    Stream.of(Activation.values()).forEach(a -> assertTrue(help.contains(a.id()), a.id()));
  }

  @Test
  void rootHelpAndVersion() {
    String help = Cli.ok("--help").out();
    assertTrue(help.startsWith("Usage: ./vae4j "), help);
    commands().forEach(name -> assertTrue(help.contains("  " + name + " "), name));
    assertTrue(help.contains("Examples:"), help);
    assertTrue(Cli.ok("--version").out().startsWith("vae4j "));
  }

  @Test
  void wrongUsageIsTwoWithAHint() {
    Cli.fails(2, List.of("Missing command", "Try './vae4j --help' for help."));
    Cli.fails(2, List.of("'trian'", "Did you mean: vae4j train?"), "trian");
    Cli.fails(2, List.of("Did you mean: vae4j encode or vae4j decode"), "ecode");
    Cli.fails(2, List.of("'reconstr'", "Did you mean", "vae4j reconstruct"), "reconstr");
    Cli.fails(2, List.of("Unknown option", "--epochs", "./vae4j train --help"), "train", "--epoch");
    Cli.fails(2, List.of("Missing required option: '--out=DIR'"), "train", "--data", "mnist");
    Cli.fails(2, List.of("Missing required option: '--data=SPEC'"), "train", "--out", "x");
    Cli.fails(2, List.of("--model"), "evaluate");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--activation=rela|unknown activation \"rela\"; one of",
        "--likelihood=gauss|unknown likelihood \"gauss\"; one of",
        "--likelihood=gaussian:sigma=-1|sigma",
        "--initializer=zero|expected pytorch, glorot, he, given \"zero\"",
        "--binarize=yes|expected none, dynamic, fixed, given \"yes\"",
        "--backend=gpu|expected auto, reference, cpu, cuda, given \"gpu\"",
        "--precision=fp16|expected fp32, tf32, bf16, given \"fp16\"",
        "--optimizer=sgd|expected adam, adamw, given \"sgd\"",
        "--hidden=400,0|dense layer: expected 1 unit or more, given 0",
        "--hidden=400,,200|layer: expected a number of units",
        "--schedule=linear|expected constant, cosine, burda, step or step:EPOCHS:FACTOR",
        "--schedule=step:0:0.1|stepEpochs: expected 1 or more, given 0",
        "--schedule=step:3:2|factor: expected 0.0 to 1.0, given 2.0",
        "--epochs=0|epochs: expected 1 or more, given 0",
        "--epochs=ten|expected a whole number",
        "--batch=0|batch: expected 1 or more, given 0",
        "--shift=-1|shift: expected 0 or more, given -1",
        "--shift=2.5|expected a whole number",
        "--lr=-1|--lr: expected",
        "--lr=NaN|--lr: expected",
        "--samples=0|samples: expected 1 or more, given 0",
        "--beta=-1|beta",
        "--objective=vae|expected elbo, iwae or renyi:ALPHA as in renyi:0.5, given \"vae\"",
        "--objective=renyi:x|expected elbo, iwae or renyi:ALPHA",
        "--objective=iwae --gradient=analytic|gradient: expected sampled or",
        "--objective=renyi:0.5 --gradient=dreg|gradient: expected sampled",
        "--gradient=score|expected analytic, sampled or dreg, given \"score\"",
        "--groups=2|groups: expected 1, as the samples of an ELBO are averaged anyway, given 2",
        "--objective=iwae --groups=0|groups: expected 1 or more, given 0",
        "--objective=iwae --free-bits=0.1|--free-bits: expected 0, as it needs the analytic KL",
        "--kl-warmup=cyclical:3|expected EPOCHS, sigmoid:EPOCHS or cyclical:EPOCHS:CYCLES",
        "--kl-warmup=-3|expected EPOCHS, sigmoid:EPOCHS or cyclical:EPOCHS:CYCLES",
        "--capacity=x|expected NATS or NATS:EPOCHS as in 25:50, given \"x\"",
        "--capacity=-1|nats: expected a number of 0.0 or more, given -1.0",
        "--capacity=9 --free-bits=1|--free-bits with --capacity: expected 0",
        "--config=nothing|expected burda or the vae.json of a run, given \"nothing\": no such file",
        "--config=burda --resume|leave --config out",
        "--ema=1.5|--ema: expected",
        "--patience=-1|patience",
        "--threads=-2|threads: expected 0 (the default) or more, given -2",
        "--validation=1.5|validation",
        "--test-data=mnist:test --validation=0.1|choose one",
        "--resume --overwrite|choose one",
        "--data=no.such|no.such"
      })
  void badValuesNameTheOptionAndWhatIsExpected(String options, String expected) {
    List<String> arguments = new ArrayList<>(List.of("train", "--out", "target/never-made"));
    if (!options.startsWith("--data")) {
      arguments.add("--data=mnist:test");
    }
    arguments.addAll(List.of(options.split(" +")));
    Cli.fails(2, List.of(expected), arguments.toArray(String[]::new));
    assertFalse(Files.exists(Path.of("target/never-made")));
  }

  @Test
  void debugPrintsTheStackTrace() {
    Cli answer = Cli.run("train", "--debug", "--epochs", "0", "--data", "mnist", "--out", "x");
    assertEquals(2, answer.code());
    assertTrue(answer.err().contains("\tat io.github.vae4j"), answer.err());
  }

  @Test
  void errorsAreExplained() {
    assertTrue(FailureText.of(new OutOfMemoryError("Java heap space")).contains("--batch"));
    assertEquals(
        "x.csv: there is no such file",
        FailureText.of(new UncheckedIOException(new NoSuchFileException("x.csv"))));
    assertEquals("why", FailureText.of(new VaeException("why")));
    assertEquals("IllegalStateException", FailureText.of(new IllegalStateException()));
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine(new StopSignal(), new Errors(new SpareFiles()))
            .setErr(new PrintWriter(err));
    new Errors(new SpareFiles()).fatal(new UnsatisfiedLinkError("libx"), command, new String[0]);
    assertEquals(
        "vae4j: error: UnsatisfiedLinkError: libx" + System.lineSeparator(), err.toString());
  }

  @Test
  void unexpectedErrorsPointToDebug() {
    try (StopSignal stop = new StopSignal()) {
      CommandLine line = Main.commandLine(stop, new Errors(new SpareFiles()));
      line.addSubcommand(new Broken());
      StringWriter err = new StringWriter();
      assertEquals(1, line.setErr(new PrintWriter(err)).execute("broken"));
      assertTrue(err.toString().contains("IllegalStateException: inside"), err.toString());
      assertTrue(err.toString().contains("--debug"), err.toString());
      assertFalse(err.toString().contains("\tat "), err.toString());
    }
  }

  @CommandLine.Command(name = "broken")
  private static final class Broken implements Runnable {
    @Override
    public void run() {
      throw new IllegalStateException("inside");
    }
  }
}
