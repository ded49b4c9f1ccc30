// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PhiloxTest {
  /** The known answers that Random123 publishes for philox4x32 with 10 rounds. */
  @Test
  void blocksAreTheKnownAnswers() {
    assertBlock(0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    assertBlock(-1, -1, -1, -1, -1, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    assertBlock(
        0x299f31d0a4093822L,
        0x243f6a88,
        0x85a308d3,
        0x13198a2e,
        0x03707344,
        0xd16cfe09,
        0x94fdcceb,
        0x5001e420,
        0x24126ea1);
  }

  private static void assertBlock(long key, int c0, int c1, int c2, int c3, int... expected) {
    int[] words = new int[4];
    Philox.block(key, c0, c1, c2, c3, words);
    assertArrayEquals(expected, words);
  }

  @Test
  void aWordsCoordinatesAreTheCounter() {
    long step = 0xABCDEF12345678L;
    int[] words = new int[4];
    int high = Stream.LATENT.id() << 24 | 0xABCDEF;
    Philox.block(42, 3, 1000, 0x12345678, high, words);
    for (int i = 0; i < 4; i++) {
      int word = Philox.word(42, Stream.LATENT, step, 1000, 12 + i);
      assertEquals(words[i], word);
      double uniform = Philox.uniform(42, Stream.LATENT, step, 1000, 12 + i);
      assertEquals((words[i] >>> 8) / 16777216.0, uniform);
    }
  }

  @Test
  void everyCoordinateMatters() {
    Set<Integer> words = new HashSet<>();
    words.add(Philox.word(1, Stream.LATENT, 1, 1, 1));
    words.add(Philox.word(2, Stream.LATENT, 1, 1, 1));
    words.add(Philox.word(1L << 32 | 1, Stream.LATENT, 1, 1, 1));
    words.add(Philox.word(1, Stream.EVALUATE, 1, 1, 1));
    words.add(Philox.word(1, Stream.LATENT, 2, 1, 1));
    words.add(Philox.word(1, Stream.LATENT, 1L << 32 | 1, 1, 1));
    words.add(Philox.word(1, Stream.LATENT, 1, 2, 1));
    words.add(Philox.word(1, Stream.LATENT, 1, 1, 2));
    words.add(Philox.word(1, Stream.LATENT, 1, 1, 5));
    assertEquals(9, words.size());
  }

  @Test
  void streamsHaveNumbersOfTheirOwn() {
    Set<Integer> ids = new HashSet<>();
    for (Stream stream : Stream.values()) {
      assertTrue(stream.id() >= 1 && stream.id() <= 255);
      ids.add(stream.id());
    }
    assertEquals(Stream.values().length, ids.size());
  }

  @Test
  void uniformsAreUniform() {
    int n = 200_000;
    int[] bins = new int[20];
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double u = Philox.uniform(7, Stream.BINARIZE, 3, i / 100, i % 100);
      assertTrue(u >= 0 && u < 1);
      sum += u;
      bins[(int) (u * bins.length)]++;
    }
    assertEquals(0.5, sum / n, 5 * Math.sqrt(1 / 12.0 / n));
    double chiSquare = 0;
    for (int count : bins) {
      double expected = n / (double) bins.length;
      chiSquare += (count - expected) * (count - expected) / expected;
    }
    // 19 degrees of freedom: above 51 once in 10 000 seeds.
    assertTrue(chiSquare < 51, "chi square " + chiSquare);
  }

  @Test
  void normalsHaveNormalMoments() {
    int n = 200_000;
    double[] moments = new double[5];
    double neighbours = 0;
    double last = 0;
    for (int i = 0; i < n; i++) {
      double z = Philox.normal(7, Stream.LATENT, 3, i / 100, i % 100);
      assertTrue(Math.abs(z) < 5.77);
      double power = 1;
      for (int k = 0; k < moments.length; k++) {
        moments[k] += power / n;
        power *= z;
      }
      neighbours += z * last / n;
      last = z;
    }
    double error = 5 / Math.sqrt(n);
    assertEquals(0, moments[1], error);
    assertEquals(1, moments[2], error * Math.sqrt(2));
    assertEquals(0, moments[3], error * Math.sqrt(15));
    assertEquals(3, moments[4], error * Math.sqrt(96));
    assertEquals(0, neighbours, error);
  }

  @Test
  void normalsArePairsOfTheSameRadius() {
    double even = Philox.normal(7, Stream.LATENT, 3, 5, 10);
    double odd = Philox.normal(7, Stream.LATENT, 3, 5, 11);
    int word = Philox.word(7, Stream.LATENT, 3, 5, 10);
    double square = -2 * Math.log(((word >>> 8) + 1) / 16777216.0);
    assertEquals(square, even * even + odd * odd, 1e-12);
    assertNotEquals(even, odd);
  }
}
