// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.Vae;
import io.github.vae4j.checkpoint.RunLock;
import io.github.vae4j.checkpoint.SamplerFile;
import io.github.vae4j.checkpoint.SamplerFile.Kind;
import io.github.vae4j.cli.options.CommonOptions;
import io.github.vae4j.cli.options.DataOptions;
import io.github.vae4j.cli.options.LayerSizes;
import io.github.vae4j.cli.options.ModelSource;
import io.github.vae4j.cli.options.RowLimit;
import io.github.vae4j.cli.run.JsonLine;
import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.sampler.GaussianMixture;
import io.github.vae4j.sampler.LatentSampler;
import io.github.vae4j.sampler.MixtureConfig;
import io.github.vae4j.sampler.MixtureConfig.Covariance;
import io.github.vae4j.sampler.MixtureFit;
import io.github.vae4j.sampler.TwoStage;
import io.github.vae4j.sampler.TwoStageConfig;
import io.github.vae4j.sampler.WeightedCodes;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.EpochMetrics;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.TrainState;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vae4j fit-sampler}. */
@Command(
    name = "fit-sampler",
    description =
        "Fits a distribution to the codes of data, for sample --sampler, and keeps it beside the"
            + " model.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./vae4j fit-sampler --model runs/mnist --sampler gmm --components 20",
      "  ./vae4j fit-sampler --model runs/mnist --sampler two-stage --epochs 50"
    })
