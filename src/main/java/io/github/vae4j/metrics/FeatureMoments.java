// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import io.github.vae4j.VaeException;
import io.github.vae4j.tensor.Matrix;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * Mean and covariance of a stream of rows, and the Frechet distance of two such streams. Sums are
 * relative to the first block's mean, so that a large mean does not lose digits. It needs EJML, an
 * optional dependency of vae4j: {@code org.ejml:ejml-ddense:0.46.1}.
 */
public final class FeatureMoments {
  private int count;
  private double weights;
  private double squaredWeights;
  private double[] shift = new double[0];
  private double[] sums = new double[0];
  private DMatrixRMaj squares = new DMatrixRMaj(0, 0);

  /** Moments of no rows. */
  public FeatureMoments() {}

  /**
   * Adds rows.
   *
   * @param rows (n, features), with the same number of features at each call
   */
  public void add(Matrix rows) {
    add(rows, row -> 1);
  }

  /**
   * Adds rows with weights.
   *
   * @param rows (n, features), with the same number of features at each call
   * @param weight of each row of the block, 0 or more
   */
  public void add(Matrix rows, IntToDoubleFunction weight) {
    int features = rows.columns();
    if (count == 0) {
      begin(rows);
    } else if (features != shift.length) {
      throw new IllegalArgumentException(
          "moments: expected rows of " + shift.length + " features, given " + features);
    }
    DMatrixRMaj block = new DMatrixRMaj(rows.rows(), features);
    double[] roots = new double[rows.rows()];
    for (int row = 0; row < roots.length; row++) {
      double each = weight.applyAsDouble(row);
      roots[row] = Math.sqrt(each);
      weights += each;
      squaredWeights += each * each;
    }
    for (int i = 0; i < rows.values().length; i++) {
      int column = i % features;
      double value = rows.values()[i] - shift[column];
      if (!Double.isFinite(value)) {
        throw new VaeException(
            String.format(
                Locale.ROOT,
                "features: image %d, feature %d is %s",
                count + i / features,
                column,
                rows.values()[i]));
      }
      double root = roots[i / features];
      block.data[i] = root * value;
      sums[column] += root * root * value;
    }
    CommonOps_DDRM.multAddTransA(block, block, squares);
    count += rows.rows();
  }

  private void begin(Matrix rows) {
    int features = rows.columns();
    shift = new double[features];
    sums = new double[features];
    squares = new DMatrixRMaj(features, features);
    for (int i = 0; i < rows.values().length; i++) {
      shift[i % features] += (double) rows.values()[i] / rows.rows();
    }
  }

  /**
   * The number of features.
   *
   * @return columns; 0 before the first rows
   */
  public int features() {
    return shift.length;
  }

  private double mean(int feature) {
    return shift[feature] + sums[feature] / weights;
  }

  /** Divided by n - 1, as is usual for FID; with weights by sum w - sum w^2 / sum w. */
  private DMatrixRMaj covariance() {
    int features = shift.length;
    DMatrixRMaj covariance = new DMatrixRMaj(features, features);
    for (int i = 0; i < features; i++) {
      for (int j = 0; j < features; j++) {
        double value = squares.get(i, j) - sums[i] * sums[j] / weights;
        covariance.set(i, j, value / (weights - squaredWeights / weights));
      }
    }
    return covariance;
  }

  /**
   * The squared Frechet distance of the Gaussians with these moments: {@code |m - m'|^2 + tr(S + S'
   * - 2 (S S')^(1/2))}. The trace of the root is the sum of the roots of the eigenvalues of the
   * symmetric {@code S^(1/2) S' S^(1/2)}; eigenvalues that are negative by rounding are taken as 0.
   *
   * @param other moments of the same number of features
   * @return 0 or more, up to rounding
   */
  public double distance(FeatureMoments other) {
    int features = shift.length;
    if (features != other.shift.length || count < 2 || other.count < 2) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Frechet distance: expected 2 rows or more of equal length, given %d of %d and %d of %d",
              count,
              features,
              other.count,
              other.shift.length));
    }
    double distance = 0;
    for (int i = 0; i < features; i++) {
      distance += Math.pow(mean(i) - other.mean(i), 2);
    }
    DMatrixRMaj mine = covariance();
    DMatrixRMaj its = other.covariance();
    return distance
        + CommonOps_DDRM.trace(mine)
        + CommonOps_DDRM.trace(its)
        - 2 * traceOfRoot(mine, its);
  }

  /** With S = V L V', S^(1/2) S' S^(1/2) has the eigenvalues of L^(1/2) V' S' V L^(1/2). */
  private static double traceOfRoot(DMatrixRMaj mine, DMatrixRMaj its) {
    int n = mine.getNumRows();
    EigenDecomposition_F64<DMatrixRMaj> eigen = eigen(mine, true);
    DMatrixRMaj scaled = new DMatrixRMaj(n, n);
    for (int i = 0; i < n; i++) {
      double root = root(eigen.getEigenvalue(i).getReal());
      DMatrixRMaj vector = eigen.getEigenVector(i);
      for (int j = 0; j < n; j++) {
        scaled.set(j, i, root * vector.get(j));
      }
    }
    DMatrixRMaj half = new DMatrixRMaj(n, n);
    CommonOps_DDRM.mult(its, scaled, half);
    DMatrixRMaj product = new DMatrixRMaj(n, n);
    CommonOps_DDRM.multTransA(scaled, half, product);
    // Rounding makes the matrix slightly asymmetric.
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        double value = (product.get(i, j) + product.get(j, i)) / 2;
        product.set(i, j, value);
        product.set(j, i, value);
      }
    }
    EigenDecomposition_F64<DMatrixRMaj> roots = eigen(product, false);
    double trace = 0;
    for (int i = 0; i < n; i++) {
      trace += root(roots.getEigenvalue(i).getReal());
    }
    return trace;
  }

  private static double root(double eigenvalue) {
    return Math.sqrt(Math.max(eigenvalue, 0));
  }

  private static EigenDecomposition_F64<DMatrixRMaj> eigen(DMatrixRMaj matrix, boolean vectors) {
    EigenDecomposition_F64<DMatrixRMaj> eigen =
        DecompositionFactory_DDRM.eig(matrix.getNumRows(), vectors, true);
    if (!eigen.decompose(matrix)) {
      throw new VaeException("Frechet distance: the eigenvalues of a covariance did not converge");
    }
    return eigen;
  }
}
