// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.Vae;
import io.github.vae4j.cli.options.CommonOptions;
import io.github.vae4j.cli.options.DataOptions;
import io.github.vae4j.cli.options.GivenOptions;
import io.github.vae4j.cli.options.ModelSource;
import io.github.vae4j.cli.options.OutputFile;
import io.github.vae4j.cli.options.OutputNames;
import io.github.vae4j.cli.options.OutputShape;
import io.github.vae4j.cli.options.RowLimit;
import io.github.vae4j.cli.run.JsonLine;
import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.cli.run.RowsInTurn;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.model.Shape;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.picture.GridLabels;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Matrix;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vae4j traverse}. */
@Command(
    name = "traverse",
    description = {
      "Shows the meaning of latent dimensions: a line per dimension, whose code goes from -3 to 3"
          + " while the others stay.",
      "A model of two latent dimensions is shown as a map: both go over the normal distribution's"
          + " quantiles.",
      "A GIF has a picture for each value, of the chosen dimensions beside each other."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./vae4j traverse --model runs/mnist --out traversal.png",
      "  ./vae4j traverse --model runs/mnist --row 3 --dimensions 4,7 --steps 15 --out t.gif",
      "  ./vae4j traverse --model runs/two --steps 20 --out map.png"
    })
final class TraverseCommand implements Runnable {
  private static final int ROWS_FOR_KL = 1000;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelSource source = new ModelSource();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private GivenOptions given = new GivenOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      converter = OutputNames.OfRowsInOrder.class,
      description =
          "FILE.png or FILE.gif (if rows are images), FILE.npy, FILE.csv or FILE.parquet.")
  private OutputFile file = new OutputFile(Path.of(""), OutputFile.Kind.CSV);

  @Option(
      names = "--dimensions",
      paramLabel = "LIST",
      split = ",",
      description = "Which dimensions, from 0 (default: those of the highest KL on the data).")
  private @Nullable List<Integer> dimensions;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "How many dimensions, if they are not listed (default ${DEFAULT-VALUE}).")
  private int count = 10;

  @Option(
      names = "--row",
      paramLabel = "N",
      description = "Start from the code of this row of the data (default: from the prior's mean).")
  private @Nullable Integer row;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Codes in a line (default ${DEFAULT-VALUE}).")
  private int steps = 11;

  @Option(
      names = "--range",
      paramLabel = "R",
      description = "From -R to R (default ${DEFAULT-VALUE}).")
  private double range = 3;

  @Override
  public void run() {
    if (steps < 2) {
      throw new IllegalArgumentException("--steps: expected 2 or more, given " + steps);
    }
    if (count < 1) {
      throw new IllegalArgumentException("--count: expected 1 or more, given " + count);
    }
    if (!(range > 0) || Double.isInfinite(range)) {
      throw new IllegalArgumentException("--range: expected more than 0, given " + range);
    }
    data.inputs(source).refuse("--out", file.path());
    try (Arena arena = new Arena()) {
      Vae vae = arena.own(source.open());
      VaeSpec spec = vae.spec();
      file.shape(spec.image());
      if (spec.latent() == 2 && dimensions == null && row == null && !file.isAnimation()) {
        checkSize((long) steps * steps, spec);
        write(vae, Traversal.map(steps), List.of(0, 1), mapLabels());
        return;
      }
      DataSet rows =
          dimensions == null || row != null
              ? data.open(source, spec, common.report(), arena)
              : null;
      List<Integer> chosen =
          rows == null || dimensions != null ? checked(spec.latent()) : byKl(vae, rows);
      checkSize((long) steps * chosen.size(), spec);
      float[] start = rows == null || row == null ? new float[spec.latent()] : code(vae, rows, row);
      write(vae, Traversal.lines(start, chosen, steps, range), chosen, lineLabels(spec, chosen));
    }
  }

  private GridLabels mapLabels() {
    Matrix codes = Traversal.map(steps);
    return GridLabels.titled("latent 0 to the right, 1 upwards")
        .columns(texts(steps, i -> codes.at(i, 0)))
        .lines(texts(steps, i -> codes.at(i * steps, 1)));
  }

  private GridLabels lineLabels(VaeSpec spec, List<Integer> chosen) {
    Shape code = spec.codeShape();
    return GridLabels.NONE
        .columns(texts(steps, i -> Traversal.value(i, steps, range)))
        .lines(chosen.stream().map(dimension -> "latent " + place(code, dimension)).toList());
  }

  private static List<String> texts(int count, IntToDoubleFunction values) {
    return IntStream.range(0, count)
        .mapToObj(i -> Numbers.fixed(values.applyAsDouble(i), 2))
        .toList();
  }

  /** The number of a dimension; of a code that is an image also line, column and channel. */
  private static String place(Shape code, int dimension) {
    int pixel = dimension / code.channels();
    return code.isFlat()
        ? Integer.toString(dimension)
        : String.format(
            Locale.ROOT,
            "%d (%d, %d, %d)",
            dimension,
            pixel / code.width(),
            pixel % code.width(),
            dimension % code.channels());
  }

  private static void checkSize(long codes, VaeSpec spec) {
    RowLimit.check(
        "--steps", codes, Math.max(spec.features(), spec.latent()), "list fewer --dimensions");
  }

  private List<Integer> checked(int latent) {
    List<Integer> chosen = dimensions == null ? List.of() : dimensions;
    for (int dimension : chosen) {
      if (dimension < 0 || dimension >= latent) {
        throw new IllegalArgumentException(
            "--dimensions: expected 0 to " + (latent - 1) + ", given " + dimension);
      }
    }
    return chosen;
  }

  private List<Integer> byKl(Vae vae, DataSet rows) {
    double[] kl;
    try (DataSet head = DataSets.head(rows, ROWS_FOR_KL)) {
      kl = vae.evaluate(head).klPerDimension();
    }
    return IntStream.range(0, kl.length)
        .boxed()
        .sorted(Comparator.comparingDouble(dimension -> -kl[dimension]))
        .limit(count)
        .toList();
  }

  private static float[] code(Vae vae, DataSet rows, int row) {
    if (row < 0 || row >= rows.rows()) {
      throw new IllegalArgumentException(
          "--row: expected 0 to " + (rows.rows() - 1) + ", given " + row);
    }
    try (DataSet one = DataSets.rows(rows, new int[] {row})) {
      return vae.encode(one).mean().values();
    }
  }

  private void write(Vae vae, Matrix codes, List<Integer> shown, GridLabels labels) {
    Matrix condition = given.rows(vae.spec(), 1);
    Matrix each = condition == null ? null : RowsInTurn.of(condition, codes.rows());
    Matrix rows = vae.decode(codes, each);
    ImageShape image = vae.spec().image();
    if (image != null && file.isAnimation()) {
      file.animate(LatentFrames.of(image, rows, shown.size(), labels.lines(), labels.columns()));
    } else {
      file.write(rows, "x", OutputShape.of(source, vae.spec()), steps, labels);
    }
    Report report = common.report();
    report.line(
        String.format(
            Locale.ROOT,
            "wrote %s to %s: dimensions %s",
            Numbers.plural(codes.rows(), "row"),
            file.path(),
            shown.stream().map(String::valueOf).collect(Collectors.joining(", "))));
    report.object(
        new JsonLine()
            .put("out", file.path().toString())
            .put("rows", codes.rows())
            .put("columns", steps)
            .put("dimensions", shown.stream().mapToDouble(Integer::doubleValue).toArray()));
  }
}
