// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.Thrown;
import io.github.vae4j.VaeException;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Matrix;
import org.junit.jupiter.api.Test;

class FeatureMomentsTest {
  private static Matrix normals(int rows, int columns, int seed) {
    Matrix x = Matrix.zeros(rows, columns);
    for (int i = 0; i < x.values().length; i++) {
      // Columns mix, so that the covariance is not diagonal.
      double own = Philox.normal(seed, Stream.OBSERVATION, 0, i / columns, i % columns);
      double common = Philox.normal(seed, Stream.PRIOR, 0, i / columns, 0);
      x.values()[i] = (float) (own + 0.5 * common * (i % columns));
    }
    return x;
  }

  private static Matrix map(Matrix x, double scale, double shift) {
    float[] values = new float[x.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (scale * x.values()[i] + shift);
    }
    return new Matrix(x.rows(), x.columns(), values);
  }

  private static FeatureMoments moments(Matrix... blocks) {
    FeatureMoments moments = new FeatureMoments();
    for (Matrix block : blocks) {
      moments.add(block);
    }
    return moments;
  }

  private static double trace(Matrix x) {
    double sum = 0;
    for (int j = 0; j < x.columns(); j++) {
      Moments column = new Moments();
      for (int row = 0; row < x.rows(); row++) {
        column.add(x.at(row, j));
      }
      sum += column.variance() * x.rows() / (x.rows() - 1);
    }
    return sum;
  }

  /** With x' = a x + b: |m - m'|^2 + (1 - a)^2 tr S, whatever S is. */
  @Test
  void scaledAndShiftedSetsAreAsFarAsTheFormulaSays() {
    Matrix x = normals(300, 6, 1);
    assertEquals(0, moments(x).distance(moments(x)), 1e-9);
    Matrix shifted = map(x, 1, 2);
    assertEquals(6 * 4, moments(x).distance(moments(shifted)), 1e-4);
    Matrix scaled = map(x, -0.5, 0);
    // A reflection keeps the covariance; the means differ by 1.5 m.
    double means = 0;
    for (int j = 0; j < 6; j++) {
      double mean = 0;
      for (int row = 0; row < 300; row++) {
        mean += x.at(row, j) / 300.0;
      }
      means += 2.25 * mean * mean;
    }
    assertEquals(means + 0.25 * trace(x), moments(x).distance(moments(scaled)), 1e-4);
  }

  /** In two dimensions tr (S S')^(1/2) = sqrt(tr S S' + 2 sqrt(det S det S')). */
  @Test
  void covariancesThatDoNotCommuteAgreeWithTheClosedForm() {
    Matrix x = normals(200, 2, 1);
    Matrix y = Matrix.zeros(200, 2);
    for (int row = 0; row < 200; row++) {
      y.values()[2 * row] = 2 * x.at(row, 0) - x.at(row, 1);
      y.values()[2 * row + 1] = 0.3f * x.at(row, 1);
    }
    double[] s = covariance(x);
    double[] t = covariance(y);
    double product = s[0] * t[0] + 2 * s[1] * t[1] + s[2] * t[2];
    double determinants = (s[0] * s[2] - s[1] * s[1]) * (t[0] * t[2] - t[1] * t[1]);
    double root = Math.sqrt(product + 2 * Math.sqrt(determinants));
    double means = Math.pow(s[3] - t[3], 2) + Math.pow(s[4] - t[4], 2);
    double expected = means + s[0] + s[2] + t[0] + t[2] - 2 * root;
    assertEquals(expected, moments(x).distance(moments(y)), 1e-6);
    assertEquals(expected, moments(y).distance(moments(x)), 1e-6);
  }

  private static double[] covariance(Matrix x) {
    double[] sums = new double[5];
    int n = x.rows();
    for (int row = 0; row < n; row++) {
      sums[3] += x.at(row, 0) / (double) n;
      sums[4] += x.at(row, 1) / (double) n;
    }
    for (int row = 0; row < n; row++) {
      double a = x.at(row, 0) - sums[3];
      double b = x.at(row, 1) - sums[4];
      sums[0] += a * a / (n - 1);
      sums[1] += a * b / (n - 1);
      sums[2] += b * b / (n - 1);
    }
    return sums;
  }

  @Test
  void blocksAddUpAndALargeMeanCostsNoDigits() {
    Matrix x = normals(100, 3, 1);
    Matrix y = normals(60, 3, 2);
    Matrix both = Matrix.zeros(160, 3);
    System.arraycopy(x.values(), 0, both.values(), 0, 300);
    System.arraycopy(y.values(), 0, both.values(), 300, 180);
    assertEquals(0, moments(x, y).distance(moments(both)), 1e-9);
    // Multiples of 1/8 stay exact in float beside 4096.
    Matrix coarse = map(x, 1, 0);
    for (int i = 0; i < coarse.values().length; i++) {
      coarse.values()[i] = Math.round(coarse.values()[i] * 8) / 8f;
    }
    Matrix far = map(coarse, 1, 4096);
    assertEquals(3 * 4096.0 * 4096, moments(coarse).distance(moments(far)), 1e-3);
  }

  @Test
  void fewerRowsThanFeaturesWork() {
    Matrix x = normals(3, 10, 1);
    assertEquals(0.25 * trace(x) + 0, moments(map(x, 1, 0)).distance(centred(x)), 0.02);
  }

  /** Half as far from the mean. */
  private static FeatureMoments centred(Matrix x) {
    Matrix half = Matrix.zeros(x.rows(), x.columns());
    for (int j = 0; j < x.columns(); j++) {
      double mean = 0;
      for (int row = 0; row < x.rows(); row++) {
        mean += x.at(row, j) / (double) x.rows();
      }
      for (int row = 0; row < x.rows(); row++) {
        half.values()[row * x.columns() + j] = (float) ((x.at(row, j) + mean) / 2);
      }
    }
    return moments(half);
  }

  @Test
  void badInputIsNamed() {
    FeatureMoments three = moments(normals(5, 3, 1));
    Thrown.says(
        IllegalArgumentException.class, () -> three.add(Matrix.zeros(1, 2)), "3 features", "2");
    Thrown.says(
        IllegalArgumentException.class,
        () -> three.distance(moments(Matrix.zeros(5, 2))),
        "5 of 3 and 5 of 2");
    Thrown.says(
        IllegalArgumentException.class,
        () -> three.distance(moments(Matrix.zeros(1, 3))),
        "2 rows or more");
    Matrix broken = normals(2, 3, 1);
    broken.values()[4] = Float.NaN;
    Thrown.says(VaeException.class, () -> three.add(broken), "image 6, feature 1", "NaN");
  }
}
