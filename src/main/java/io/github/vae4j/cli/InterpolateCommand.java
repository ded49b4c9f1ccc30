// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.Interpolation;
import io.github.vae4j.Vae;
import io.github.vae4j.cli.options.CommonOptions;
import io.github.vae4j.cli.options.DataOptions;
import io.github.vae4j.cli.options.ModelSource;
import io.github.vae4j.cli.options.OutputFile;
import io.github.vae4j.cli.options.OutputNames;
import io.github.vae4j.cli.options.OutputShape;
import io.github.vae4j.cli.options.RowLimit;
import io.github.vae4j.cli.run.JsonLine;
import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.cli.run.RowLabels;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.picture.GridLabels;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Matrix;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vae4j interpolate}. */
@Command(
    name = "interpolate",
    description = {
      "Decodes codes on the way from the code of one row to that of another.",
      "A conditional model goes from the condition of the first row to that of the second."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./vae4j interpolate --model runs/mnist --rows 3,8 --out path.png",
      "  ./vae4j interpolate --model runs/mnist --rows 3,8 --path spherical --steps 20 --out p.gif",
      "  ./vae4j interpolate --model runs/claims --data new.csv --rows 0,1 --out path.csv"
    })
final class InterpolateCommand implements Runnable {
  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelSource source = new ModelSource();
  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      converter = OutputNames.OfRowsInOrder.class,
      description =
          "FILE.png or FILE.gif (if rows are images), FILE.npy, FILE.csv or FILE.parquet.")
  private OutputFile file = new OutputFile(Path.of(""), OutputFile.Kind.CSV);

  @Option(
      names = "--rows",
      required = true,
      paramLabel = "I,J",
      split = ",",
      description = "The first and the last row of the way, from 0.")
  private List<Integer> ends = List.of();

  @Option(
      names = "--path",
      paramLabel = "CURVE",
      description =
          "linear, or spherical: an arc, which keeps away from codes of small norm (default"
              + " ${DEFAULT-VALUE}).")
  private Interpolation.Curve curve = Interpolation.Curve.LINEAR;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Codes on the way, with both ends (default ${DEFAULT-VALUE}).")
  private int steps = 11;

  @Override
  public void run() {
    if (steps < 2) {
      throw new IllegalArgumentException("--steps: expected 2 or more, given " + steps);
    }
    if (ends.size() != 2) {
      throw new IllegalArgumentException(
          "--rows: expected two rows as in 3,8, given " + ends.size());
    }
    data.inputs(source).refuse("--out", file.path());
    try (Arena arena = new Arena()) {
      Vae vae = arena.own(source.open());
      VaeSpec spec = vae.spec();
      file.shape(spec.image());
      RowLimit.check(
          "--steps",
          steps,
          Math.max(spec.features(), spec.latent()),
          "give Java more memory: VAE4J_JAVA_OPTS=-Xmx8g");
      DataSet rows = data.open(source, spec, common.report(), arena);
      ends.forEach(row -> check(row, rows.rows()));
      DataSet pair = arena.own(DataSets.rows(rows, new int[] {ends.get(0), ends.get(1)}));
      Matrix way = vae.interpolate(pair, new Interpolation(curve, steps));
      write(spec, pair, way);
      tell(common.report());
    }
  }

  private static void check(int row, int rows) {
    if (row < 0 || row >= rows) {
      throw new IllegalArgumentException("--rows: expected 0 to " + (rows - 1) + ", given " + row);
    }
  }

  private void write(VaeSpec spec, DataSet pair, Matrix way) {
    Interpolation on = new Interpolation(curve, steps);
    List<String> places =
        IntStream.range(0, steps)
            .mapToObj(step -> "t = " + Numbers.fixed(on.position(step), 2))
            .toList();
    ImageShape image = spec.image();
    if (image != null && file.isAnimation()) {
      file.animate(LatentFrames.of(image, way, 1, List.of(), places));
      return;
    }
    String title =
        String.format(Locale.ROOT, "%s to %s, %s", end(spec, pair, 0), end(spec, pair, 1), name());
    file.write(
        way, "x", OutputShape.of(source, spec), steps, GridLabels.titled(title).columns(places));
  }

  private String end(VaeSpec spec, DataSet pair, int end) {
    String label = RowLabels.of(spec, pair, end);
    return "row " + ends.get(end) + (label.isEmpty() ? "" : " (" + label + ")");
  }

  private String name() {
    return curve.name().toLowerCase(Locale.ROOT);
  }

  private void tell(Report report) {
    report.line(
        String.format(
            Locale.ROOT,
            "wrote %s to %s: %s, from row %d to row %d",
            Numbers.plural(steps, "row"),
            file.path(),
            name(),
            ends.get(0),
            ends.get(1)));
    report.object(
        new JsonLine()
            .put("out", file.path().toString())
            .put("rows", steps)
            .put("path", name())
            .put("ends", new double[] {ends.get(0), ends.get(1)}));
  }
}
