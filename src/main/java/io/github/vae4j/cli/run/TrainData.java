// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.checkpoint.DataPrints;
import io.github.vae4j.checkpoint.DataSource;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.Fingerprint;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.data.Split;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.TrainingRows;
import io.github.vae4j.tensor.Arena;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a run.
 *
 * @param train training rows
 * @param test rows for the evaluation; null for none
 * @param plain the training rows, each once and without the noise that rows of tables have
 */
public record TrainData(DataSet train, @Nullable DataSet test, DataSet plain) {
  /**
   * Rows without noise.
   *
   * @param train training rows
   * @param test rows for the evaluation; null for none
   */
  public TrainData(DataSet train, @Nullable DataSet test) {
    this(train, test, train);
  }

  /**
   * Opens the rows.
   *
   * @param source the data of the run
   * @param seed of the split, if rows are held out
   * @param expected the rows of the model; the test rows of a new model are as its training rows
   * @param arena closes the opened data sets
   * @return the rows
   */
  public static TrainData open(DataSource source, long seed, Expected expected, Arena arena) {
    return of(RowFiles.train(source, expected, arena), source, seed, expected, arena);
  }

  /**
   * Splits training rows that are open, or adds the test rows.
   *
   * @param train all rows of the training data
   * @param source the data of the run
   * @param seed of the split, if rows are held out
   * @param expected the rows of the model
   * @param arena closes the opened data sets
   * @return the rows
   */
  public static TrainData of(
      DataSet train, DataSource source, long seed, Expected expected, Arena arena) {
    TrainData once = once(train, source, seed, expected, arena);
    TableReading table = expected.table();
    if (table != null) {
      DataSet changed = changed(once.train, source, new Features(table.schema()), seed);
      return new TrainData(arena.own(changed), once.test, once.train);
    }
    return once;
  }

  /**
   * The training rows of a table as a run has them: several times, with noise and hidden cells.
   *
   * @param rows without both; must stay open
   * @return the rows, which the caller closes
   */
  static DataSet changed(DataSet rows, DataSource source, Features features, long seed) {
    return TrainingRows.of(features, rows, source.passesOrOne(), source.hiddenOrNone(), seed);
  }

  private static TrainData once(
      DataSet train, DataSource source, long seed, Expected expected, Arena arena) {
    if (source.test() != null) {
      Expected same = expected.as(source, train);
      return new TrainData(train, RowFiles.test(source, source.test(), same, arena));
    }
    return split(train, source.validationFraction(), seed, arena);
  }

  /** The rows without the part that a run holds out, and that part; all of them if it is 0. */
  static TrainData split(DataSet rows, double heldOut, long seed, Arena arena) {
    if (heldOut == 0) {
      return new TrainData(rows, null);
    }
    Split split = DataSets.split(rows, heldOut, seed);
    return new TrainData(arena.own(split.train()), arena.own(split.validation()));
  }

  /**
   * The fingerprints of the rows.
   *
   * @return the fingerprints
   */
  public DataPrints prints() {
    return new DataPrints(Fingerprint.of(train), test == null ? null : Fingerprint.of(test));
  }

  /**
   * The remarks on how the rows were read.
   *
   * @return each once
   */
  public List<String> remarks() {
    Set<String> remarks = new LinkedHashSet<>(train.remarks());
    if (test != null) {
      remarks.addAll(test.remarks());
    }
    return List.copyOf(remarks);
  }

  /** The name of a row, in the plural. */
  String unit() {
    ImageShape image = train.image();
    return image == null ? "rows" : image.isSeries() ? "series" : "images";
  }

  private static String text(ImageShape image) {
    String sizes =
        image.isSeries()
            ? Numbers.plural(image.width(), "value")
            : image.width()
                + " x "
                + image.height()
                + (image.width() == image.height() ? "" : " (width x height)");
    if (image.channels() == 1) {
      return sizes;
    }
    boolean colour = image.hasColours() && !image.isSeries();
    return sizes + (colour ? " in colour" : " in " + image.channels() + " channels");
  }

  /** The line of the report about the data. */
  String describe(DataSource source) {
    Integer passes = source.passes();
    int rows = passes == null ? train.rows() : train.rows() / passes;
    String text = source.train() + ", " + Numbers.count(rows) + " " + unit() + " of ";
    ImageShape image = train.image();
    text += image == null ? Numbers.plural(train.features(), "value") : text(image);
    text += passes == null ? "" : ", " + passes + " times in an epoch";
    double hidden = source.hiddenOrNone();
    text += hidden == 0 ? "" : ", " + Numbers.percent(hidden) + " of their cells hidden";
    text += train.missing() ? ", some may be missing" : "";
    text += train.weighted() ? ", weighted" : "";
    if (test == null) {
      return text + "; no test data";
    }
    String name = source.test() == null ? "held out" : source.test();
    return text + "; test: " + name + ", " + Numbers.count(test.rows());
  }
}
