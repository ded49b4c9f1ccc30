// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.Vae;
import io.github.vae4j.cli.run.JsonLine;
import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.infer.AnnealOptions;
import io.github.vae4j.infer.AnnealedLikelihood;
import io.github.vae4j.metrics.Disentanglement;
import io.github.vae4j.metrics.Factors;
import io.github.vae4j.metrics.FrechetDistances;
import io.github.vae4j.metrics.ImageFeatures;
import io.github.vae4j.metrics.Information;
import io.github.vae4j.metrics.Sharpness;
import io.github.vae4j.model.LatentUse;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Arena;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The measures that {@code evaluate} computes on request: see docs/evaluation.md. */
final class FurtherNumbers {
  private static final String LABELS = "labels";
  private static final int TEMPERATURES = 1000;
  private static final int LEAPFROGS = 10;

  @Option(
      names = "--ais",
      paramLabel = "CHAINS",
      description =
          "Also estimate log p(x) by annealed importance sampling with so many chains per row; 16"
              + " is usual in print (default 0: not). Needs the standard prior.")
  private int chains;

  @Option(
      names = "--ais-temperatures",
      paramLabel = "T",
      description =
          "Steps of --ais from the prior to the posterior (default " + TEMPERATURES + ").")
  private @Nullable Integer temperatures;

  @Option(
      names = "--ais-leapfrogs",
      paramLabel = "L",
      description = "Leapfrog steps at each temperature of --ais (default " + LEAPFROGS + ").")
  private @Nullable Integer leapfrogs;

  @Option(
      names = "--mi",
      paramLabel = "DRAWS",
      description =
          "Also estimate, with so many draws of z, the mutual information of rows and codes and how"
              + " far the aggregated posterior is from the prior (default 0: not). Needs a diagonal"
              + " posterior and the standard prior.")
  private int draws;

  @Option(
      names = "--sharpness",
      description =
          "Also compare the sharpness (variance of the Laplacian) of data, reconstructions and"
              + " samples.")
  private boolean sharpness;

  @Option(
      names = "--inception",
      paramLabel = "FILE.onnx",
      description =
          "Also compute the Frechet distances of reconstructions and samples to the data in this"
              + " network's features: FID if it is Inception.")
  private @Nullable Path inception;

  @Option(
      names = "--factors",
      paramLabel = "SPEC",
      description =
          "Also score the disentanglement of known factors: FILE.csv with a row for each row of"
              + " data and a column for each factor, or "
              + LABELS
              + " for the data's own classes.")
  private @Nullable String factors;

  /** The requested measures, with their options checked and their files open. */
  record Plan(
      @Nullable AnnealOptions annealing,
      int draws,
      boolean sharpness,
      @Nullable ImageFeatures network,
      @Nullable Factors factors) {}

  /**
   * Checks the options, before any computation.
   *
   * @param limited whether rows are the first of a larger set, because factors may then be
   */
  Plan plan(Vae vae, DataSet rows, boolean limited, Arena arena) {
    if (sharpness || inception != null) {
      requireImages(sharpness ? "--sharpness" : "--inception", vae.spec());
    }
    AnnealOptions annealing = annealing();
    if (annealing != null) {
      LatentUse.ANNEALING.require("--ais", vae.spec().latents());
    }
    if (notNegative("--mi", draws) > 0) {
      LatentUse.INFORMATION.require("--mi", vae.spec().latents());
    }
    return new Plan(
        annealing,
        draws,
        sharpness,
        inception == null ? null : arena.own(ImageFeatures.onnx(inception)),
        factors == null ? null : openFactors(factors, rows, limited, arena));
  }

  private static void requireImages(String option, VaeSpec spec) {
    ImageShape image = spec.image();
    if (image == null) {
      throw new IllegalArgumentException(
          option + ": expected a model of images, given one of rows of " + spec.features());
    }
    image.requireColours(option);
  }

  private @Nullable AnnealOptions annealing() {
    if (notNegative("--ais", chains) > 0) {
      return new AnnealOptions(
          chains,
          atLeastOne("--ais-temperatures", temperatures, TEMPERATURES),
          atLeastOne("--ais-leapfrogs", leapfrogs, LEAPFROGS));
    }
    if (temperatures != null || leapfrogs != null) {
      throw new IllegalArgumentException(
          (temperatures != null ? "--ais-temperatures" : "--ais-leapfrogs")
              + " is for --ais: give --ais CHAINS as well");
    }
    return null;
  }

