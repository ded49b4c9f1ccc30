// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

import io.github.vae4j.tensor.Matrix;
import java.util.Locale;

/**
 * Codes on a curve from one code to another, at equal steps of t from 0 to 1: {@code
 * Interpolation.spherical(11)}.
 *
 * @param curve from the first code to the last
 * @param steps the number of codes with both ends, 2 or more
 */
public record Interpolation(Curve curve, int steps) {
  /** Below this sine two directions are the same or opposite, in float32. */
  private static final double SMALL_SINE = 1e-6;

  /** The curves. */
  public enum Curve {
    /** The straight line (1 - t) a + t b. */
    LINEAR,
    /**
     * The arc (sin((1 - t) w) a + sin(t w) b) / sin(w), with w the angle between a and b; the line
     * where w is 0. A line through a high-dimensional normal distribution passes through codes of
     * small norm, which the distribution hardly has; an arc does not. Source: White 2016, Sampling
     * generative networks.
     */
    SPHERICAL
  }

  /** Checks the number of steps. {@inheritDoc} */
  public Interpolation {
    if (steps < 2) {
      throw new IllegalArgumentException("steps: expected 2 or more, given " + steps);
    }
  }

  /**
   * A straight line.
   *
   * @param steps the number of codes with both ends, 2 or more
   * @return the interpolation
   */
  public static Interpolation linear(int steps) {
    return new Interpolation(Curve.LINEAR, steps);
  }

  /**
   * An arc.
   *
   * @param steps the number of codes with both ends, 2 or more
   * @return the interpolation
   */
  public static Interpolation spherical(int steps) {
    return new Interpolation(Curve.SPHERICAL, steps);
  }

  /**
   * The place of a code on the curve.
   *
   * @param step from 0 to steps - 1
   * @return t: 0 for the first code, 1 for the last
   */
  public double position(int step) {
    return (double) step / (steps - 1);
  }

  /**
   * The codes on the curve.
   *
   * @param from Z values
   * @param to Z values
   * @return (steps, Z); the first and the last row are the two codes
   * @throws IllegalArgumentException if the codes differ in length, or the curve is an arc and they
   *     have opposite directions
   */
  public Matrix between(float[] from, float[] to) {
    if (from.length != to.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "interpolation: expected codes of the same length, given %d and %d values",
              from.length,
              to.length));
    }
    double angle = curve == Curve.LINEAR ? 0 : angle(from, to);
    Matrix codes = Matrix.zeros(steps, from.length);
    for (int step = 0; step < steps; step++) {
      double t = position(step);
      double first = angle == 0 ? 1 - t : Math.sin((1 - t) * angle) / Math.sin(angle);
      double last = angle == 0 ? t : Math.sin(t * angle) / Math.sin(angle);
      for (int i = 0; i < from.length; i++) {
        codes.values()[step * from.length + i] = (float) (first * from[i] + last * to[i]);
      }
    }
    return codes;
  }

  /** The angle between two codes; 0 where the arc between them is the line. */
  private static double angle(float[] from, float[] to) {
    double product = 0;
    double squares = 0;
    double otherSquares = 0;
    for (int i = 0; i < from.length; i++) {
      product += (double) from[i] * to[i];
      squares += (double) from[i] * from[i];
      otherSquares += (double) to[i] * to[i];
    }
    double norms = Math.sqrt(squares) * Math.sqrt(otherSquares);
    if (norms == 0) {
      return 0;
    }
    double angle = Math.acos(Math.max(-1, Math.min(1, product / norms)));
    if (Math.sin(angle) > SMALL_SINE) {
      return angle;
    }
    if (product < 0) {
      throw new IllegalArgumentException(
          "interpolation: the two codes have opposite directions, so that no arc between them is the"
              + " shortest; take the linear one, or another row");
    }
    return 0;
  }
}
