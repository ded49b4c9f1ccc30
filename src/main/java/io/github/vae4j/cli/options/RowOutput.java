// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.cli.run.Report;
import io.github.vae4j.cli.run.RowLabels;
import io.github.vae4j.files.AtomicFiles;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.picture.GridLabels;
import io.github.vae4j.tensor.Matrix;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the file for decoded rows. */
public final class RowOutput {
  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      converter = OutputNames.OfRows.class,
      description =
          "FILE.png (if rows are images), FILE.npy (images in their shape), FILE.csv or"
              + " FILE.parquet.")
  private OutputFile file = new OutputFile(Path.of(""), OutputFile.Kind.CSV);

  @Option(
      names = "--columns",
      paramLabel = "N",
      description = "Images, or pairs, in a line of the picture (default: about as many as lines).")
  private @Nullable Integer columns;

  /**
   * Whether rows are drawn as images.
   *
   * @return whether the file is a picture
   */
  public boolean isPicture() {
    return file.isPicture();
  }

  /**
   * Whether rows are those of a table of texts.
   *
   * @return whether the file is CSV or Parquet
   */
  public boolean isTable() {
    return file.isTable();
  }

  /**
   * Writes a table of texts.
   *
   * @param csv writes the rows as CSV
   */
  public void writeText(AtomicFiles.Content csv) {
    file.writeText(csv);
  }

  /**
   * Reports that the file was written.
   *
   * @param report receives the line
   * @param rows the number of its rows
   */
  public void tell(Report report, int rows) {
    file.tell(report, rows);
  }

  /**
   * The file.
   *
   * @return its place
   */
  public Path path() {
    return file.path();
  }

  /**
   * Refuses a kind of file that is not possible for the model's rows; called before any
   * computation.
   *
   * @param spec the model of the rows
   */
  public void check(VaeSpec spec) {
    file.refuseAnimation();
    file.shape(spec.image());
    if (columns != null && columns < 1) {
      throw new IllegalArgumentException("--columns: expected 1 or more, given " + columns);
    }
  }

  /** The number of images in a line of a picture, a multiple of a number. */
  private int across(int cells, int multiple) {
    double square = columns == null ? Math.ceil(Math.sqrt(cells)) : (double) columns * multiple;
    return Math.max(1, (int) Math.ceil(square / multiple)) * multiple;
  }

  /**
   * Writes rows.
   *
   * @param report receives the line about the file
   * @param shape of the rows
   * @param rows the rows
   * @param labels of a picture
   */
  public void write(Report report, OutputShape shape, Matrix rows, GridLabels labels) {
    file.write(rows, "x", shape, across(rows.rows(), 1), labels);
    file.tell(report, rows.rows());
  }

  /**
   * Writes a picture of pairs, each of which stays in one line.
   *
   * @param report receives the line about the file
   * @param shape of the rows
   * @param pairs two rows per pair
   * @param cells below the images; empty for none
   */
  public void writePairs(Report report, OutputShape shape, Matrix pairs, List<String> cells) {
    int across = across(pairs.rows(), 2);
    file.write(pairs, "x", shape, across, RowLabels.pairs(across, cells));
    file.tell(report, pairs.rows() / 2);
  }
}
