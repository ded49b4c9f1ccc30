// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.anomaly;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.Thrown;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BaselinesTest {
  @Test
  void theFifthNeighbourIsFoundAmongAll() {
    Random random = new Random(1);
    double[][] train = random(random, 60, 3);
    double[][] rows = random(random, 20, 3);
    double[] expected = new double[rows.length];
    for (int row = 0; row < rows.length; row++) {
      double[] one = rows[row];
      double[] all =
          Arrays.stream(train)
              .mapToDouble(
                  other ->
                      Math.sqrt(
                          Math.pow(one[0] - other[0], 2)
                              + Math.pow(one[1] - other[1], 2)
                              + Math.pow(one[2] - other[2], 2)))
              .sorted()
              .toArray();
      expected[row] = all[4];
    }
    assertArrayEquals(expected, Neighbours.distances(train, rows, 5), 1e-12);
  }

  @Test
  void aRowAmongTheTrainingRowsIsItsOwnFirstNeighbour() {
    double[][] train = {{0, 0}, {3, 4}, {6, 8}};
    assertArrayEquals(new double[] {0}, Neighbours.distances(train, new double[][] {{3, 4}}, 1));
    assertArrayEquals(new double[] {5}, Neighbours.distances(train, new double[][] {{3, 4}}, 2));
    Thrown.says(
        IllegalArgumentException.class,
        () -> Neighbours.distances(train, train, 4),
        "neighbours: expected k from 1 to 3, given 4");
  }

  /** Along (1, 1) and (1, -1), with shares 0.8 and 0.2 of the variance. */
  private static double[][] cross() {
    return new double[][] {
      {3, 3}, {-1, -1}, {-1, -1}, {-1, -1}, {1.5, -1.5}, {-0.5, 0.5}, {-0.5, 0.5}, {-0.5, 0.5}
    };
  }

  @Test
  void whatTheFirstComponentsLeaveIsTheError() {
    PrincipalComponents components = new PrincipalComponents(cross());
    double[][] rows = {{5, 5}, {3, -3}, {4, 0}};
    assertArrayEquals(new double[] {0, 18, 8}, components.reconstructionErrors(rows, 0.79), 1e-9);
    assertArrayEquals(new double[] {0, 0, 0}, components.reconstructionErrors(rows, 0.81), 1e-9);
  }

  /** A component is a point on the side of the training row that is farthest along it. */
  @Test
  void theScoreOfPyodIsTheSumOfDistancesFromTheComponentsOverTheirShares() {
    double root = Math.sqrt(0.5);
    double first = Math.hypot(3 - root, 1 - root) / 0.8;
    double second = Math.hypot(3 - root, 1 + root) / 0.2;
    PrincipalComponents components = new PrincipalComponents(cross());
    assertEquals(first + second, components.distances(new double[][] {{3, 1}})[0], 1e-9);
    double[][] turned = cross();
    for (double[] row : turned) {
      row[0] = -row[0];
      row[1] = -row[1];
    }
    PrincipalComponents opposite = new PrincipalComponents(turned);
    assertEquals(first + second, opposite.distances(new double[][] {{-3, -1}})[0], 1e-9);
  }

  @Test
  void aComponentWithoutVarianceIsLeftOut() {
    double[][] rows = {{1, 2, 0}, {-1, -2, 0}, {2, -1, 0}, {-2, 1, 0}};
    PrincipalComponents components = new PrincipalComponents(rows);
    double[] scores = components.distances(new double[][] {{0, 0, 0}, {0, 0, 1}});
    assertEquals(4, scores[0], 1e-9);
    assertEquals(4 * Math.sqrt(2), scores[1], 1e-9);
  }

  private static double[][] random(Random random, int rows, int columns) {
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      Arrays.setAll(row, i -> random.nextGaussian());
    }
    return values;
  }
}
