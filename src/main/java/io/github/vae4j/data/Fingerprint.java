// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.files.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Tells data sets apart without keeping them: number and shape of rows, the columns' names and
 * hashes. The hashes cover all rows of a set of up to 64 MiB, and of a larger one as many rows as
 * make 64 MiB, evenly spaced, with the first and the last. So a change of single values in a larger
 * set may not be seen.
 *
 * @param rows the number of rows
 * @param features the number of values in a row
 * @param type of the raw values
 * @param scale the factor from raw values to values
 * @param image width x height x channels; null if rows are not images
 * @param columns the hash of the columns' names in their order; null if they have none
 * @param values the hash of the values
 * @param labels the hash of the labels; null if there are none
 * @param weights the hash of the rows' weights; null if they are equal
 * @param covariates the hash of the covariates; null if there are none
 */
public record Fingerprint(
    int rows,
    int features,
    String type,
    double scale,
    @Nullable String image,
    @Nullable String columns,
    String values,
    @Nullable String labels,
    @Nullable String weights,
    @Nullable String covariates) {
  private static final int BYTES = 1 << 26;
  private static final int DIGITS = 32;

  /**
   * The fingerprint of a data set.
   *
   * @param set the rows
   * @return the fingerprint
   */
  public static Fingerprint of(DataSet set) {
    ImageShape image = set.image();
    List<String> columns = set.columns();
    DataSet covariates = set.covariates();
    return new Fingerprint(
        set.rows(),
        set.features(),
        set.type().name(),
        set.scale(),
        image == null ? null : image.width() + " x " + image.height() + " x " + image.channels(),
        columns == null ? null : text(String.join("\n", columns)),
        values(set),
        set.label(0) < 0 ? null : numbers(set.rows(), set::label),
        set.weighted()
            ? numbers(set.rows(), row -> Float.floatToRawIntBits(set.weight(row)))
            : null,
        covariates == null ? null : values(covariates));
  }

  private static String text(String text) {
    return Sha256.hex(text.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
  }

  private static String values(DataSet set) {
    MessageDigest hash = Sha256.begin();
    long rowBytes = (long) set.features() * set.type().bytes();
    ByteBuffer row = ByteBuffer.allocate(Math.toIntExact(rowBytes)).order(ByteOrder.nativeOrder());
    sampled(
        set.rows(),
        rowBytes,
        at -> {
          set.read(at, 1, row.clear());
          hash.update(row.flip());
        });
    return Sha256.hex(hash).substring(0, DIGITS);
  }

  private static String numbers(int rows, IntUnaryOperator number) {
    MessageDigest hash = Sha256.begin();
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES);
    sampled(
        rows, Integer.BYTES, at -> hash.update(bytes.clear().putInt(number.applyAsInt(at)).flip()));
    return Sha256.hex(hash).substring(0, DIGITS);
  }

  /** Visits the rows that a hash covers. */
  private static void sampled(int rows, long rowBytes, IntConsumer visit) {
    long count = Math.max(1, Math.min(rows, BYTES / rowBytes));
    for (long i = 0; i < count; i++) {
      visit.accept(count == 1 ? 0 : (int) (i * (rows - 1) / (count - 1)));
    }
  }

  /**
   * The differences of data that were read later.
   *
   * @param now their fingerprint
   * @return for example {@code 100 rows, before 200}; empty if both are of the same data
   */
  public List<String> differences(Fingerprint now) {
    List<String> found = new ArrayList<>();
    changed(found, rows, now.rows, now.rows + " rows, before " + rows);
    changed(found, features, now.features, now.features + " values in a row, before " + features);
    changed(
        found,
        type + " " + scale,
        now.type + " " + now.scale,
        String.format(
            Locale.ROOT, "%s times %s, before %s times %s", now.type, now.scale, type, scale));
    changed(
        found,
        image,
        now.image,
        (now.image == null ? "no images" : "images of " + now.image)
            + ", before "
            + (image == null ? "no images" : image));
    changed(found, columns, now.columns, "other names or another order of columns");
    // Other rows have other hashes, which says nothing more.
    boolean same = rows == now.rows;
    changed(found, same ? values : "", same ? now.values : "", "other values");
    changed(found, same ? labels : "", same ? now.labels : "", "other labels");
    changed(found, same ? weights : "", same ? now.weights : "", "other weights");
    changed(found, same ? covariates : "", same ? now.covariates : "", "other covariates");
    return found;
  }

  private static void changed(
      List<String> found, @Nullable Object before, @Nullable Object now, String text) {
    if (!Objects.equals(before, now)) {
      found.add(text);
    }
  }
}