final class FitSamplerCommand implements Runnable {
  private static final int COMPONENTS = 10;
  private static final int EPOCHS = 30;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelSource source = new ModelSource();
  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--sampler",
      required = true,
      paramLabel = "KIND",
      description =
          "gmm (a Gaussian mixture, by EM) or two-stage (a second VAE, of the first one's codes).")
  private Kind kind = Kind.GMM;

  @Option(
      names = "--components",
      paramLabel = "K",
      description = "For gmm: components (default " + COMPONENTS + ").")
  private @Nullable Integer components;

  @Option(
      names = "--covariance",
      paramLabel = "FORM",
      description = "For gmm: full or diagonal (default full).")
  private @Nullable Covariance covariance;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "For two-stage: passes over the codes (default " + EPOCHS + ").")
  private @Nullable Integer epochs;

  @Option(
      names = "--hidden",
      paramLabel = "SIZES",
      description = "For two-stage: the encoder's hidden layers (default 256,256).")
  private @Nullable LayerSizes hidden;

  @Option(
      names = "--draws",
      paramLabel = "N",
      description = "Codes drawn from each row's posterior (default ${DEFAULT-VALUE}).")
  private int draws = 1;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of the codes and the fit (default ${DEFAULT-VALUE}).")
  private long seed;

  @Override
  public void run() {
    Report report = common.report();
    JsonLine json = new JsonLine().put("sampler", kind.id());
    boolean mixture = kind == Kind.GMM;
    refuse("--components", mixture ? null : components);
    refuse("--covariance", mixture ? null : covariance);
    refuse("--epochs", mixture ? epochs : null);
    refuse("--hidden", mixture ? hidden : null);
    MixtureConfig mixtureConfig = mixtureConfig();
    TwoStageConfig secondConfig = secondConfig();
    if (draws < 1) {
      throw new IllegalArgumentException("--draws: expected 1 or more, given " + draws);
    }
    Path file = kind.beside(source.path());
    data.inputs(source).refuse("--model", file);
    try (Arena arena = new Arena()) {
      Vae vae = arena.own(source.open());
      DataSet rows = data.openTraining(source, vae.spec(), report, arena);
      RowLimit.check(
          "--draws",
          (long) draws * rows.rows(),
          vae.spec().latent(),
          "take fewer rows of the data with --limit");
      arena.own(RunLock.of(file.toAbsolutePath().resolveSibling("")));
      WeightedCodes codes = vae.measure().weightedPosterior(rows, draws, seed);
      int count = codes.codes().rows();
      report.line(
          String.format(
              Locale.ROOT,
              "codes     %s of %s%s",
              Numbers.count(count),
              rows.name(),
              rows.weighted() ? ", weighted" : ""));
      json.put("data", rows.name()).put("codes", count).put("weighted", rows.weighted());
      LatentSampler sampler =
          mixture
              ? fit(codes, mixtureConfig, report, json)
              : TwoStage.fit(
                  vae.backend(), codes, secondConfig, new LastEpoch(rows.weighted(), report, json));
      SamplerFile.save(file, sampler, vae.weights());
      report.line("wrote " + file);
      report.object(json.put("out", file.toString()));
    }
  }

  private void refuse(String name, @Nullable Object value) {
    if (value != null) {
      throw new IllegalArgumentException(name + ": is not for --sampler " + kind.id());
    }
  }

  private MixtureConfig mixtureConfig() {
    int count = components == null ? COMPONENTS : components;
    if (count < 1) {
      throw new IllegalArgumentException("--components: expected 1 or more, given " + count);
    }
    MixtureConfig base = MixtureConfig.of(count, seed);
    return new MixtureConfig(
        count,
        covariance == null ? base.covariance() : covariance,
        base.iterations(),
        base.tolerance(),
        seed);
  }

  private TwoStageConfig secondConfig() {
    int count = epochs == null ? EPOCHS : epochs;
    if (count < 1) {
      throw new IllegalArgumentException("--epochs: expected 1 or more, given " + count);
    }
    TwoStageConfig base = TwoStageConfig.of(count, seed);
    return hidden == null ? base : new TwoStageConfig(hidden.units(), base.training());
  }

  private static GaussianMixture fit(
      WeightedCodes codes, MixtureConfig config, Report report, JsonLine json) {
    MixtureFit fit = GaussianMixture.fit(codes, config);
    int steps = fit.logLikelihoods().length - 1;
    double logLikelihood = fit.logLikelihoods()[steps];
    double normal = standardNormal(codes);
    report.line(
        String.format(
            Locale.ROOT,
            "density   %s nats a code (mean of log p(z); of the standard normal %s)",
            Numbers.fixed(logLikelihood, 3),
            Numbers.fixed(normal, 3)));
    report.line("fit       " + Numbers.plural(steps, "step") + " of EM");
    if (!fit.converged()) {
      report.remark("EM stopped at its greatest number of steps, before it converged");
    }
    if (fit.mixture().components() < config.components()) {
      report.remark(
          String.format(
              Locale.ROOT,
              "of %d components %d have codes; the others were dropped",
              config.components(),
              fit.mixture().components()));
    }
    json.put("components", fit.mixture().components())
        .put("log_density", logLikelihood)
        .put("log_density_of_standard_normal", normal)
        .put("steps", steps)
        .put("converged", fit.converged());
    return fit.mixture();
  }

  /** The mean log density of codes under N(0, I). */
  private static double standardNormal(WeightedCodes weighted) {
    Matrix codes = weighted.codes();
    double[] squares = new double[codes.rows()];
    for (int i = 0; i < codes.values().length; i++) {
      squares[i / codes.columns()] += (double) codes.values()[i] * codes.values()[i];
    }
    return -(codes.columns() * Math.log(2 * Math.PI) + weighted.mean(squares)) / 2;
  }

  /** Reports the bound of the second stage on its codes. */
  private record LastEpoch(boolean weighted, Report report, JsonLine json)
      implements TrainListener {
    @Override
    public void onEpoch(EpochMetrics metrics, Supplier<TrainState> state) {
      report.line(
          String.format(
              Locale.ROOT,
              "epoch %3d ELBO %s nats a code%s",
              metrics.epoch(),
              Numbers.fixed(metrics.trainElbo(), 3),
              weighted ? " (unweighted)" : ""));
      json.put("epochs", metrics.epoch()).put("elbo", metrics.trainElbo());
      if (weighted) {
        json.put("elbo_weighted", false);
      }
    }
  }
}
