package io.github.vae4j.train;

import io.github.vae4j.VaeException;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Whether a data set can be given to a model, asked before anything is computed. */
public final class DataFit {
  private static final int CHUNK_BYTES = 1 << 22;

  private DataFit() {}

  /**
   * Checks the width of rows.
   *
   * @param spec the model
   * @param data the rows
   * @throws VaeException if they differ, naming both
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
   * Checks the width of rows and that the likelihood is defined for every value.
   *
   * @param spec the model
   * @param data the rows
   * @throws VaeException if not, naming row, column and value
   */
  public static void check(VaeSpec spec, DataSet data) {
    checkWidth(spec, data);
    int rowBytes = data.features() * data.type().bytes();
    int chunk = Math.max(1, CHUNK_BYTES / rowBytes);
    ByteBuffer rows =
        ByteBuffer.allocateDirect(Math.multiplyExact(Math.min(chunk, data.rows()), rowBytes))
            .order(ByteOrder.nativeOrder());
    boolean[] bytes = supportedBytes(spec.likelihood(), data.scale());
    for (int first = 0; first < data.rows(); first += chunk) {
      int count = Math.min(chunk, data.rows() - first);
      rows.clear();
      data.read(first, count, rows);
      rows.flip();
      for (int i = 0; i < count * data.features(); i++) {
        boolean fits =
            data.type() == DType.UINT8
                ? bytes[rows.get(i) & 0xFF]
                : spec.likelihood().supports(rows.getFloat(4 * i) * data.scale());
        if (!fits) {
          float raw = data.type() == DType.UINT8 ? rows.get(i) & 0xFF : rows.getFloat(4 * i);
          throw misfit(spec, data, first + i / data.features(), i % data.features(), raw);
        }
      }
    }
  }

  private static boolean[] supportedBytes(Likelihood likelihood, float scale) {
    boolean[] supported = new boolean[256];
    for (int i = 0; i < 256; i++) {
      supported[i] = likelihood.supports(i * scale);
    }
    return supported;
  }

  private static VaeException misfit(VaeSpec spec, DataSet data, int row, int column, float raw) {
    return new VaeException(
        "data "
            + data.name()
            + ": row "
            + row
            + ", column "
            + column
            + " is "
            + raw * data.scale()
            + ", but likelihood "
            + spec.likelihood()
            + " takes "
            + spec.likelihood().support());
  }
}
