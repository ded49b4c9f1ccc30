// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.checkpoint.DataSource;
import io.github.vae4j.checkpoint.RowReading;
import io.github.vae4j.data.ArrayOptions;
import io.github.vae4j.data.ArrayOptions.Bytes;
import io.github.vae4j.data.DataNames;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.data.Fingerprint;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.data.OpenOptions;
import io.github.vae4j.data.PictureOptions;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.tensor.DType;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a model takes.
 *
 * @param names of its columns and classes
 * @param bytes the meaning of an array's unsigned bytes; null if it is not known
 * @param table the reading of tables by a schema; null for rows of numbers
 * @param image the shape of a row as an image; null if rows are not images, or if it is not known
 */
public record Expected(
    DataNames names,
    @Nullable Bytes bytes,
    @Nullable TableReading table,
    @Nullable ImageShape image) {
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
        schema == null ? counts(model.likelihood()) : null,
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
    return new Expected(DataNames.NONE, likelihood == null ? null : counts(likelihood), null, null);
  }

  /**
   * The rows of tables that are read in a way.
   *
   * @param reading of tables
   * @return a copy
   */
  public Expected with(@Nullable TableReading reading) {
    return new Expected(names, bytes, reading, image);
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

  /**
   * Rows whose arrays of unsigned bytes are read as those of the training data.
   *
   * @param source the data of the run; null if it is not known
   * @param train the fingerprint of the training rows; null if it is not known
   * @return a copy
   */
  public Expected as(@Nullable DataSource source, @Nullable Fingerprint train) {
    return source == null || train == null
        ? this
        : as(source, train.type().equals(DType.UINT8.name()), train.scale());
  }

  /**
   * Rows like those of a training set.
   *
   * @param source the data of the run
   * @param train the training rows
   * @return a copy with their names, shape and meaning of bytes
   */
  Expected as(DataSource source, DataSet train) {
    return new Expected(DataNames.of(train), bytes, table, train.image())
        .as(source, train.type() == DType.UINT8, train.scale());
  }

  private Expected as(DataSource source, boolean unsigned, double scale) {
    return unsigned && (scale != 1 || DataSets.isNumpy(source.train()))
        ? new Expected(names, scale == 1 ? Bytes.NUMBERS : Bytes.GREY, table, image)
        : this;
  }

  /** Columns of counts have no grey values. */
  private static @Nullable Bytes counts(Likelihood likelihood) {
    boolean counts =
        IntStream.range(0, COLUMNS)
            .anyMatch(
                column -> likelihood.supports(column, 2) && !likelihood.supports(column, 0.5));
    return counts ? Bytes.NUMBERS : null;
  }

  /**
   * The options of opening such rows.
   *
   * @param spec of the rows
   * @param reading the options that are asked for
   * @return the options; bytes and channels are those of these rows, if others are not asked for
   */
  public OpenOptions options(String spec, RowReading reading) {
    ArrayOptions arrays = reading.arraysOrPlain();
    boolean known = arrays.bytes() == null && DataSets.isNumpy(spec);
    PictureOptions pictures = Objects.requireNonNullElse(reading.pictures(), PictureOptions.PLAIN);
    return OpenOptions.defaults()
        .withMissing(reading.missing())
        .withArrays(known ? arrays.withBytes(bytes) : arrays)
        .withPictures(
            image == null || pictures.channels() != null || !image.hasColours()
                ? pictures
                : pictures.withChannels(image.channels()));
  }

  /**
   * Rows with the names and the shape of these.
   *
   * @param rows as they were read
   * @param reading the options that are asked for
   * @return the columns in their order, as images if the reading has a shape; rows of another
   *     length than a known model's stay as they are, because the model refuses them
   */
  public DataSet fit(DataSet rows, RowReading reading) {
    DataSet matched = names.match(rows);
    boolean known = image != null && image.features() != matched.features();
    if (reading.shape() == null || known) {
      return matched;
    }
    // Columns that are found by name have the order of the model, channels last.
    boolean byName = names.columns() != null && rows.columns() != null;
    return DataViews.shaped(matched, reading.shape(), byName ? null : reading.layout());
  }
}
