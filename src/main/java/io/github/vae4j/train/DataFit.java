// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Augmentation;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.data.RowBlocks;
import io.github.vae4j.infer.Conditions;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.train.TrainConfig.Augment;
import io.github.vae4j.train.TrainConfig.Binarize;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Checks that a data set fits a model, before any computation. */
public final class DataFit {
  private DataFit() {}

  /**
   * Checks the width of rows, and that columns have the names of the model's, in their order.
   *
   * @param spec the model
   * @param data the rows
   * @throws VaeException if the widths differ; it names both
   */
  public static void checkWidth(VaeSpec spec, DataSet data) {
    if (data.features() != spec.features()) {
      throw new VaeException(
          "data "
              + data.name()
              + " has rows of "
              + data.features()
              + " values, the model was made for "
              + spec.features());
    }
    ImageShape own = spec.image();
    ImageShape given = data.image();
    if (own != null && given != null && !own.equals(given)) {
      throw new VaeException(
          "data "
              + data.name()
              + " has images of "
              + text(given)
              + ", the model was made for "
              + text(own));
    }
    spec.names().check(data);
  }

  private static String text(ImageShape image) {
    return image.height() + " x " + image.width() + " pixels in " + channels(image);
  }

  private static String channels(ImageShape image) {
    return image.channels() == 1 ? "1 channel" : image.channels() + " channels";
  }

  /**
   * Checks the width of rows, and that the data have the condition of the model.
   *
   * @param spec the model
   * @param data the rows
   * @throws VaeException if not; it names the row
   */
  public static void checkGiven(VaeSpec spec, DataSet data) {
    checkWidth(spec, data);
    List<String> classes = spec.names().classes();
    List<String> given = data.classes();
    if (spec.labelled() && classes != null && given != null && !begins(given, classes)) {
      throw new VaeException(
          "data "
              + data.name()
              + ": its classes are not those of the model; DataNames.match finds them by name");
    }
    if (spec.condition() != null) {
      Conditions.of(spec.condition(), data);
    }
  }

  /** Further classes follow those of the model. */
  private static boolean begins(List<String> given, List<String> classes) {
    return given.size() >= classes.size() && given.subList(0, classes.size()).equals(classes);
  }

  /**
   * Checks the width of rows, that the likelihood is defined for every value that is not missing,
   * and that the data have the condition of the model.
   *
   * @param spec the model
   * @param data the rows
   * @throws VaeException if not; it names row, column and value
   */
  public static void check(VaeSpec spec, DataSet data) {
    checkGiven(spec, data);
    boolean[][] bytes = supportedBytes(spec, data);
    RowBlocks.forEach(
        data, (first, count, raw) -> checkBlock(spec, data, bytes, first, count, raw));
  }

  /**
   * Checks training data: as {@link #check}, and that each column has a value, that values which
   * are to be drawn as 0 or 1 are in [0, 1], and that rows which are to be mirrored or shifted are
   * images.
   *
   * @param spec the model
   * @param train the training rows
   * @param test rows for the evaluation; null for none
   * @param config whether values become 0 or 1, and images are changed
   * @throws VaeException if not; it names row and column
   * @throws IllegalArgumentException if rows are to be mirrored or shifted and are not images, or
   *     smaller than the shift
   */
  public static void checkTraining(
      VaeSpec spec, DataSet train, @Nullable DataSet test, TrainConfig config) {
    if (config.binarize() != Binarize.NONE) {
      DataSets.requireProbabilities(train);
      if (test != null) {
        DataSets.requireProbabilities(test);
      }
    }
    check(spec, train);
    if (test != null) {
      check(spec, test);
    }
    if (train.missing()) {
      requireValues(train);
    }
    augmentation(spec, train, config.augment());
  }

  /**
   * The random changes of images of their size.
   *
   * @throws IllegalArgumentException if rows are not images, or a shift would show no pixel of them
   */
  static Augmentation augmentation(VaeSpec spec, DataSet train, @Nullable Augment augment) {
    if (augment == null) {
      return Augmentation.NONE;
    }
    ImageShape image = train.image() == null ? spec.image() : train.image();
    if (image == null) {
      throw new IllegalArgumentException(
          (augment.flip() ? "flip" : "shift")
              + ": expected images, given data "
              + train.name()
              + " with rows of "
              + train.features()
              + " values: leave mirrors and shifts out");
    }
    int most = Math.min(image.height(), image.width()) - 1;
    if (augment.shift() > most) {
      throw new IllegalArgumentException(
          "shift: expected 0 to "
              + most
              + ", less than the smaller side of images of "
              + image.width()
              + " x "
              + image.height()
              + " pixels, given "
              + augment.shift());
    }
    return new Augmentation(
        image.height(), image.width(), image.channels(), augment.flip(), augment.shift());
  }

  private static void requireValues(DataSet train) {
    BitSet seen = new BitSet(train.features());
    RowBlocks.forEach(
        train,
        (first, count, rows) -> {
          for (int i = 0; i < count * train.features(); i++) {
            if (!Float.isNaN(rows.getFloat(i * Float.BYTES))) {
              seen.set(i % train.features());
            }
          }
        });
    int empty = seen.nextClearBit(0);
    if (empty < train.features()) {
      throw new VaeException(
          "data "
              + train.name()
              + ": "
              + train.columnPlace(empty)
              + " has no value in any row: leave it out");
    }
  }

  private static void checkBlock(
      VaeSpec spec, DataSet data, boolean[][] bytes, int first, int count, ByteBuffer rows) {
    for (int i = 0; i < count * data.features(); i++) {
      int column = i % data.features();
      boolean fits =
          data.type() == DType.UINT8
              ? bytes[column][rows.get(i) & 0xFF]
              : fits(spec, data, column, rows.getFloat(4 * i) * data.scale());
      if (!fits) {
        float raw = data.type() == DType.UINT8 ? rows.get(i) & 0xFF : rows.getFloat(4 * i);
        throw misfit(spec, data, first + i / data.features(), column, raw);
      }
    }
  }

  private static boolean fits(VaeSpec spec, DataSet data, int column, float value) {
    return (data.missing() && Float.isNaN(value)) || spec.likelihood().supports(column, value);
  }

  /** Whether each column accepts each value of a byte; empty if the data are not bytes. */
  private static boolean[][] supportedBytes(VaeSpec spec, DataSet data) {
    int columns = data.type() == DType.UINT8 ? data.features() : 0;
    boolean[][] supported = new boolean[columns][256];
    for (int column = 0; column < columns; column++) {
      for (int i = 0; i < 256; i++) {
        supported[column][i] = spec.likelihood().supports(column, i * data.scale());
      }
    }
    return supported;
  }

  private static VaeException misfit(VaeSpec spec, DataSet data, int row, int column, float raw) {
    return new VaeException(
        "data "
            + data.name()
            + ": "
            + data.place(row, column)
            + " is "
            + raw * data.scale()
            + ", but likelihood "
            + spec.likelihood()
            + " takes "
            + spec.likelihood().support(column)
            + (data.type() == DType.UINT8 && data.scale() != 1
                ? " (its bytes are read as grey values, divided by 255)"
                : ""));
  }

  /** The mean of the rows' {@link DataSet#logJacobian}, which the losses of steps lack. */
  static double meanLogJacobian(DataSet data) {
    return IntStream.range(0, data.rows()).mapToDouble(data::logJacobian).average().orElse(0);
  }
}
