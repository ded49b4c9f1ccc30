// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.Vae;
import io.github.vae4j.cli.options.CommonOptions;
import io.github.vae4j.cli.options.DataOptions;
import io.github.vae4j.cli.options.InferenceOptions;
import io.github.vae4j.cli.options.ModelSource;
import io.github.vae4j.cli.options.SyntheticOptions;
import io.github.vae4j.cli.run.Collapse;
import io.github.vae4j.cli.run.JsonLine;
import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.infer.AmortizationGap;
import io.github.vae4j.infer.Calibration;
import io.github.vae4j.infer.Evaluation;
import io.github.vae4j.infer.InferenceConfig;
import io.github.vae4j.infer.InferenceConfig.Start;
import io.github.vae4j.infer.LogLikelihood;
import io.github.vae4j.infer.OptimizedCodes;
import io.github.vae4j.model.LatentUse;
import io.github.vae4j.table.PValueCheck;
import io.github.vae4j.table.SyntheticCheck;
import io.github.vae4j.tensor.Arena;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vae4j evaluate}. */
@Command(
    name = "evaluate",
    description =
        "Prints the ELBO and its terms in both forms, in nats a row, and where asked log p(x), mutual"
            + " information, sharpness, Frechet distances, disentanglement and the quality of synthetic"
            + " rows.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./vae4j evaluate --model runs/mnist",
      "  ./vae4j evaluate --model runs/mnist --limit 100 --iw-samples 500 --ais 16 --gap --json",
      "  ./vae4j evaluate --model runs/mnist --mi 1000 --sharpness --factors labels",
      "  ./vae4j evaluate --model runs/claims --synthetic synthetic.csv"
    })
final class EvaluateCommand implements Runnable {
  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelSource source = new ModelSource();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private FurtherNumbers further = new FurtherNumbers();
  @Mixin private SyntheticOptions synthetic = new SyntheticOptions();

  @Option(
      names = "--samples",
      paramLabel = "L",
      description = "Monte-Carlo samples per row for the ELBO (default ${DEFAULT-VALUE}).")
  private int samples = 1;

  @Option(
      names = "--iw-samples",
      paramLabel = "S",
      description =
          "Also estimate log p(x) by importance sampling with so many samples per row; 5000 is"
              + " usual in print (default 0: not).")
  private int importanceSamples;

  @Option(
      names = "--gap",
      description =
          "Also print the amortisation gap: the gain of the bound when each row's posterior"
              + " is optimised. Needs a diagonal posterior and the standard prior.")
  private boolean gap;

  @Mixin private InferenceOptions inference = new InferenceOptions();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Of the noise, and of the draws of --synthetic (default ${DEFAULT-VALUE}, as after each"
              + " training epoch).")
  private long seed;

  @Override
  public void run() {
    if (importanceSamples < 0) {
      throw new IllegalArgumentException(
          "--iw-samples: expected 0 or more, given " + importanceSamples);
    }
    InferenceConfig config = inference.config(gap, "--gap", Start.ENCODER, seed);
    synthetic.check(data);
    Report report = common.report();
    try (Arena arena = new Arena()) {
      Vae vae = arena.own(source.open());
      if (gap) {
        LatentUse.OPTIMIZATION.require("--gap", vae.spec().latents());
      }
      requireTable(vae);
      DataSet rows = data.open(source, vae.spec(), report, arena);
      FurtherNumbers.Plan plan = further.plan(vae, rows, data.hasLimit(), arena);
      SyntheticRun compared =
          synthetic.synthetic() == null
              ? null
              : SyntheticRun.open(synthetic, data, source, vae.spec(), rows, report, arena);
      Evaluation bound = vae.evaluate(rows, samples, seed);
      printBound(report, rows, bound, vae.spec().latent());
      if (bound.activeUnits() == 0 && rows.rows() > 1) {
        report.remark(Collapse.remark(vae.spec()));
      }
      LogLikelihood likelihood =
          importanceSamples == 0
              ? null
              : vae.measure().logLikelihood(rows, importanceSamples, seed);
      if (likelihood != null) {
        printLikelihood(report, likelihood);
      }
      JsonLine json = json(rows, bound, likelihood);
      if (config != null) {
        OptimizedCodes optimized = vae.measure().optimize(rows, config);
        InferenceOptions.remark(optimized, report);
        AmortizationGap found = optimized.gap();
        printGap(report, found);
        json.put("amortization_gap", found.gap())
            .put("amortization_gap_standard_error", found.standardError())
            .put("optimized_elbo", found.optimized())
            .put("unconverged_rows", optimized.unconverged());
      }
      FurtherNumbers.compute(plan, vae, rows, seed, report, json);
      checkPValues(vae, rows, report, json);
      if (compared != null) {
        String name = compared.synthetic().name();
        SyntheticCheck check = compared.check(seed);
        SyntheticText.lines(name, check).forEach(report::line);
        json.put("synthetic", SyntheticText.json(name, check));
      }
      report.object(json);
    }
  }

