// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.checkpoint.DataSource;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.checkpoint.RowReading;
import io.github.vae4j.checkpoint.RunFile;
import io.github.vae4j.cli.options.CommonOptions;
import io.github.vae4j.cli.options.ModelSource;
import io.github.vae4j.cli.run.JsonLine;
import io.github.vae4j.cli.run.ModelText;
import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.StepMemory;
import io.github.vae4j.train.TrainConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vae4j inspect}. */
@Command(
    name = "inspect",
    description = "Prints a model's layers and parameters, the memory that training takes, files.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./vae4j inspect --model runs/mnist",
      "  ./vae4j inspect --model runs/mnist --batch 1024 --json"
    })
final class InspectCommand implements Runnable {
  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The folder of a run, or a model.safetensors file.")
  private Path path = Path.of("");

  @Option(
      names = "--batch",
      paramLabel = "ROWS",
      description = "For the memory of a training step (default: the run's, or 128).")
  private @Nullable Integer batch;

  @Override
  public void run() {
    VaeSpec model = ModelFile.load(path).spec();
    RunFile run = ModelSource.runOf(path);
    TrainConfig training = training(run);
    DataSource data = run == null ? null : run.data();
    RowReading reading = data == null ? RowReading.PLAIN : data.readingOrPlain();
    StepMemory memory = StepMemory.of(model, training, reading.hasMissing(), reading.hasWeights());
    Report report = common.report();
    print(report, model, run, training, memory);
    report.object(json(model, run, training, memory));
  }

  private TrainConfig training(@Nullable RunFile run) {
    TrainConfig saved = run == null ? null : run.training();
    TrainConfig training = saved == null ? TrainConfig.defaults() : saved;
    return batch == null ? training : training.toBuilder().batch(batch).build();
  }

  private void print(
      Report report,
      VaeSpec model,
      @Nullable RunFile run,
      TrainConfig training,
      StepMemory memory) {
    report.line("model   " + ModelText.describe(model));
    ModelText.names(model.names()).forEach(report::line);
    if (run != null && run.training() != null) {
      report.line("train   " + ModelText.training(run.training()));
    }
    if (run != null && run.data() != null) {
      report.line("data    " + data(run.data()));
    }
    report.line("");
    new LayerTable(new ParameterLayout(model)).lines().forEach(report::line);
    report.line("");
    report.line(
        String.format(
            Locale.ROOT,
            "a training step of %s holds about %s: %s of parameters, %s of activations",
            Numbers.plural(training.batch(), "row"),
            Numbers.bytes(memory.total()),
            Numbers.bytes(memory.parameters()),
            Numbers.bytes(memory.activations())));
    report.line("");
    for (Path file : files()) {
      report.line(String.format(Locale.ROOT, "%12s  %s", Numbers.bytes(size(file)), file));
    }
  }

  private JsonLine json(
      VaeSpec model, @Nullable RunFile run, TrainConfig training, StepMemory memory) {
    ParameterLayout layout = new ParameterLayout(model);
    JsonLine files = new JsonLine();
    files().forEach(file -> files.put(String.valueOf(file.getFileName()), size(file)));
    JsonLine json =
        new JsonLine()
            .put("model", path.toString())
            .put("features", model.features())
            .put("latent", model.latent())
            .put("likelihood", model.likelihood().toString())
            .put("condition", model.condition() == null ? null : ModelText.condition(model))
            .put("parameters", layout.parameters())
            .putAll("layers", new LayerTable(layout).json())
            .put("shared", model.likelihood().shared(model.features()))
            .put("batch", training.batch())
            .put("step_parameter_bytes", memory.parameters())
            .put("step_activation_bytes", memory.activations())
            .put("files", files);
    putNames(json, "columns", model.names().columns());
    putNames(json, "classes", model.names().classes());
    if (run != null && run.data() != null) {
      json.put("data", run.data().train()).put("test_data", run.data().test());
    }
    return json;
  }

  private static void putNames(JsonLine json, String key, @Nullable List<String> names) {
    if (names != null) {
      json.put(key, names);
    }
  }

  private static String data(DataSource source) {
    if (source.test() != null) {
      return source.train() + "; test: " + source.test();
    }
    return source.validationFraction() > 0
        ? source.train() + ", of which " + source.validationFraction() + " held out"
        : source.train() + "; no test data";
  }

  private List<Path> files() {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
