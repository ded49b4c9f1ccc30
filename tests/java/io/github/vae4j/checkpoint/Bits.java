// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

/** Compares numbers bit by bit, and damages bits of files. */
final class Bits {
  /**
   * Values that an inexact copy changes: quiet and signalling NaNs with payloads, -0, denormals.
   */
  static final int[] ODD_FLOATS = {
    0x7fc00000,
    0x7fc12345,
    0xffc00001,
    0x7f800001,
    0xff812345,
    0x80000000,
    0x00000000,
    0x00000001,
    0x807fffff,
    0x7f800000,
    0xff800000,
    0x7f7fffff,
    0x3f800000
  };

  static final long[] ODD_DOUBLES = {
    0x7ff8000000000000L,
    0xfff8000000abcdefL,
    0x7ff0000000000001L,
    0x8000000000000000L,
    0x0000000000000001L,
    0x7ff0000000000000L,
    0xfff0000000000000L,
    0x7fefffffffffffffL,
    0x3fb999999999999aL
  };

  private Bits() {}

  /** Bytes of a file written out by hand: texts and raw bytes. */
  static byte[] bytes(Object... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Object part : parts) {
      bytes.writeBytes(
          part instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : (byte[]) part);
    }
    return bytes.toByteArray();
  }

  static byte[] hex(String digits) {
    return HexFormat.ofDelimiter(" ").parseHex(digits);
  }

  static float[] floats(int... bits) {
    float[] values = new float[bits.length];
    for (int i = 0; i < bits.length; i++) {
      values[i] = Float.intBitsToFloat(bits[i]);
    }
    return values;
  }

  static double[] doubles(long... bits) {
    return Arrays.stream(bits).mapToDouble(Double::longBitsToDouble).toArray();
  }

  static void assertSame(float[] expected, float[] actual) {
    assertArrayEquals(raw(expected), raw(actual));
  }

  static void assertSame(double[] expected, double[] actual) {
    assertArrayEquals(
        Arrays.stream(expected).mapToLong(Double::doubleToRawLongBits).toArray(),
        Arrays.stream(actual).mapToLong(Double::doubleToRawLongBits).toArray());
  }

  private static int[] raw(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  /** A copy with some bits flipped, bytes changed, cut off, left out or put in. */
  static byte[] damage(byte[] file, Random random) {
    byte[] bytes = file.clone();
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(6)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> {
        for (int i = 0; i < 8; i++) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      case 2 -> bytes[at] = (byte) random.nextInt(256);
      case 3 -> bytes = Arrays.copyOf(bytes, at);
      case 4 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 64), (byte) 0);
      default -> {
        ByteBuffer longer = ByteBuffer.allocate(bytes.length + 1);
        longer.put(bytes, 0, at).put((byte) random.nextInt(256)).put(bytes, at, bytes.length - at);
        bytes = longer.array();
      }
    }
    return bytes;
  }
}
