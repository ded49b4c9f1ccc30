// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Matrix;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Opens, creates and splits data sets.
 *
 * <p>A specification is one of
 *
 * <ul>
 *   <li>{@code mnist} or {@code mnist:train}: the 60,000 bundled training images; {@code
 *       mnist:test}: the 10,000 test images
 *   <li>{@code idx:FILE} or {@code idx:FILE,LABELS}: IDX of any numeric type, plain or .gz
 *   <li>{@code idx-transposed:FILE} or {@code idx-transposed:FILE,LABELS}: IDX whose images have
 *       their columns one after the other, as those of EMNIST
 *   <li>{@code FILE.npy}, {@code FILE.npz} (if it holds one array), {@code FILE.npz:ARRAY}
 *   <li>{@code FILE.csv}, {@code FILE.tsv}: a header, then numbers; plain or compressed by gzip
 *   <li>{@code FOLDER/}: PNG and JPEG pictures of one size, or of any size with {@link
 *       OpenOptions#pictures}; sub-folders are classes, in the order of their names, or of their
 *       numbers
 * </ul>
 *
 * <p>Unsigned bytes are grey values: they stay bytes, with scale 1/255. In NPY and NPZ they have
 * scale 1 if none is above 15; {@link OpenOptions#arrays} sets another scale. Booleans (NPY) become
 * bytes 0 and 1 with scale 1. All other numbers become float32; opening a set, also a streamed one,
 * checks that they are finite, so that a NaN cannot appear in the middle of training. With {@link
 * OpenOptions#missing} a NaN is a missing value instead. Arrays of shape (N, H, W), (N, 1, H, W) or
 * (N, H, W, 1 or 3) are images; those of shape (N, 3, H, W) are images whose channels are put last.
 * {@link DataViews#shaped} gives rows another shape. {@link DataSet#remarks} says what a user
 * should know of how a source was read.
 */
public final class DataSets {
  private static final String MNIST = "mnist";
  private static final String MNIST_TEST = "mnist:test";
  private static final String IDX = "idx:";
  private static final String TRANSPOSED = "idx-transposed:";
  private static final String MEMORY = "memory";

  private DataSets() {}

  /**
   * Opens a data set with {@link OpenOptions#defaults}.
   *
   * @param spec the specification
   * @return the set; the caller closes it
   * @throws IllegalArgumentException if it has none of the forms above
   * @throws DataException if the data are missing or cannot be used
   */
  public static DataSet open(String spec) {
    return open(spec, OpenOptions.defaults());
  }

  /**
   * Opens a data set.
   *
   * @param spec the specification
   * @param options the limit of memory, and whether rows may have missing values
   * @return the set; the caller closes it
   * @throws IllegalArgumentException if it has none of the forms above
   * @throws DataException if the data are missing or cannot be used
   */
  public static DataSet open(String spec, OpenOptions options) {
    if (spec.equals(MNIST) || spec.equals("mnist:train")) {
      return Mnist.open(spec, "train");
    }
    if (spec.equals(MNIST_TEST)) {
      return Mnist.open(spec, "t10k");
    }
    if (spec.startsWith(IDX)) {
      return Idx.open(spec, spec.substring(IDX.length()), options);
    }
    if (spec.startsWith(TRANSPOSED)) {
      return PermutedRows.transposed(Idx.open(spec, spec.substring(TRANSPOSED.length()), options));
    }
    String lower = spec.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".npy")) {
      return Npy.open(spec, Path.of(spec), options);
    }
    if (lower.endsWith(".npz")) {
      return Npz.open(spec, Path.of(spec), null, options);
    }
    int array = lower.lastIndexOf(".npz:");
    if (array >= 0) {
      int end = array + ".npz".length();
      return Npz.open(spec, Path.of(spec.substring(0, end)), spec.substring(end + 1), options);
    }
    if (lower.endsWith(".csv") || lower.endsWith(".csv.gz")) {
      return CsvTable.open(spec, Path.of(spec), null, options);
    }
    if (lower.endsWith(".tsv") || lower.endsWith(".tsv.gz")) {
      return CsvTable.open(spec, Path.of(spec), '\t', options);
    }
    if (spec.endsWith("/") || (!spec.isEmpty() && Files.isDirectory(Path.of(spec)))) {
      return ImageFolder.open(spec, Path.of(spec), options);
    }
    throw new IllegalArgumentException(
        "data: expected mnist, mnist:test, idx:FILE, idx:FILE,LABELS, idx-transposed:FILE,"
            + " FILE.npy, FILE.npz, FILE.npz:ARRAY, FILE.csv, FILE.tsv or FOLDER/ with images, given \""
            + spec
            + "\"");
  }

  /**
   * Whether a specification names an array of NumPy.
   *
   * @param spec a specification
   * @return whether it is FILE.npy, FILE.npz or FILE.npz:ARRAY
   */
  public static boolean isNumpy(String spec) {
    String lower = spec.toLowerCase(Locale.ROOT);
    return lower.endsWith(".npy") || lower.endsWith(".npz") || lower.contains(".npz:");
  }

  /**
   * Whether a specification names an array.
   *
   * @param spec a specification
   * @return whether it names one of NumPy, or IDX
   */
  public static boolean isArray(String spec) {
    return isNumpy(spec) || spec.startsWith(IDX) || spec.startsWith(TRANSPOSED);
  }

  /**
   * The files that a specification names.
   *
   * @param spec a specification
   * @return the files, or the folder of images; empty for bundled data, for a query, and for a
   *     specification of no known form
   */
  public static List<Path> files(String spec) {
    if (spec.isEmpty()
        || spec.equals(MNIST)
        || spec.startsWith(MNIST + ":")
        || spec.startsWith(DuckTable.QUERY)) {
      return List.of();
    }
    if (spec.startsWith(IDX) || spec.startsWith(TRANSPOSED)) {
      return Idx.paths(spec.substring(spec.indexOf(':') + 1));
    }
    int array = spec.toLowerCase(Locale.ROOT).lastIndexOf(".npz:");
    return List.of(Path.of(array < 0 ? spec : spec.substring(0, array + ".npz".length())));
  }

  /**
   * The test set that belongs to a training set.
   *
   * @param spec a specification
   * @return that of the test set; null if none is known
   */
  public static @Nullable String testSpecOf(String spec) {
    return spec.equals(MNIST) || spec.equals("mnist:train") ? MNIST_TEST : null;
  }

  /**
   * A data set of rows in memory.
   *
   * @param values (N, D); copied
   * @return the set: FLOAT32, scale 1
   * @throws DataException if there are no rows or a value is not finite
   */
  public static DataSet of(Matrix values) {
    return of(values, null);
  }

  /**
   * A data set of images in memory.
   *
   * @param values (N, D); copied
   * @param image the shape of a row as an image; null if rows are not images
   * @return the set: FLOAT32, scale 1
   * @throws DataException if there are no rows or a value is not finite
   */
  public static DataSet of(Matrix values, @Nullable ImageShape image) {
    DataInfo info =
        new DataInfo(MEMORY, values.rows(), values.columns(), DType.FLOAT32, 1, image, null);
    return filled(info, values);
  }

  /**
   * A data set of rows in memory with missing values.
   *
   * @param values (N, D), NaN where a value is missing; copied
   * @return the set: FLOAT32, scale 1
   * @throws DataException if there are no rows or a value is infinite
   */
  public static DataSet ofMissing(Matrix values) {
    DataInfo info =
        new DataInfo(MEMORY, values.rows(), values.columns(), DType.FLOAT32, 1, null, null)
            .withValues(DType.FLOAT32, 1, true);
    return filled(info, values);
  }

  private static DataSet filled(DataInfo info, Matrix values) {
    HeapRows rows = new HeapRows(info.name(), info.type(), info.features());
    rows.reserve(info.rows());
    boolean finite = rows.put(values.values());
    return checked(info, rows.build(info.rows()), finite);
  }

  /**
   * A data set over rows in memory, for services: their values are not copied, and must not change
   * as long as the set is in use.
   *
   * @param values (N, D)
   * @return the set: FLOAT32, scale 1
   * @throws DataException if there are no rows or a value is not finite
   */
  public static DataSet over(Matrix values) {
    DataInfo info =
        new DataInfo(MEMORY, values.rows(), values.columns(), DType.FLOAT32, 1, null, null);
    boolean finite = Finite.all(values.values(), 0, values.values().length);
    return checked(info, new ArrayRows(values), finite);
  }

  /**
   * A data set of rows in memory.
   *
   * @param values rows of equal length; copied
   * @return the set: FLOAT32, scale 1
   * @throws DataException if there are no rows, their lengths differ or a value is not finite
   */
  public static DataSet of(float[][] values) {
    int features = values.length == 0 ? 0 : values[0].length;
    DataInfo info = new DataInfo(MEMORY, values.length, features, DType.FLOAT32, 1, null, null);
    HeapRows rows = new HeapRows(MEMORY, info.type(), features);
    rows.reserve(info.rows());
    boolean finite = true;
    for (int row = 0; row < info.rows(); row++) {
      if (values[row].length != features) {
        throw new DataException(
            MEMORY
                + ": row "
                + row
                + " has "
                + values[row].length
                + " values, row 0 has "
                + features
                + "; all rows must have as many");
      }
      rows.put(row, values[row], 0);
      finite &= Finite.all(values[row], 0, features);
    }
    return checked(info, rows.build(info.rows()), finite);
  }

  /** A set whose values are looked at once more, to name one, if not all of them are finite. */
  private static DataSet checked(DataInfo info, RowSource rows, boolean finite) {
    DataSet set = new RowDataSet(info, rows);
    if (!finite) {
      Finite.require(set);
    }
    return set;
  }

  /**
   * The values of some rows, scaled.
   *
   * @param set the data set
   * @param first the first row
   * @param count the number of rows
   * @return raw values times the scale, (count, D)
   * @throws DataException if they do not fit into the Java heap
   */
  public static Matrix values(DataSet set, int first, int count) {
    return values(set, first, count, set.scale());
  }

  static Matrix values(DataSet set, int first, int count, float scale) {
    Objects.checkFromIndexSize(first, count, set.rows());
    Matrix matrix = Heap.matrix(set.name(), count, set.features());
    ByteBuffer raw = Heap.allocate(set.name(), set.features() * set.type().bytes());
    for (int row = 0; row < count; row++) {
      set.read(first + row, 1, raw.clear());
      for (int d = 0; d < set.features(); d++) {
        float value =
            set.type() == DType.UINT8
                ? Byte.toUnsignedInt(raw.get(d))
                : raw.getFloat(d * Float.BYTES);
        matrix.values()[row * set.features() + d] = value * scale;
      }
    }
    return matrix;
  }

  /**
   * Some rows of a set, in the given order. The result is a view: it reads from the set, which must
   * stay open; closing the view does nothing.
   *
   * @param set the data set
   * @param rows their numbers, at least one; copied
   * @return the view
   */
  public static DataSet rows(DataSet set, int[] rows) {
    return RowView.of(set, rows);
  }

  /**
   * The first rows of a set: a view like {@link #rows}.
   *
   * @param set the data set
   * @param count the number of rows, at least 1; all rows if the set has fewer
   * @return the view
   */
  public static DataSet head(DataSet set, int count) {
    if (count < 1) {
      throw new IllegalArgumentException("head: expected 1 row or more, given " + count);
    }
    int rows = Math.min(count, set.rows());
    return RowView.of(set, IntStream.range(0, rows).toArray());
  }

  /**
   * Splits a set at random. The choice of the rows that are held out is a function of only the seed
   * and the number of rows.
   *
   * @param set the data set, at least 2 rows; it must stay open
   * @param fraction of the rows to hold out for validation, between 0 and 1; at least one row is
   *     held out and one is kept
   * @param seed the seed
   * @return two views
   */
  public static Split split(DataSet set, double fraction, long seed) {
    return Split.of(set, fraction, seed);
  }

  /**
   * A set of zeros and ones, drawn once: each value v of [0, 1] becomes 1 with probability v. The
   * draw of a value depends on the seed, its row in the set given, and its column. A resident set
   * is drawn into new memory. The rows of a streamed set, which must stay open, are drawn when they
   * are read, with the same values each time.
   *
   * @param set the data set
   * @param seed the seed
   * @return the set: UINT8, or FLOAT32 if values may be missing; scale 1
   * @throws DataException if a value is outside [0, 1]; it names row and column
   */
  public static DataSet binarizeFixed(DataSet set, long seed) {
    return BinarizedRows.of(set, seed);
  }

  /**
   * Refuses a set that cannot be drawn as zeros and ones.
   *
   * @param set the data set
   * @throws DataException if a value is outside [0, 1]; it names row and column
   */
  public static void requireProbabilities(DataSet set) {
    BinarizedRows.requireProbabilities(set);
  }
}
