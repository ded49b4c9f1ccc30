// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Matrix;
import org.junit.jupiter.api.Test;

/** Codes that equal their factors, that are rotated, and that are independent of them. */
class DisentanglementTest {
  private static final int ROWS = 4000;

  private static double uniform(int row, int column) {
    return Philox.uniform(3, Stream.PRIOR, 0, row, column);
  }

  /** Three real factors. */
  private static Matrix real() {
    Matrix factors = Matrix.zeros(ROWS, 3);
    for (int i = 0; i < factors.values().length; i++) {
      factors.values()[i] = (float) uniform(i / 3, i % 3);
    }
    return factors;
  }

  /** Two factors of two and four levels, -1 the least. */
  private static Matrix levels() {
    Matrix factors = Matrix.zeros(ROWS, 2);
    for (int row = 0; row < ROWS; row++) {
      factors.values()[2 * row] = uniform(row, 0) < 0.5 ? -1 : 7;
      factors.values()[2 * row + 1] = (int) (4 * uniform(row, 1));
    }
    return factors;
  }

  private static Matrix noise(int columns) {
    Matrix noise = Matrix.zeros(ROWS, columns);
    for (int i = 0; i < noise.values().length; i++) {
      noise.values()[i] = (float) Philox.normal(4, Stream.OBSERVATION, 0, i / columns, i % columns);
    }
    return noise;
  }

  /** Codes with a column of each matrix after the other. */
  private static Matrix beside(Matrix a, Matrix b) {
    int columns = a.columns() + b.columns();
    Matrix both = Matrix.zeros(a.rows(), columns);
    for (int row = 0; row < a.rows(); row++) {
      System.arraycopy(a.row(row), 0, both.values(), row * columns, a.columns());
      System.arraycopy(b.row(row), 0, both.values(), row * columns + a.columns(), b.columns());
    }
    return both;
  }

  /** The first two columns turned by an angle. */
  private static Matrix turned(Matrix codes, double angle) {
    Matrix turned = Matrix.zeros(codes.rows(), codes.columns());
    for (int row = 0; row < codes.rows(); row++) {
      float[] values = codes.row(row);
      double a = values[0] * Math.cos(angle) - values[1] * Math.sin(angle);
      double b = values[0] * Math.sin(angle) + values[1] * Math.cos(angle);
      values[0] = (float) a;
      values[1] = (float) b;
      System.arraycopy(values, 0, turned.values(), row * values.length, values.length);
    }
    return turned;
  }

  @Test
  void codesThatAreRealFactorsScoreOne() {
    Disentanglement scores = Disentanglement.of(beside(real(), noise(2)), Factors.of(real()));
    assertEquals(1, scores.mig(), 0.03);
    assertEquals(1, scores.sap(), 0.01);
    assertEquals(1, scores.disentanglement(), 1e-9);
    assertEquals(1, scores.completeness(), 1e-9);
    assertEquals(1, scores.informativeness(), 0.02);
    assertEquals(3, scores.factors());
    assertEquals(ROWS, scores.rows());
  }

  /** The second best dimension guesses: 1 - 1/2 and 1 - 1/4. Middle levels are not linear. */
  @Test
  void codesThatAreLevelsScoreOneLessChance() {
    Disentanglement scores = Disentanglement.of(levels(), Factors.of(levels()));
    assertEquals(1, scores.mig(), 0.01);
    assertEquals((0.5 + 0.75) / 2, scores.sap(), 0.03);
    assertEquals(1, scores.disentanglement(), 1e-9);
    assertEquals(1, scores.completeness(), 1e-9);
    assertTrue(scores.informativeness() > 0.6 && scores.informativeness() < 0.8);
  }

  @Test
  void codesThatKnowNothingScoreZero() {
    for (Matrix factors : new Matrix[] {real(), levels()}) {
      Disentanglement scores = Disentanglement.of(noise(6), Factors.of(factors));
      assertEquals(0, scores.mig(), 0.01);
      assertEquals(0, scores.sap(), 0.03);
      assertEquals(0, scores.disentanglement(), 0.01);
      assertEquals(0, scores.completeness(), 0.01);
      assertEquals(0, scores.informativeness(), 0.01);
    }
  }

