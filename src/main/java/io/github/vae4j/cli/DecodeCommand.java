// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.Vae;
import io.github.vae4j.cli.options.CommonOptions;
import io.github.vae4j.cli.options.GivenOptions;
import io.github.vae4j.cli.options.Inputs;
import io.github.vae4j.cli.options.ModelSource;
import io.github.vae4j.cli.options.OutputShape;
import io.github.vae4j.cli.options.RowOutput;
import io.github.vae4j.cli.run.RowLabels;
import io.github.vae4j.picture.GridLabels;
import io.github.vae4j.tensor.Matrix;
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
      description =
          "FILE.npy, FILE.npz or FILE.csv with Z numbers in a row, as encode writes them; where a"
              + " code is an image, an array may have its shape, (rows, height, width, C). Of a file"
              + " with log variances (encode --logvar) the means are decoded.")
  private String codes = "";

  @Override
  public void run() {
    new Inputs().model(source.path()).data("--codes", codes).refuse("--out", output.path());
    try (Vae vae = source.open()) {
      output.check(vae.spec());
      Matrix z = new CodeRows(codes, vae.spec().codeShape()).read(common.report());
      Matrix conditions = given.rows(vae.spec(), z.rows());
      output.write(
          common.report(),
          OutputShape.of(source, vae.spec()),
          vae.decode(z, conditions),
          GridLabels.NONE.cells(RowLabels.of(vae.spec(), conditions)));
    }
  }
}
