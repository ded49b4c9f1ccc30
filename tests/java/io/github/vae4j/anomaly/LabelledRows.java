// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.anomaly;

import io.github.vae4j.data.ArrayOptions;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.OpenOptions;
import io.github.vae4j.tensor.Matrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Rows, of which some are known to be anomalies, and the two protocols of Livernoche et al. 2023.
 *
 * @param rows (N, D)
 * @param anomalous of each row
 */
@SuppressWarnings("ArrayRecordComponent")
public record LabelledRows(double[][] rows, boolean[] anomalous) {
  /**
   * Training rows, of which nothing more is known, and test rows.
   *
   * @param train rows without their labels
   * @param test rows with their labels
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Split(double[][] train, LabelledRows test) {}

  /** Opens an NPZ file of ADBench: X has the rows, y is 1 for an anomaly. */
  public static LabelledRows open(Path file) {
    double[][] rows = array(file + ":X");
    double[][] labels = array(file + ":y");
    boolean[] anomalous = new boolean[labels.length];
    for (int row = 0; row < labels.length; row++) {
      anomalous[row] = labels[row][0] != 0;
    }
    return new LabelledRows(rows, anomalous);
  }

  /** Bytes are numbers here, not grey values. */
  private static double[][] array(String spec) {
    try (DataSet set =
        DataSets.open(
            spec,
            OpenOptions.defaults()
                .withArrays(ArrayOptions.PLAIN.withBytes(ArrayOptions.Bytes.NUMBERS)))) {
      Matrix values = DataSets.values(set, 0, set.rows());
      double[][] rows = new double[values.rows()][values.columns()];
      for (int row = 0; row < rows.length; row++) {
        for (int column = 0; column < rows[row].length; column++) {
          rows[row][column] = values.at(row, column);
        }
      }
      return rows;
    }
  }

  /** The first half of the normal rows trains; the other half and all anomalies are the test. */
  public Split semiSupervised() {
    int normal = 0;
    for (boolean one : anomalous) {
      normal += one ? 0 : 1;
    }
    int half = (int) Math.rint(normal / 2.0);
    List<double[]> train = new ArrayList<>();
    List<double[]> others = new ArrayList<>();
    List<double[]> anomalies = new ArrayList<>();
    for (int row = 0; row < rows.length; row++) {
      (anomalous[row] ? anomalies : train.size() < half ? train : others).add(rows[row]);
    }
    boolean[] labels = new boolean[others.size() + anomalies.size()];
    for (int row = others.size(); row < labels.length; row++) {
      labels[row] = true;
    }
    others.addAll(anomalies);
    return new Split(
        train.toArray(double[][]::new), new LabelledRows(others.toArray(double[][]::new), labels));
  }

  /** A bootstrap of all rows, anomalies too, trains; all rows are the test. */
  public Split unsupervised(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] train = new double[rows.length][];
    for (int row = 0; row < train.length; row++) {
      train[row] = rows[random.nextInt(rows.length)];
    }
    return new Split(train, this);
  }
}
