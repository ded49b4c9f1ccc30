// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.Sampling;
import io.github.vae4j.Vae;
import io.github.vae4j.VaeException;
import io.github.vae4j.checkpoint.CheckpointException;
import io.github.vae4j.checkpoint.SamplerFile;
import io.github.vae4j.checkpoint.SamplerFile.Kind;
import io.github.vae4j.cli.options.CommonOptions;
import io.github.vae4j.cli.options.GivenOptions;
import io.github.vae4j.cli.options.Inputs;
import io.github.vae4j.cli.options.ModelSource;
import io.github.vae4j.cli.options.OutputShape;
import io.github.vae4j.cli.options.RowLimit;
import io.github.vae4j.cli.options.RowOutput;
import io.github.vae4j.cli.run.RowLabels;
import io.github.vae4j.data.Csv;
import io.github.vae4j.picture.GridLabels;
import io.github.vae4j.sampler.LatentSampler;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.table.SyntheticRows;
import io.github.vae4j.tensor.Matrix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vae4j sample}. */
@Command(
    name = "sample",
    description = "Draws codes from the prior, or from a fitted sampler, and decodes them.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./vae4j sample --model runs/mnist --out samples.png",
      "  ./vae4j sample --model runs/digits --label 0,1,2 -n 30 --columns 3 --out three.png",
      "  ./vae4j sample --model runs/claims -n 10000 --seed 7 --out synthetic.csv",
      "  ./vae4j sample --model runs/mnist --sampler gmm --out samples.png"
    })
final class SampleCommand implements Runnable {
  private static final String PRIOR = "prior";

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelSource source = new ModelSource();
  @Mixin private RowOutput output = new RowOutput();
  @Mixin private GivenOptions given = new GivenOptions();

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "How many rows (default ${DEFAULT-VALUE}).")
  private int count = 64;

  @Option(
      names = "--sampler",
      paramLabel = "KIND",
      description =
          "The source of codes: prior, or a sampler that fit-sampler fitted: gmm or two-stage"
              + " (default ${DEFAULT-VALUE}).")
  private String sampler = PRIOR;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description =
          "Standard deviation of the prior, or a factor of the noise of a fitted sampler (default"
              + " ${DEFAULT-VALUE}).")
  private double temperature = 1;

  @Option(
      names = "--draw",
      description = "Draw from p(x|z); without it, rows are the means E[x|z].")
  private boolean draw;

  @Option(
      names = "--unbounded",
      description =
          "Tables: numbers and times may lie outside the range of the training data (default: the"
              + " nearer end).")
  private boolean unbounded;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of the draws (default ${DEFAULT-VALUE}).")
  private long seed;

  @Override
  public void run() {
    Kind kind = kind();
    Path fitted = kind == null ? null : kind.beside(source.path());
    new Inputs().model(source.path()).file("--sampler", fitted).refuse("--out", output.path());
    try (Vae vae = source.open()) {
      output.check(vae.spec());
      if (count < 1) {
        throw new IllegalArgumentException("-n: expected 1 or more, given " + count);
      }
      RowLimit.check(
          "-n",
          count,
          Math.max(vae.spec().features(), vae.spec().latent()),
          "sample in parts, each with another --seed");
      Sampling asked = sampling(vae, kind);
      Schema schema = vae.spec().schema();
      if (schema != null && output.isTable()) {
        writeTable(new Features(schema), vae.sample(asked.drawn(true)));
        return;
      }
      output.write(
          common.report(),
          OutputShape.of(source, vae.spec()),
          vae.sample(asked),
          GridLabels.titled(draw ? "draws" : "samples")
              .cells(RowLabels.of(vae.spec(), asked.conditions())));
    }
  }

  /** Rows of a table are draws: a mean of levels or of times is no row. */
  private void writeTable(Features features, Matrix rows) {
    SyntheticRows texts = new SyntheticRows(features, !unbounded, seed);
    output.writeText(to -> Csv.write(to, texts.columns(), rows.rows(), i -> texts.texts(rows, i)));
    output.tell(common.report(), rows.rows());
  }

  private Sampling sampling(Vae vae, @Nullable Kind kind) {
    Matrix conditions = given.rows(vae.spec(), count);
    Sampling asked =
        (conditions == null ? Sampling.of(count) : Sampling.given(conditions))
            .seed(seed)
            .temperature(temperature)
            .drawn(draw);
    return kind == null ? asked : asked.sampler(fitted(vae, kind));
  }

  /** The kind of the fitted sampler; null for the prior. */
  private @Nullable Kind kind() {
    if (sampler.equals(PRIOR)) {
      return null;
    }
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.id().equals(sampler))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--sampler: expected prior, gmm or two-stage, given \"" + sampler + "\""));
  }

  private LatentSampler fitted(Vae vae, Kind kind) {
    Path file = kind.beside(source.path());
    String fit =
        String.format(
            Locale.ROOT,
            "fit one with: ./vae4j fit-sampler --model %s --sampler %s",
            source.path(),
            kind.id());
    if (!Files.exists(file)) {
      throw new VaeException(
          String.format(
              Locale.ROOT,
              "--sampler %s: nothing was fitted to this model, there is no %s; %s",
              kind.id(),
              file,
              fit));
    }
    try {
      return SamplerFile.load(file, vae.weights(), vae.spec().latent());
    } catch (CheckpointException e) {
      throw new VaeException(e.getMessage() + "; " + fit, e);
    }
  }
}
