// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Reference;
import io.github.vae4j.schema.Reference.Marginal;
import io.github.vae4j.schema.RowDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** Summarises the columns of training rows, in bounded memory. */
public final class ReferenceMaker {
  private static final int MOST_QUANTILES = 1_000;
  private static final int LEAST_QUANTILES = 100;

  /** Of all columns together, so that the file of a wide table stays small. */
  private static final int ALL_QUANTILES = 1_000_000;

  private static final int MOST_SAMPLED = 20_000;
  private static final int LEAST_SAMPLED = 1_000;
  private static final int ALL_SAMPLED = 20_000_000;

  private final RowDecoder decoder;
  private final int[] missing;
  private final long[][] levels;

  /** For each column of numbers the values of the sampled rows; NaN where one is missing. */
  private final float[][] sampled;

  private final List<Integer> numbers = new ArrayList<>();

  private ReferenceMaker(Features features, int rows) {
    decoder = new RowDecoder(features);
    missing = new int[decoder.columns()];
    levels = new long[decoder.columns()][];
    sampled = new float[decoder.columns()][];
    for (int column = 0; column < missing.length; column++) {
      if (decoder.hasLevels(column)) {
        levels[column] = new long[decoder.parts(column).get(0).width()];
      } else {
        numbers.add(column);
        levels[column] = new long[0];
      }
    }
    int kept = Math.min(rows, share(ALL_SAMPLED, LEAST_SAMPLED, MOST_SAMPLED));
    numbers.forEach(column -> sampled[column] = new float[kept]);
  }

  private int share(int all, int least, int most) {
    return Math.max(least, Math.min(most, all / Math.max(1, numbers.size())));
  }

  /**
   * The reference of training rows. Missing values and levels are counted in all rows; the
   * quantiles of numbers are of 20,000 rows at most, which are drawn by a fixed seed.
   *
   * @param features of the model's schema
   * @param rows encoded, without the noise of training
   * @return the reference
   */
  public static Reference of(Features features, DataSet rows) {
    ReferenceMaker maker = new ReferenceMaker(features, rows.rows());
    maker.read(rows);
    return maker.reference(rows.rows());
  }

  private void read(DataSet rows) {
    SplittableRandom random = new SplittableRandom(0);
    int kept = numbers.isEmpty() ? 0 : sampled[numbers.get(0)].length;
    EachRow.of(
        rows,
        (number, row) -> {
          int at = number < kept ? number : random.nextInt(number + 1);
          add(row, at < kept ? at : -1);
        });
  }

  private void add(float[] row, int slot) {
    for (int column = 0; column < missing.length; column++) {
      if (decoder.isMissing(column, row)) {
        missing[column]++;
      } else if (decoder.hasLevels(column)) {
        levels[column][decoder.levelOf(column, row)]++;
      }
    }
    if (slot >= 0) {
      for (int column : numbers) {
        sampled[column][slot] = row[decoder.parts(column).get(0).first()];
      }
    }
  }

  private Reference reference(int rows) {
    int most = share(ALL_QUANTILES, LEAST_QUANTILES, MOST_QUANTILES);
    List<Marginal> marginals = new ArrayList<>();
    for (int column = 0; column < missing.length; column++) {
      String name = decoder.column(column).name();
      List<Long> counts = LongStream.of(levels[column]).boxed().toList();
      if (decoder.hasLevels(column)) {
        marginals.add(new Marginal(name, missing[column], 0, List.of(), counts));
        continue;
      }
      float[] sorted = sampled[column].clone();
      // NaN is after all numbers.
      Arrays.sort(sorted);
      int values = sorted.length;
      while (values > 0 && Float.isNaN(sorted[values - 1])) {
        values--;
      }
      int count = Math.min(most, values);
      List<Double> quantiles = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        quantiles.add(decoder.map(column).fromModel(sorted[(int) ((i + 0.5) * values / count)]));
      }
      marginals.add(new Marginal(name, missing[column], values, quantiles, counts));
    }
    return new Reference(rows, marginals);
  }
}
