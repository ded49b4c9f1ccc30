// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

final class DrawsTest {
  private static final int COUNT = 200_000;

  @Test
  void drawsAreTheColumnsOfARow() {
    Draws draws = new Draws(5, Stream.CELL, 3);
    assertEquals(word(0), draws.nextInt());
    assertEquals((long) word(1) << 32 | (word(2) & 0xFFFFFFFFL), draws.nextLong());
    assertEquals(word(3) < 0, draws.nextBoolean());
    long next = (long) word(4) << 32 | (word(5) & 0xFFFFFFFFL);
    assertEquals((next >>> 11) / 0x1p53, draws.nextDouble());
    next = (long) word(6) << 32 | (word(7) & 0xFFFFFFFFL);
    assertEquals(NormalQuantile.of(((next >>> 12) + 0.5) / 0x1p52), draws.nextGaussian());
    next = (long) word(8) << 32 | (word(9) & 0xFFFFFFFFL);
    assertEquals(-Math.log(((next >>> 12) + 0.5) / 0x1p52), draws.nextExponential(), 1e-15);
  }

  private static int word(int column) {
    return Philox.word(5, Stream.CELL, 0, 3, column);
  }

  @Test
  void normalsHaveNormalMoments() {
    Draws draws = new Draws(1, Stream.OBSERVATION, 0);
    double[] moments = moments(draws::nextGaussian);
    double error = 5 / Math.sqrt(COUNT);
    assertEquals(0, moments[1], error);
    assertEquals(1, moments[2], error * Math.sqrt(2));
    assertEquals(0, moments[3], error * Math.sqrt(15));
    assertEquals(3, moments[4], error * Math.sqrt(96));
  }

  @Test
  void exponentialsHaveExponentialMoments() {
    Draws draws = new Draws(2, Stream.OBSERVATION, 0);
    double[] moments = moments(draws::nextExponential);
    double error = 5 / Math.sqrt(COUNT);
    assertEquals(1, moments[1], error);
    assertEquals(2, moments[2], error * Math.sqrt(20));
    assertEquals(6, moments[3], error * Math.sqrt(684));
    assertTrue(draws.nextExponential() > 0);
  }

  private static double[] moments(DoubleSupplier draws) {
    double[] moments = new double[5];
    for (int i = 0; i < COUNT; i++) {
      double draw = draws.getAsDouble();
      double power = 1;
      for (int k = 0; k < moments.length; k++) {
        moments[k] += power / COUNT;
        power *= draw;
      }
    }
    return moments;
  }
}
