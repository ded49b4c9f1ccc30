// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.files.ScratchFile;
import io.github.vae4j.tensor.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects rows of numbers whose count is not known in advance, and makes a data set of them. Rows
 * beyond a limit go to a scratch file, from which they are read on demand.
 */
public final class RowBuffer implements AutoCloseable {
  private static final int MAP_BYTES = 1 << 30;

  private final String name;
  private final List<String> columns;
  private final long residentBytes;
  private final int rowBytes;
  private final ByteBuffer line;
  private @Nullable HeapRows heap;
  private @Nullable ScratchFile scratch;
  private @Nullable ByteBuffer pending;
  private int count;
  private int[] labels = new int[16];
  private float[] weights = new float[16];
  private double[] logJacobians = new double[16];
  private int[] places = new int[16];

  /**
   * The notes of a row.
   *
   * @param label its class; -1 for none
   * @param weight 0 or more
   * @param logJacobian of the map from the source's values to the row's, nats
   * @param line of the source, from 1
   */
  public record Note(int label, float weight, double logJacobian, long line) {}

  /**
   * A buffer without rows.
   *
   * @param name of the data set, for messages
   * @param columns a name for each value of a row
   * @param residentBytes the limit from which rows are on disk
   */
  public RowBuffer(String name, List<String> columns, long residentBytes) {
    this.name = name;
    this.columns = List.copyOf(columns);
    this.residentBytes = residentBytes;
    this.rowBytes = Math.multiplyExact(columns.size(), Float.BYTES);
    this.line = ByteBuffer.allocate(rowBytes).order(ByteOrder.nativeOrder());
    this.heap = new HeapRows(name, DType.FLOAT32, columns.size());
  }

  /**
   * Adds a row.
   *
   * @param row a value for each column; NaN for a missing one
   * @param note its notes
   * @throws DataException if there is no room for it
   */
  public void add(float[] row, Note note) {
    if (count == Integer.MAX_VALUE - 8) {
      throw new DataException(name + ": has more than " + count + " rows, the most");
    }
    if (heap != null && (long) count * rowBytes >= residentBytes) {
      spill(heap);
    }
    if (heap == null) {
      line.clear().asFloatBuffer().put(row, 0, columns.size());
      append(line);
    } else {
      heap.put(count, row, 0);
    }
    if (count == labels.length) {
      grow();
    }
    labels[count] = note.label;
    weights[count] = note.weight;
    logJacobians[count] = note.logJacobian;
    places[count] = (int) Math.min(note.line, Integer.MAX_VALUE);
    count++;
  }

  private void grow() {
    int room = (int) Math.min(Integer.MAX_VALUE - 8, 2L * count);
    labels = Arrays.copyOf(labels, room);
    weights = Arrays.copyOf(weights, room);
    logJacobians = Arrays.copyOf(logJacobians, room);
    places = Arrays.copyOf(places, room);
  }

  /** Moves the rows to a scratch file. */
  private void spill(HeapRows rows) {
    try {
      scratch = ScratchFile.open();
    } catch (IOException e) {
      throw unwritten(e);
    }
    pending = ByteBuffer.allocateDirect(Math.max(rowBytes, 1 << 20)).order(ByteOrder.nativeOrder());
    ByteBuffer row = ByteBuffer.allocate(rowBytes).order(ByteOrder.nativeOrder());
    if (count > 0) {
      RowSource source = rows.build(count);
      for (int i = 0; i < count; i++) {
        source.read(i, 1, row.clear());
        append(row);
      }
    }
    heap = null;
  }

  private void append(ByteBuffer row) {
    ByteBuffer block = pending;
    if (block == null) {
      throw new IllegalStateException("closed");
    }
    if (block.remaining() < rowBytes) {
      flush();
    }
    block.put(row.duplicate().position(0).limit(rowBytes));
  }

  private void flush() {
    ByteBuffer block = pending;
    ScratchFile file = scratch;
    if (block == null || file == null) {
      throw new IllegalStateException("closed");
    }
    try {
      file.append(block.flip());
    } catch (IOException e) {
      throw unwritten(e);
    }
    block.clear();
  }

  private DataException unwritten(IOException e) {
    return new DataException(
        name
            + ": its rows do not fit into memory and cannot be written to a scratch file ("
            + e.getMessage()
            + "); name a folder with room by -D"
            + ScratchFile.FOLDER_PROPERTY
            + "=FOLDER, or give java a larger -Xmx",
        e);
  }

  /**
   * The number of rows.
   *
   * @return rows that were added
   */
  public int count() {
    return count;
  }

  /**
   * Makes the data set; no row can be added after it.
   *
   * @param missing whether rows may have missing values
   * @param classes the names of labels; null for none
   * @param weighted whether rows have different weights
   * @param covariates of the rows; null for none
   * @param remarks on the source
   * @return the set; the caller closes it
   * @throws DataException if there are no rows
   */
  public DataSet build(
      boolean missing,
      @Nullable List<String> classes,
      boolean weighted,
      @Nullable DataSet covariates,
      List<String> remarks) {
    RowNotes notes = RowNotes.NONE.withPlaces(new RowPlaces.Lines(Arrays.copyOf(places, count)));
    if (Arrays.stream(labels, 0, count).anyMatch(label -> label >= 0)) {
      notes = notes.withLabels(Arrays.copyOf(labels, count), classes);
    }
    notes = weighted ? notes.withWeights(Arrays.copyOf(weights, count)) : notes;
    notes = covariates == null ? notes : notes.withCovariates(covariates);
    if (Arrays.stream(logJacobians, 0, count).anyMatch(log -> log != 0)) {
      notes = notes.withLogJacobians(Arrays.copyOf(logJacobians, count));
    }
    DataInfo info =
        new DataInfo(
            name,
            count,
            columns.size(),
            DType.FLOAT32,
            1,
            null,
            missing,
            new Columns(columns, Columns.first(columns.size())),
            notes,
            List.copyOf(remarks));
    return new RowDataSet(info, source());
  }

  /** The rows as the source of a data set. */
  RowSource source() {
    HeapRows rows = heap;
    ScratchFile file = scratch;
    if (rows != null) {
      return rows.build(count);
    }
    if (file == null) {
      throw new IllegalStateException("closed");
    }
    flush();
    int perChunk = Math.max(1, MAP_BYTES / rowBytes);
    List<ByteBuffer> chunks = new ArrayList<>();
    try {
      for (long first = 0; first < count; first += perChunk) {
        long here = Math.min(perChunk, count - first);
        chunks.add(file.map(first * rowBytes, here * rowBytes));
      }
    } catch (IOException e) {
      throw DataException.reading(name, e);
    }
    return new ChunkedRows(chunks, perChunk, columns.size(), ElementType.FLOAT32, false);
  }

  /** Frees the memory of rows that are not in a data set; the data sets stay valid. */
  @Override
  public void close() {
    heap = null;
    pending = null;
    ScratchFile file = scratch;
    scratch = null;
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw DataException.reading(name, e);
      }
    }
  }
}