  @Test
  void turningCodesLowersAllButInformativeness() {
    Factors factors = Factors.of(real());
    Disentanglement straight = Disentanglement.of(real(), factors);
    Disentanglement little = Disentanglement.of(turned(real(), 0.3), factors);
    Disentanglement most = Disentanglement.of(turned(real(), Math.PI / 4), factors);
    assertTrue(straight.mig() > little.mig() + 0.1 && little.mig() > most.mig() + 0.1);
    assertTrue(straight.sap() > little.sap() + 0.05 && little.sap() > most.sap() + 0.1);
    assertTrue(straight.disentanglement() > little.disentanglement() + 0.1);
    assertTrue(little.disentanglement() > most.disentanglement() + 0.1);
    assertTrue(little.completeness() > most.completeness() + 0.1);
    assertEquals(straight.informativeness(), most.informativeness(), 0.02);
    // One of three factors keeps its dimension, the other two share theirs evenly: log 2 / log 3.
    double shared = 1 - Math.log(2) / Math.log(3);
    assertEquals((1 + 2 * shared) / 3, most.completeness(), 0.02);
    assertEquals(1.0 / 3, most.sap(), 0.03);
  }

  @Test
  void aDimensionThatDoesNotVaryIsNoTrouble() {
    Disentanglement scores =
        Disentanglement.of(beside(real(), Matrix.zeros(ROWS, 1)), Factors.of(real()));
    assertEquals(1, scores.mig(), 0.03);
    assertEquals(1, scores.disentanglement(), 1e-9);
  }

  @Test
  void oneFactorAndOneDimensionHaveNoShares() {
    Matrix one = Matrix.zeros(ROWS, 1);
    for (int row = 0; row < ROWS; row++) {
      one.values()[row] = row % 2;
    }
    Disentanglement scores = Disentanglement.of(one, Factors.of(one));
    assertEquals(1, scores.mig(), 1e-9);
    assertEquals(0.5, scores.sap(), 1e-9);
    assertTrue(Double.isNaN(scores.disentanglement()) && Double.isNaN(scores.completeness()));
  }

  /**
   * The minimum of 1/2 w'Gw - p'w + lambda |w| for G = ((1, 1/2), (1/2, 1)), worked out by hand.
   */
  @Test
  void theLassoIsTheMinimum() {
    double[][] gram = {{1, 0.5}, {0.5, 1}};
    double[] exact = Lasso.fit(gram, new double[] {1, 0}, 0);
    assertEquals(4.0 / 3, exact[0], 1e-6);
    assertEquals(-2.0 / 3, exact[1], 1e-6);
    // With both signs kept: G w = p - lambda sign(w).
    double[] both = Lasso.fit(gram, new double[] {1, 0}, 0.1);
    assertEquals(4.0 / 3 * 0.9 - 2.0 / 3 * 0.1, both[0], 1e-6);
    assertEquals(-2.0 / 3 * 0.9 + 4.0 / 3 * 0.1, both[1], 1e-6);
    double[] first = Lasso.fit(gram, new double[] {1, 0}, 0.5);
    assertEquals(0.5, first[0], 1e-9);
    assertEquals(0, first[1], 0);
    assertEquals(0, Lasso.fit(gram, new double[] {1, 0}, 1)[0], 0);
    assertEquals(0, Lasso.fit(new double[][] {{0}}, new double[] {0}, 0)[0], 0);
  }

  @Test
  void labelsAreAFactor() {
    try (DataSet mnist = DataSets.open("mnist:test");
        DataSet few = DataSets.head(mnist, 200)) {
      Factors labels = Factors.ofLabels(few);
      assertEquals(10, labels.levels(0));
      assertEquals(200, labels.rows());
    }
  }

  @Test
  void badInputIsNamed() {
    Factors factors = Factors.of(real());
    Thrown.says(
        IllegalArgumentException.class,
        () -> Disentanglement.of(Matrix.zeros(50, 2), factors),
        "expected 50 rows",
        "given 4000");
    Matrix ten = Matrix.zeros(10, 1);
    ten.values()[3] = 1;
    Thrown.says(
        IllegalArgumentException.class,
        () -> Disentanglement.of(ten, Factors.of(ten)),
        "20 rows or more",
        "given 10");
    Matrix constant = beside(noise(1), Matrix.zeros(ROWS, 1));
    Thrown.says(
        IllegalArgumentException.class, () -> Factors.of(constant), "column 1", "same value");
    Matrix broken = noise(2);
    broken.values()[5] = Float.POSITIVE_INFINITY;
    Thrown.says(
        IllegalArgumentException.class, () -> Factors.of(broken), "row 2, column 1", "Infinity");
    try (DataSet unlabelled = DataSets.of(noise(2))) {
      Thrown.says(
          IllegalArgumentException.class, () -> Factors.ofLabels(unlabelled), "has no labels");
    }
  }
}
