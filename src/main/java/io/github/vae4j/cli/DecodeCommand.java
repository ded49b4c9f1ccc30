// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.Vae;
import io.github.vae4j.cli.options.CommonOptions;
import io.github.vae4j.cli.options.GivenOptions;
import io.github.vae4j.cli.options.Inputs;
import io.github.vae4j.cli.options.ModelSource;
import io.github.vae4j.cli.options.RowOutput;
import io.github.vae4j.cli.options.RowShape;
import io.github.vae4j.cli.run.RowLabels;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.picture.GridLabels;
import io.github.vae4j.tensor.Matrix;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vae4j decode}. */
@Command(
    name = "decode",
    description = "Decodes codes: E[x|z] of each row z of a file.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./vae4j decode --model runs/mnist --codes codes.npy --out decoded.png",
      "  ./vae4j decode --model runs/claims --codes codes.csv --out decoded.csv"
    })
final class DecodeCommand implements Runnable {
  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelSource source = new ModelSource();
  @Mixin private RowOutput output = new RowOutput();
  @Mixin private GivenOptions given = new GivenOptions();

  @Option(
      names = {"--codes", "--data"},
      required = true,
      paramLabel = "FILE",
      description = "FILE.npy, FILE.npz or FILE.csv with Z numbers in a row.")
  private String codes = "";

  @Override
  public void run() {
    new Inputs().model(source.path()).data("--codes", codes).refuse("--out", output.path());
    try (DataSet rows = DataSets.open(codes);
        Vae vae = source.open()) {
      output.check(vae.spec());
      if (rows.features() != vae.spec().latent()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "--codes: expected rows of %d numbers, the model's latent dimensions; %s has %d",
                vae.spec().latent(),
                codes,
                rows.features()));
      }
      Matrix z = DataSets.values(rows, 0, rows.rows());
      Matrix conditions = given.rows(vae.spec(), z.rows());
      output.write(
          common.report(),
          RowShape.of(source, vae.spec()),
          vae.decode(z, conditions),
          GridLabels.NONE.cells(RowLabels.of(vae.spec(), conditions)));
    }
  }
}
