// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The benchmark's data: as many rows as a backend can hold, for every batch size. */
final class NoiseTest {
  @Test
  void anEpochIsAsManyStepsAsAreWantedOrFit() {
    assertEquals(500, Noise.steps(128, 784, 500));
    assertEquals(10, Noise.steps(8192, 784, 500));
    assertEquals(1, Noise.steps(1 << 20, 784, 500));
  }

  @Test
  void rowsFarBehindTwoToTheThirtyOneBytesAreRead() {
    Noise noise = new Noise(4_000_000, 784, null);
    ByteBuffer row = ByteBuffer.allocate(784);
    noise.read(3_999_999, 1, row);
    assertEquals((byte) (3_999_999L * 784 * 7919), row.get(0));
    assertEquals(0, row.remaining());
  }
}
