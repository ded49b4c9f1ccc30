// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.nio.ByteBuffer;

/** Sets for tests: the rows of another one, which are read in another way. */
public final class OtherReads {
  private OtherReads() {}

  /** Reads rows. */
  public interface Reading {
    void read(int first, int count, ByteBuffer target);
  }

  /** The set, but it says that it is not in memory. */
  public static DataSet streamed(DataSet rows) {
    return streamed(rows, rows::read);
  }

  /** A set that is not in memory. */
  public static DataSet streamed(DataSet rows, Reading reading) {
    return of(rows, false, reading);
  }

  /** A set in memory. */
  public static DataSet resident(DataSet rows, Reading reading) {
    return of(rows, true, reading);
  }

  private static DataSet of(DataSet rows, boolean resident, Reading reading) {
    RowSource source =
        new RowSource() {
          @Override
          public void read(int first, int count, ByteBuffer target) {
            reading.read(first, count, target);
          }

          @Override
          public boolean resident() {
            return resident;
          }
        };
    return new RowDataSet(DataInfo.of(rows), source);
  }
}