  private static int notNegative(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + ": expected 0 or more, given " + value);
    }
    return value;
  }

  private static int atLeastOne(String name, @Nullable Integer value, int usual) {
    if (value != null && value < 1) {
      throw new IllegalArgumentException(name + ": expected 1 or more, given " + value);
    }
    return value == null ? usual : value;
  }

  private static Factors openFactors(String spec, DataSet rows, boolean limited, Arena arena) {
    if (spec.equals(LABELS)) {
      return Factors.ofLabels(rows);
    }
    DataSet file = arena.own(DataSets.open(spec));
    if (file.rows() < rows.rows() || (file.rows() > rows.rows() && !limited)) {
      throw new IllegalArgumentException(
          "--factors: expected "
              + rows.rows()
              + " rows, as "
              + rows.name()
              + " has, given "
              + file.rows()
              + " in "
              + spec);
    }
    return Factors.of(DataSets.head(file, rows.rows()));
  }

  /**
   * Computes the planned measures, prints each result when it is ready and adds it to the object.
   */
  static void compute(Plan plan, Vae vae, DataSet rows, long seed, Report report, JsonLine json) {
    if (plan.annealing != null) {
      AnnealedLikelihood result = vae.measure().annealedLogLikelihood(rows, plan.annealing, seed);
      print(report, result);
      json.put("annealed", new JsonLine().putAll(result));
    }
    if (plan.draws > 0) {
      Information result = vae.measure().information(rows, plan.draws, seed);
      print(report, result);
      json.put("information", new JsonLine().putAll(result));
    }
    if (plan.sharpness) {
      Sharpness result = vae.measure().sharpness(rows, seed);
      print(report, result);
      json.put("sharpness", new JsonLine().putAll(result));
    }
    if (plan.network != null) {
      FrechetDistances result = vae.measure().frechet(rows, plan.network, seed);
      print(report, result);
      json.put("frechet", new JsonLine().putAll(result));
    }
    if (plan.factors != null) {
      Disentanglement result = vae.measure().disentanglement(rows, plan.factors);
      print(report, result, rows.weighted());
      JsonLine scores = new JsonLine().putAll(result);
      json.put("disentanglement", rows.weighted() ? scores.put("weighted", false) : scores);
    }
  }

  private static void print(Report report, AnnealedLikelihood result) {
    report.line(
        String.format(
            Locale.ROOT,
            "log p(x), AIS    %s %s nats a row (chains %s; %s, %s, accepted %s; %s rows/s)",
            Numbers.fixed(result.mean(), 3),
            Numbers.error(result.standardError(), 3),
            Numbers.error(result.chainError(), 3),
            Numbers.plural(result.chains(), "chain"),
            Numbers.plural(result.temperatures(), "temperature"),
            Numbers.fixed(result.acceptance(), 2),
            Numbers.rate(result.rowsPerSecond())));
  }

  private static void print(Report report, Information result) {
    report.line(
        String.format(
            Locale.ROOT,
            "I(x; z)          %s %s nats of at most %s (%s)",
            Numbers.fixed(result.mutualInformation(), 3),
            Numbers.error(result.mutualInformationError(), 3),
            Numbers.fixed(result.mostInformation(), 3),
            Numbers.plural(result.draws(), "draw")));
    report.line(
        String.format(
            Locale.ROOT,
            "KL(q(z) || p(z)) %s %s = total correlation %s + dimension-wise %s",
            Numbers.fixed(result.aggregateKl(), 3),
            Numbers.error(result.aggregateKlError(), 3),
            Numbers.fixed(result.totalCorrelation(), 3),
            Numbers.fixed(result.dimensionwiseKl(), 3)));
  }

  private static void print(Report report, Sharpness result) {
    report.line(
        String.format(
            Locale.ROOT,
            "sharpness        data %s, reconstructions %s, samples %s",
            Numbers.fixed(result.data(), 4),
            Numbers.fixed(result.reconstructions(), 4),
            Numbers.fixed(result.samples(), 4)));
  }

  private static void print(Report report, FrechetDistances result) {
    report.line(
        String.format(
            Locale.ROOT,
            "Frechet distance reconstructions %s, samples %s (%s, %s)",
            Numbers.fixed(result.reconstructions(), 3),
            Numbers.fixed(result.samples(), 3),
            Numbers.plural(result.images(), "image"),
            Numbers.plural(result.features(), "feature")));
    if (result.images() <= result.features()) {
      report.remark(
          String.format(
                  Locale.ROOT,
                  "%s cannot fill a covariance of %s: the Frechet distances are too low to compare with",
                  Numbers.plural(result.images(), "image"),
                  Numbers.plural(result.features(), "feature"))
              + " others; give more rows");
    }
  }

  private static void print(Report report, Disentanglement result, boolean weighted) {
    report.line(
        String.format(
            Locale.ROOT,
            "disentanglement  MIG %s, SAP %s, DCI %s / %s / %s (%s%s)",
            Numbers.fixed(result.mig(), 3),
            Numbers.fixed(result.sap(), 3),
            Numbers.fixed(result.disentanglement(), 3),
            Numbers.fixed(result.completeness(), 3),
            Numbers.fixed(result.informativeness(), 3),
            Numbers.plural(result.factors(), "factor"),
            weighted ? ", unweighted" : ""));
  }
}
