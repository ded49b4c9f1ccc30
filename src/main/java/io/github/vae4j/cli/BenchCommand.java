// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.bench.OpTime;
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
      "  ./vae4j bench --arch conv64 --image 3x64x64 --batch 64 --steps 64 --ops",
      "  ./vae4j bench --batch 1024 --precision bf16 --json"
    })
final class BenchCommand implements Runnable {
  private static final int FEATURES = 784;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelOptions model = new ModelOptions();

  @Option(names = "--features", paramLabel = "D", description = "Values in a row (default 784).")
  private @Nullable Integer features;

  @Option(
      names = "--image",
      paramLabel = "CxHxW",
      description =
          "Rows are images of these channels, height and width, as in 3x64x64, in place of"
              + " --features (default: rows of --features values).")
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

  @Option(
      names = "--ops",
      description =
          "Also time each op of a step, run alone; together they take longer than a step where the"
              + " backend fuses ops.")
  private boolean ops;

  @Mixin private BackendArguments backend = new BackendArguments();

  @Override
  public void run() {
    requirePositive("--steps", steps);
    requirePositive("--rounds", rounds);
    requirePositive("--product", product);
    VaeSpec spec = model.over(rows());
    Objective trained = objective.over(Objective.elbo());
    TrainConfig config = TrainConfig.builder().batch(batch).objective(trained).build();
    int samples = trained.bound().rowSamples();
    Report report = common.report();
    String where;
    StepBenchmark.Result result;
    List<String> choices = new ArrayList<>();
    try (Backend opened = Backends.open(backend.options())) {
      where = opened.name() + " (" + opened.description() + ")";
      result = StepBenchmark.run(opened, spec, config, steps, rounds, product, ops);
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
    double whole = result.ops().stream().mapToDouble(OpTime::microseconds).sum();
    result.ops().forEach(op -> report.line(line(op, whole)));
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
            .put("products", choices)
            .putAll("ops", result.ops().stream().map(BenchCommand::object).toList()));
  }

  private static JsonLine object(OpTime op) {
    return new JsonLine().put("op", op.op()).put("shapes", op.shapes()).putAll(op);
  }

  private static String line(OpTime op, double whole) {
    return String.format(
        Locale.ROOT,
        "op        %10s us %5s%% %14s  %s %s",
        Numbers.fixed(op.microseconds(), 1),
        Numbers.fixed(100 * op.microseconds() / whole, 1),
        op.gflops() == 0 ? "" : Numbers.rate(op.gflops()) + " GFLOP/s",
        op.op(),
        op.shapes());
  }

  /** A model of the rows, which the options of the model change. */
  private VaeSpec rows() {
    if (image != null && features != null) {
      throw new IllegalArgumentException(
          "--features: expected without --image, which has the values of a row, given with it");
    }
    if (image != null) {
      ImageShape shape = image.shape();
      return VaeSpec.builder(shape.features()).image(shape).build();
    }
    if (model.needsImages()) {
      throw new IllegalArgumentException(
          "--image: expected for layers of images, given none; give channels, height and width, as"
              + " in --image 3x64x64");
    }
    int values = features == null ? FEATURES : features;
    requirePositive("--features", values);
    return VaeSpec.builder(values).build();
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": expected 1 or more, given " + value);
    }
  }
}
