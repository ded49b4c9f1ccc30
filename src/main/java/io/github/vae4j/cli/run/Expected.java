// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.data.DataNames;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.data.OpenOptions;
import io.github.vae4j.data.PictureOptions;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.schema.Schema;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a model takes.
 *
 * @param names of its columns and classes
 * @param counts whether it has columns of counts, so that unsigned bytes are no grey values
 * @param table the reading of tables by a schema; null for rows of numbers
 * @param image the shape of a row as an image; null if rows are not images, or if it is not known
 */
public record Expected(
    DataNames names, boolean counts, @Nullable TableReading table, @Nullable ImageShape image) {
  private static final int COLUMNS = 4096;

  /**
   * The rows of a model.
   *
   * @param model the model
   * @return their description
   */
  public static Expected of(VaeSpec model) {
    Schema schema = model.schema();
    return new Expected(
        model.names(),
        schema == null && counts(model.likelihood()),
        schema == null ? null : TableReading.of(schema),
        model.image());
  }

  /**
   * The rows of a model that is to be made for them.
   *
   * @param likelihood the model's; null if it is chosen by the values
   * @return their description
   */
  public static Expected ofNew(@Nullable Likelihood likelihood) {
    return new Expected(DataNames.NONE, likelihood != null && counts(likelihood), null, null);
  }

  /**
   * The rows of tables that are read in a way.
   *
   * @param reading of tables
   * @return a copy
   */
  public Expected with(@Nullable TableReading reading) {
    return new Expected(names, counts, reading, image);
  }

  /**
   * Rows whose reading shows its progress, if they are those of a table.
   *
   * @param report of the command
   * @return a copy
   */
  public Expected showing(Report report) {
    return table == null ? this : with(table.showing(report));
  }

  private static boolean counts(Likelihood likelihood) {
    return IntStream.range(0, COLUMNS)
        .anyMatch(column -> likelihood.supports(column, 2) && !likelihood.supports(column, 0.5));
  }

  /**
   * The options of opening such rows.
   *
   * @param missing whether rows may have missing values
   * @param pictures how a folder of pictures is read; null for the defaults
   * @return the options; pictures have the channels of these rows, if others are not asked for
   */
  public OpenOptions options(boolean missing, @Nullable PictureOptions pictures) {
    PictureOptions asked = Objects.requireNonNullElse(pictures, PictureOptions.PLAIN);
    PictureOptions own =
        image == null || asked.channels() != null ? asked : asked.withChannels(image.channels());
    return OpenOptions.defaults().withCounts(counts).withMissing(missing).withPictures(own);
  }
}
