// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.bench.StepBenchmark;
import io.github.vae4j.cli.options.BackendArguments;
import io.github.vae4j.cli.options.CommonOptions;
import io.github.vae4j.cli.options.ImageSizes;
import io.github.vae4j.cli.options.ModelOptions;
import io.github.vae4j.cli.options.ObjectiveOptions;
import io.github.vae4j.cli.run.JsonLine;
import io.github.vae4j.cli.run.ModelText;
import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.Objective;
import io.github.vae4j.train.TrainConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vae4j bench}. */
@Command(
    name = "bench",
    description =
        "Measures training steps on made-up data: rows/s, GFLOP/s and percent of the rate of"
            + " a plain matrix product on the same backend in the same run.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./vae4j bench",
      "  ./vae4j bench --objective iwae --samples 50 --batch 20",
      "  ./vae4j bench --arch conv64 --image 3x64x64 --batch 64 --steps 64",
      "  ./vae4j bench --batch 1024 --precision bf16 --json"
    })
final class BenchCommand implements Runnable {
  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = "--features",
      paramLabel = "D",
      description = "Values in a row (default ${DEFAULT-VALUE}).")
  private int features = 784;

  @Option(
      names = "--image",
      paramLabel = "CxHxW",
      description =
          "Rows are images: channels, height and width, as in 3x64x64 (default: rows of"
              + " --features values).")
  private @Nullable ImageSizes image;

  @Option(
      names = "--batch",
      paramLabel = "ROWS",
      description = "Rows per step (default ${DEFAULT-VALUE}).")
  private int batch = 128;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of a round (default ${DEFAULT-VALUE}).")
  private int steps = 500;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds measured, of which the median counts (default ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(
      names = "--product",
      paramLabel = "N",
      description =
          "Rows and columns of the matrices whose product is the yardstick (default"
              + " ${DEFAULT-VALUE}).")
  private int product = 2048;

  @ArgGroup(validate = false, heading = "%nObjective:%n")
  private ObjectiveOptions objective = new ObjectiveOptions();

  @Option(
      names = "--products",
      description =
          "Also say how each matrix product is computed and how long it takes: algorithm, tile,"
              + " split-K (cuda).")
  private boolean products;

  @Mixin private BackendArguments backend = new BackendArguments();

  @Override
  public void run() {
    requirePositive("--steps", steps);
    requirePositive("--rounds", rounds);
    requirePositive("--features", features);
    requirePositive("--product", product);
    ImageShape shape = image == null ? null : image.shape();
    int values = shape == null ? features : shape.features();
    VaeSpec spec = model.over(VaeSpec.builder(values).image(shape).build());
    Objective trained = objective.over(Objective.elbo());
    TrainConfig config = TrainConfig.builder().batch(batch).objective(trained).build();
    int samples = trained.bound().rowSamples();
    Report report = common.report();
    String where;
    StepBenchmark.Result result;
    List<String> choices = new ArrayList<>();
    try (Backend opened = Backends.open(backend.options())) {
      where = opened.name() + " (" + opened.description() + ")";
      result = StepBenchmark.run(opened, spec, config, steps, rounds, product);
      if (products) {
        // The bytes of the algorithm are for cuBLASLt only.
        new TreeMap<>(opened.choices())
            .forEach((of, choice) -> choices.add(of + ": " + choice.replaceAll(" data=.*", "")));
      }
    }
    report.line("model     " + ModelText.sizes(spec) + ", " + spec.likelihood());
    report.line("step      batch " + batch + ", " + Numbers.plural(samples, "sample"));
    report.line("backend   " + where);
    report.line(
        String.format(
            Locale.ROOT,
            "time      %s us a step, of which the calls that submit it keep the host %s us",
            Numbers.fixed(result.microsecondsPerStep(), 1),
            Numbers.fixed(result.hostMicrosecondsPerStep(), 1)));
    report.line("rows/s    " + Numbers.rate(result.rowsPerSecond()));
    report.line(
        String.format(
            Locale.ROOT,
            "GFLOP/s   %s, %s%% of the %s of a matrix product",
            Numbers.rate(result.gflops()),
            Numbers.fixed(result.percentOfPeak(), 0),
            Numbers.rate(result.peakGflops())));
    choices.forEach(choice -> report.line("product   " + choice));
    report.object(
        new JsonLine()
            .put("model", ModelText.sizes(spec))
            .put("batch", batch)
            .put("samples", samples)
            .put("objective", trained.bound().kind().name().toLowerCase(Locale.ROOT))
            .put("backend", where)
            .put("step_us", result.microsecondsPerStep())
            .put("host_us_per_step", result.hostMicrosecondsPerStep())
            .put("rows_per_second", result.rowsPerSecond())
            .put("rounds", result.rounds())
            .put("gflops", result.gflops())
            .put("peak_gflops", result.peakGflops())
            .put("percent_of_peak", result.percentOfPeak())
            .put("flop_per_row", result.flopPerRow())
            .put("products", choices));
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": expected 1 or more, given " + value);
    }
  }
}