  private void requireTable(Vae vae) {
    if (synthetic.synthetic() != null && vae.spec().schema() == null) {
      throw new IllegalArgumentException(
          "--synthetic: the comparison is that of tables, and this model has no schema; train on"
              + " FILE.csv without --schema none");
    }
  }

  /** Of rows that the scores were calibrated with the p-values say nothing. */
  private void checkPValues(Vae vae, DataSet rows, Report report, JsonLine json) {
    Calibration calibration =
        vae.spec().schema() != null && data.isGiven()
            ? TableScoreRun.calibration(vae, source.path())
            : null;
    if (calibration == null) {
      return;
    }
    new AbsentColumns(data.absent(vae.spec()))
        .sayOfPValues(report, "the AUROC compares scores with each other");
    PValueCheck check = PValueCheck.of(vae, rows, calibration);
    report.line(
        String.format(
            Locale.ROOT,
            "p-values         %.1f %% are at most 0.01, %.1f %% at most 0.05, %.1f %% at most 0.1;"
                + " distance from uniform %.3f (%s)",
            100 * check.atOnePercent(),
            100 * check.atFivePercent(),
            100 * check.atTenPercent(),
            check.distance(),
            Numbers.plural(check.rows(), "row")));
    if (!Double.isNaN(check.auroc())) {
      report.line("AUROC            " + Numbers.fixed(check.auroc(), 4) + " of the rarer label");
    }
    json.put("p_values", new JsonLine().putAll(check));
  }

  private static void printBound(Report report, DataSet rows, Evaluation bound, int latent) {
    report.line(
        "data             "
            + rows.name()
            + ", "
            + Numbers.count(bound.rows())
            + " rows"
            + (rows.weighted() ? ", weighted means" : ""));
    report.line(
        String.format(
            Locale.ROOT,
            "ELBO             %s %s nats a row (%s)",
            Numbers.fixed(bound.elbo(), 3),
            Numbers.error(bound.standardError(), 3),
            Numbers.plural(bound.samples(), "sample")));
    report.line("= reconstruction " + Numbers.fixed(bound.reconstruction(), 3));
    report.line("- KL             " + Numbers.fixed(bound.kl(), 3));
    report.line("= joint          " + Numbers.fixed(bound.joint(), 3));
    report.line("+ entropy        " + Numbers.fixed(bound.entropy(), 3));
    report.line(
        String.format(
            Locale.ROOT,
            "by Monte Carlo   %s %s = reconstruction - %s = joint %s + %s",
            Numbers.fixed(bound.sampled().elbo(), 3),
            Numbers.error(bound.sampled().standardError(), 3),
            Numbers.fixed(bound.sampled().kl(), 3),
            Numbers.fixed(bound.sampled().joint(), 3),
            Numbers.fixed(bound.sampled().entropy(), 3)));
    report.line("active units     " + bound.activeUnits() + " of " + latent);
  }

  private static void printLikelihood(Report report, LogLikelihood likelihood) {
    report.line(
        String.format(
            Locale.ROOT,
            "log p(x)         %s %s nats a row (%s, effective %s; %s row samples/s)",
            Numbers.fixed(likelihood.mean(), 3),
            Numbers.error(likelihood.standardError(), 3),
            Numbers.plural(likelihood.samples(), "importance sample"),
            Numbers.fixed(likelihood.effectiveSampleSize(), 1),
            Numbers.rate(likelihood.rowSamplesPerSecond())));
  }

  private static void printGap(Report report, AmortizationGap gap) {
    report.line(
        String.format(
            Locale.ROOT,
            "amortisation gap %s %s nats a row (ELBO %s by the encoder, %s optimised)",
            Numbers.fixed(gap.gap(), 3),
            Numbers.error(gap.standardError(), 3),
            Numbers.fixed(gap.encoder(), 3),
            Numbers.fixed(gap.optimized(), 3)));
  }

  private static JsonLine json(DataSet rows, Evaluation bound, @Nullable LogLikelihood likelihood) {
    JsonLine json =
        new JsonLine()
            .put("data", rows.name())
            .put("rows", bound.rows())
            .put("weighted", rows.weighted())
            .put("samples", bound.samples())
            .put("elbo", bound.elbo())
            .put("elbo_standard_error", bound.standardError())
            .put("reconstruction", bound.reconstruction())
            .put("kl", bound.kl())
            .put("joint", bound.joint())
            .put("entropy", bound.entropy())
            .put("sampled_elbo", bound.sampled().elbo())
            .put("sampled_elbo_standard_error", bound.sampled().standardError())
            .put("sampled_kl", bound.sampled().kl())
            .put("sampled_joint", bound.sampled().joint())
            .put("sampled_entropy", bound.sampled().entropy())
            .put("active_units", bound.activeUnits())
            .put("kl_per_dimension", bound.klPerDimension());
    if (likelihood != null) {
      json.put("importance_samples", likelihood.samples())
          .put("log_likelihood", likelihood.mean())
          .put("log_likelihood_standard_error", likelihood.standardError())
          .put("effective_sample_size", likelihood.effectiveSampleSize())
          .put("row_samples_per_second", likelihood.rowSamplesPerSecond());
    }
    return json;
  }
}
