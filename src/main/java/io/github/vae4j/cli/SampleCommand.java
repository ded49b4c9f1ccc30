package io.github.vae4j.cli;

import io.github.vae4j.Vae;
import io.github.vae4j.tensor.Matrix;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vae4j sample}. */
@Command(
    name = "sample",
    description = "Draws codes from the prior and decodes them.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./vae4j sample --model runs/mnist --out samples.png",
      "  ./vae4j sample --model runs/digits --label 7 --out sevens.png",
      "  ./vae4j sample --model runs/digits --label 0,1,2 -n 30 --columns 3 --out three.png",
      "  ./vae4j sample --model runs/claims -n 10000 --draw --seed 7 --out claims.csv"
    })
final class SampleCommand implements Runnable {
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
      names = "--temperature",
      paramLabel = "T",
      description = "Standard deviation of the codes (default ${DEFAULT-VALUE}: the prior).")
  private double temperature = 1;

  @Option(
      names = "--draw",
      description = "Draw from p(x|z); without it, rows are the means E[x|z].")
  private boolean draw;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of the draws (default ${DEFAULT-VALUE}).")
  private long seed;

  @Override
  public void run() {
    try (Vae vae = source.open()) {
      output.check(vae.spec());
      if (count < 1) {
        throw new IllegalArgumentException("-n: expected 1 or more, given " + count);
      }
      Matrix told = given.rows(vae.spec(), count);
      Matrix rows =
          told == null
              ? vae.sample(count, seed, temperature, draw)
              : vae.sample(told, seed, temperature, draw);
      output.write(common.report(), vae.spec(), rows);
    }
  }
}
