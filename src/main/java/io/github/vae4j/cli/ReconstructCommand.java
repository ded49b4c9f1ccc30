// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.Vae;
import io.github.vae4j.cli.options.CommonOptions;
import io.github.vae4j.cli.options.DataOptions;
import io.github.vae4j.cli.options.ModelSource;
import io.github.vae4j.cli.options.OutputShape;
import io.github.vae4j.cli.options.RowOutput;
import io.github.vae4j.cli.run.RowLabels;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.picture.GridLabels;
import io.github.vae4j.picture.PictureGrid;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Matrix;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code vae4j reconstruct}. */
@Command(
    name = "reconstruct",
    description =
        "Decodes the posterior mean of each row: as a picture, pairs of original and"
            + " reconstruction (of 32 rows without --limit); as numbers, the reconstructions.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./vae4j reconstruct --model runs/mnist --out pairs.png",
      "  ./vae4j reconstruct --model runs/mnist --data mnist --limit 8 --columns 4 --out pairs.png",
      "  ./vae4j reconstruct --model runs/claims --data new.csv --out reconstructed.csv"
    })
final class ReconstructCommand implements Runnable {
  private static final int ROWS_OF_A_PICTURE = 32;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelSource source = new ModelSource();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private RowOutput output = new RowOutput();

  @Override
  public void run() {
    data.inputs(source).refuse("--out", output.path());
    try (Arena arena = new Arena()) {
      Vae vae = arena.own(source.open());
      output.check(vae.spec());
      DataSet rows = data.open(source, vae.spec(), common.report(), arena);
      OutputShape shape = OutputShape.of(source, vae.spec());
      if (!output.isPicture()) {
        output.write(common.report(), shape, vae.reconstruct(rows), GridLabels.NONE);
        return;
      }
      if (!data.hasLimit()) {
        rows = arena.own(DataSets.head(rows, ROWS_OF_A_PICTURE));
      }
      Matrix originals = DataSets.values(rows, 0, rows.rows());
      output.writePairs(
          common.report(),
          shape,
          PictureGrid.pairs(originals, vae.reconstruct(rows)),
          RowLabels.of(vae.spec(), rows));
    }
  }
}
