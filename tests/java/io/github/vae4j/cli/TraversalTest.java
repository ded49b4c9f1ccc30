// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.tensor.Matrix;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraversalTest {
  @Test
  void linesChangeOneDimensionEach() {
    Matrix codes = Traversal.lines(new float[] {7, 8, 9}, List.of(2, 0), 3, 1.5);
    assertEquals(6, codes.rows());
    assertArrayEquals(new float[] {7, 8, -1.5f}, codes.row(0));
    assertArrayEquals(new float[] {7, 8, 0}, codes.row(1));
    assertArrayEquals(new float[] {7, 8, 1.5f}, codes.row(2));
    assertArrayEquals(new float[] {-1.5f, 8, 9}, codes.row(3));
    assertArrayEquals(new float[] {1.5f, 8, 9}, codes.row(5));
  }

  @Test
  void theMapGoesRightAndUp() {
    Matrix codes = Traversal.map(2);
    float q = 0.6744898f;
    assertArrayEquals(new float[] {-q, q, q, q, -q, -q, q, -q}, codes.values(), 1e-6f);
    assertEquals(25, Traversal.map(5).rows());
    assertEquals(0, Traversal.map(5).at(12, 0), 1e-6);
  }
}
