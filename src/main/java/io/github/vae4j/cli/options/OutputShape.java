// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.checkpoint.DataSource;
import io.github.vae4j.checkpoint.RunFile;
import io.github.vae4j.data.ArrayOptions;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a model's rows in the arrays that commands write. The arrays are read again as the
 * same rows.
 *
 * @param image the shape of a row as an image, channels last; null if rows are not images
 * @param channelsFirst whether arrays have the channels of a colour image first, because the
 *     model's run reads them so (--layout nchw)
 */
public record OutputShape(@Nullable ImageShape image, boolean channelsFirst) {
  /**
   * The shape of a model's rows.
   *
   * @param source has the run of the model
   * @param spec the model
   * @return the shape
   */
  public static OutputShape of(ModelSource source, VaeSpec spec) {
    RunFile run = spec.image() == null ? null : source.run();
    DataSource data = run == null ? null : run.data();
    ArrayOptions arrays = data == null ? null : data.readingOrPlain().arrays();
    boolean first = arrays != null && arrays.layout() == ArrayOptions.Layout.NCHW;
    return new OutputShape(spec.image(), first);
  }

  /** The sizes of a row: (H, W) of a grey image, (H, W, 3) or (3, H, W) of one in colour. */
  int[] sizes(int columns) {
    if (image == null) {
      return new int[] {columns};
    } else if (image.channels() == 1) {
      return new int[] {image.height(), image.width()};
    }
    return channelsFirst
        ? new int[] {image.channels(), image.height(), image.width()}
        : new int[] {image.height(), image.width(), image.channels()};
  }

  /** Rows in the order of an array: channel by channel where the channels come first. */
  Matrix ordered(Matrix rows) {
    if (image == null || image.channels() == 1 || !channelsFirst) {
      return rows;
    }
    int[] places = image.channelsFirst();
    Matrix planes = Matrix.zeros(rows.rows(), rows.columns());
    for (int row = 0; row < rows.rows(); row++) {
      for (int i = 0; i < places.length; i++) {
        planes.values()[row * rows.columns() + places[i]] = rows.at(row, i);
      }
    }
    return planes;
  }
}
