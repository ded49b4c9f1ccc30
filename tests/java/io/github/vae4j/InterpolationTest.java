// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.tensor.Matrix;
import org.junit.jupiter.api.Test;

final class InterpolationTest {
  private static double norm(float[] code) {
    double squares = 0;
    for (float value : code) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }

  @Test
  void aLineHasEqualSteps() {
    Matrix codes = Interpolation.linear(5).between(new float[] {0, 4}, new float[] {8, -4});
    assertArrayEquals(new float[] {0, 4, 2, 2, 4, 0, 6, -2, 8, -4}, codes.values());
    assertEquals(0.25, Interpolation.linear(5).position(1));
  }

  @Test
  void anArcKeepsTheNormAndTheAngles() {
    Matrix codes = Interpolation.spherical(4).between(new float[] {2, 0, 0}, new float[] {0, 0, 2});
    float half = 1;
    float high = (float) Math.sqrt(3);
    assertArrayEquals(
        new float[] {2, 0, 0, high, 0, half, half, 0, high, 0, 0, 2}, codes.values(), 1e-6f);
  }

  @Test
  void anArcEndsInTheCodesThemselves() {
    float[] from = {0.3f, -1.7f, 0.11f};
    float[] to = {-2.2f, 0.4f, 5};
    Matrix codes = Interpolation.spherical(7).between(from, to);
    assertArrayEquals(from, codes.row(0));
    assertArrayEquals(to, codes.row(6), 1e-6f);
    for (int step = 1; step < 6; step++) {
      double smaller = Math.min(norm(from), norm(to));
      assertTrue(norm(codes.row(step)) > 0.9 * smaller, "step " + step);
    }
  }

  @Test
  void directionsWithoutAnArc() {
    float[] code = {1, -2};
    Interpolation arc = Interpolation.spherical(3);
    assertArrayEquals(
        new float[] {1, -2, 2, -4, 3, -6}, arc.between(code, new float[] {3, -6}).values());
    assertArrayEquals(
        new float[] {0, 0, 0.5f, -1, 1, -2}, arc.between(new float[2], code).values());
    assertArrayEquals(code, arc.between(code, code).row(1));
    Thrown.says(
        IllegalArgumentException.class,
        () -> arc.between(code, new float[] {-2, 4}),
        "opposite directions",
        "linear");
  }

  @Test
  void wrongArguments() {
    Thrown.says(
        IllegalArgumentException.class,
        () -> Interpolation.linear(1),
        "steps: expected 2 or more, given 1");
    Thrown.says(
        IllegalArgumentException.class,
        () -> Interpolation.linear(2).between(new float[2], new float[3]),
        "given 2 and 3 values");
  }
}
