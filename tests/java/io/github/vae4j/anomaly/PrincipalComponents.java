// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.anomaly;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * Scores of anomalies by the principal components of training rows; higher is more anomalous. Rows
 * are expected to be standardised by the training rows. Components without variance are left out.
 */
public final class PrincipalComponents {
  /** A component with less than this share of the variance has none, but for rounding. */
  private static final double NONE = 1e-9;

  private final double[] mean;
  private final double[][] components;
  private final double[] shares;

  /**
   * Computes the components.
   *
   * @param train (n, D)
   */
  public PrincipalComponents(double[][] train) {
    int features = train[0].length;
    mean = new double[features];
    for (int column = 0; column < features; column++) {
      mean[column] = Columns.mean(Columns.of(train, column));
    }
    DMatrixRMaj covariance = new DMatrixRMaj(features, features);
    for (double[] row : train) {
      for (int i = 0; i < features; i++) {
        for (int j = 0; j <= i; j++) {
          double product = (row[i] - mean[i]) * (row[j] - mean[j]) / train.length;
          covariance.add(i, j, product);
          covariance.set(j, i, covariance.get(i, j));
        }
      }
    }
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(features, true, true);
    if (!eigen.decompose(covariance)) {
      throw new IllegalStateException("PCA: the eigenvalues did not converge");
    }
    double[] values = new double[features];
    for (int i = 0; i < features; i++) {
      values[i] = Math.max(0, eigen.getEigenvalue(i).getReal());
    }
    double total = Arrays.stream(values).sum();
    int[] order =
        IntStream.range(0, features)
            .filter(i -> values[i] > NONE * total)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    components = new double[order.length][];
    shares = new double[order.length];
    for (int i = 0; i < order.length; i++) {
      components[i] = oriented(eigen.getEigenVector(order[i]).data, train);
      shares[i] = values[order[i]] / total;
    }
  }

  /**
   * The sign of a component is arbitrary; scikit-learn, on which PyOD stands, takes the one with
   * which the training row that is farthest along it has a positive projection.
   */
  private double[] oriented(double[] component, double[][] train) {
    double farthest = 0;
    for (double[] row : train) {
      double projection = projection(row, component);
      farthest = Math.abs(projection) > Math.abs(farthest) ? projection : farthest;
    }
    double sign = Math.signum(farthest);
    return Arrays.stream(component).map(entry -> sign * entry).toArray();
  }

  /**
   * The score of the library PyOD, which the published figures have: the distances of a row from
   * the components, as points, divided by their shares of the variance, summed.
   */
  public double[] distances(double[][] rows) {
    return scores(
        rows,
        (row, component) -> {
          double sum = 0;
          for (int i = 0; i < row.length; i++) {
            sum += Math.pow(row[i] - components[component][i], 2);
          }
          return Math.sqrt(sum) / shares[component];
        },
        0);
  }

  /**
   * The squared error of a row that is reconstructed by the first components.
   *
   * @param rows the rows
   * @param share of the variance that those components have at least
   * @return one score a row
   */
  public double[] reconstructionErrors(double[][] rows, double share) {
    int first = 0;
    for (double explained = 0; first < shares.length && explained < share; first++) {
      explained += shares[first];
    }
    return scores(
        rows, (row, component) -> Math.pow(projection(row, components[component]), 2), first);
  }

  private double projection(double[] row, double[] component) {
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      sum += (row[i] - mean[i]) * component[i];
    }
    return sum;
  }

  private interface Term {
    double of(double[] row, int component);
  }

  private double[] scores(double[][] rows, Term term, int first) {
    double[] scores = new double[rows.length];
    for (int row = 0; row < rows.length; row++) {
      for (int component = first; component < components.length; component++) {
        scores[row] += term.of(rows[row], component);
      }
    }
    return scores;
  }
}
