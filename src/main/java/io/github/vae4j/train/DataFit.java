// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.VaeException;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.RowBlocks;
import io.github.vae4j.infer.Conditions;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import java.util.List;

/** Checks that a data set fits a model, before any computation. */
public final class DataFit {
  private DataFit() {}

  /**
   * Checks the width of rows.
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
    if (spec.condition() != null) {
      Conditions.of(spec.condition(), data);
    }
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
    List<String> names = data.columns();
    return new VaeException(
        "data "
            + data.name()
            + ": row "
            + row
            + ", column "
            + column
            + (names == null ? "" : " (" + names.get(column) + ")")
            + " is "
            + raw * data.scale()
            + ", but likelihood "
            + spec.likelihood()
            + " takes "
            + spec.likelihood().support(column));
  }
}
