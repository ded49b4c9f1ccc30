package io.github.vae4j.cli;

import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where rows like those of the data go. */
final class RowOutput {
  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "FILE.png (if rows are images), FILE.npy or FILE.csv.")
  private OutputFile file = new OutputFile(Path.of(""), OutputFile.Kind.CSV);

  @Option(
      names = "--columns",
      paramLabel = "N",
      description = "Images, or pairs, in a line of the picture (default: about as many as lines).")
  private @Nullable Integer columns;

  boolean isPicture() {
    return file.isPicture();
  }

  /** Asked before anything is computed: whether such rows can be written to such a file. */
  void check(VaeSpec spec) {
    file.shape(spec.image());
    if (columns != null && columns < 1) {
      throw new IllegalArgumentException("--columns: expected 1 or more, given " + columns);
    }
  }

  /** Images in a line of a picture, a multiple of a number. */
  private int across(int cells, int multiple) {
    double square = columns == null ? Math.ceil(Math.sqrt(cells)) : (double) columns * multiple;
    return Math.max(1, (int) Math.ceil(square / multiple)) * multiple;
  }

  void write(Report report, VaeSpec spec, Matrix rows) {
    file.write(rows, "x", spec.image(), across(rows.rows(), 1));
    file.tell(report, rows.rows());
  }

  /** Writes a picture of pairs that must not be torn apart. */
  void writePairs(Report report, VaeSpec spec, Matrix pairs) {
    file.write(pairs, "x", spec.image(), across(pairs.rows(), 2));
    file.tell(report, pairs.rows() / 2);
  }
}
