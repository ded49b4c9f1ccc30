// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.checkpoint.DataPrints;
import io.github.vae4j.checkpoint.DataSource;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.Fingerprint;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.data.Split;
import io.github.vae4j.tensor.Arena;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a run.
 *
 * @param train training rows
 * @param test rows for the evaluation; null for none
 */
public record TrainData(DataSet train, @Nullable DataSet test) {
  /**
   * Opens the rows.
   *
   * @param source the data of the run
   * @param seed of the split, if rows are held out
   * @param arena closes the opened data sets
   * @return the rows
   */
  public static TrainData open(DataSource source, long seed, Arena arena) {
    DataSet train = RowFiles.train(source, arena);
    if (source.test() != null) {
      return new TrainData(train, RowFiles.test(source, source.test(), arena));
    }
    if (source.validationFraction() > 0) {
      Split split = DataSets.split(train, source.validationFraction(), seed);
      return new TrainData(arena.own(split.train()), arena.own(split.validation()));
    }
    return new TrainData(train, null);
  }

  /**
   * The fingerprints of the rows.
   *
   * @return the fingerprints
   */
  public DataPrints prints() {
    return new DataPrints(Fingerprint.of(train), test == null ? null : Fingerprint.of(test));
  }

  /** The name of a row, in the plural. */
  String unit() {
    return train.image() == null ? "rows" : "images";
  }

  /** The line of the report about the data. */
  String describe(DataSource source) {
    String text = source.train() + ", " + Numbers.count(train.rows()) + " " + unit() + " of ";
    ImageShape image = train.image();
    text +=
        image == null
            ? Numbers.plural(train.features(), "value")
            : image.width() + " x " + image.height() + (image.channels() == 3 ? " in colour" : "");
    text += train.missing() ? ", some may be missing" : "";
    text += train.weighted() ? ", weighted" : "";
    if (test == null) {
      return text + "; no test data";
    }
    String name = source.test() == null ? "held out" : source.test();
    return text + "; test: " + name + ", " + Numbers.count(test.rows());
  }
}
