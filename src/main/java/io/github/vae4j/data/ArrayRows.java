// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.Matrix;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Rows in an array of the caller, which are not copied. */
final class ArrayRows implements RowSource {
  private volatile @Nullable Matrix rows;

  ArrayRows(Matrix rows) {
    this.rows = rows;
  }

  @Override
  public void read(int first, int count, ByteBuffer target) {
    Matrix open = rows;
    if (open == null) {
      throw new IllegalStateException("the data set was closed");
    }
    int length = count * open.columns();
    target.asFloatBuffer().put(open.values(), first * open.columns(), length);
    target.position(target.position() + length * Float.BYTES);
  }

  @Override
  public boolean resident() {
    return true;
  }

  @Override
  public void close() {
    rows = null;
  }
}
