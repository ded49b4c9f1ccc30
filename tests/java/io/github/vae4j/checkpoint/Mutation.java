// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Changes of the bytes of a good file, as a function of a random generator alone. */
final class Mutation {
  private static final long[] NUMBERS = {
    0,
    1,
    2,
    -1,
    3,
    4,
    127,
    128,
    255,
    256,
    65_535,
    65_536,
    1 << 24,
    1 << 30,
    Integer.MAX_VALUE - 7,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0xFFFF_FFFFL,
    1L << 32,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private static final List<String> TEXTS =
      List.of(
          "0",
          "-1",
          "1e999",
          "-0",
          "NaN",
          "99999999",
          "2147483640",
          "2147483648",
          "9223372036854775807",
          "1e-400",
          "null",
          "true",
          "[]",
          "{}",
          "\"",
          "\\",
          "\\ud800",
          "\n",
          "\r",
          ",",
          "'",
          "(",
          ")",
          "[[[[[[[[",
          "\u0000",
          "\ufeff",
          "\ud83d\ude00",
          "__metadata__",
          "\"\"",
          "x".repeat(300));

  private Mutation() {}

  /** Some changes of one of several good files. */
  static byte[] of(List<byte[]> good, Random random) {
    byte[] bytes = good.get(random.nextInt(good.size())).clone();
    int changes = 1 + random.nextInt(random.nextInt(4) == 0 ? 12 : 3);
    for (int i = 0; i < changes; i++) {
      bytes = change(bytes, good, random);
    }
    return bytes;
  }

  private static byte[] change(byte[] bytes, List<byte[]> good, Random random) {
    // Headers are at the start, where most of a file's meaning is.
    int reach = random.nextInt(3) == 0 ? bytes.length : Math.min(bytes.length, 256);
    int at = reach == 0 ? 0 : random.nextInt(reach);
    int most = random.nextInt(8) == 0 ? bytes.length : 16;
    int length = Math.min(bytes.length - at, 1 + random.nextInt(Math.max(1, most)));
    return switch (random.nextInt(11)) {
      case 0 -> with(bytes, at, (byte) (byteAt(bytes, at) ^ 1 << random.nextInt(8)));
      case 1 -> with(bytes, at, (byte) random.nextInt(256));
      case 2 -> with(bytes, at, (byte) NUMBERS[random.nextInt(NUMBERS.length)]);
      case 3 -> number(bytes, at, random);
      case 4 -> Arrays.copyOf(bytes, at);
      case 5 -> splice(bytes, at, length, new byte[0]);
      case 6 -> splice(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
      case 7 -> splice(bytes, at, random.nextInt(2) * length, text(random));
      case 8 -> digits(bytes, at, random);
      case 9 -> other(bytes, at, good.get(random.nextInt(good.size())), random);
      default -> splice(bytes, at, 0, noise(random));
    };
  }

  private static byte byteAt(byte[] bytes, int at) {
    return at < bytes.length ? bytes[at] : 0;
  }

  private static byte[] with(byte[] bytes, int at, byte value) {
    if (at < bytes.length) {
      bytes[at] = value;
    }
    return bytes;
  }

  private static byte[] text(Random random) {
    return TEXTS.get(random.nextInt(TEXTS.size())).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] noise(Random random) {
    byte[] noise = new byte[1 + random.nextInt(64)];
    random.nextBytes(noise);
    return noise;
  }

  /** A number of 2, 4 or 8 bytes in either order. */
  private static byte[] number(byte[] bytes, int at, Random random) {
    int size = 2 << random.nextInt(3);
    if (at + size > bytes.length) {
      return bytes;
    }
    long number = NUMBERS[random.nextInt(NUMBERS.length)] + random.nextInt(3) - 1;
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    buffer.order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    switch (size) {
      case 2 -> buffer.putShort(at, (short) number);
      case 4 -> buffer.putInt(at, (int) number);
      default -> buffer.putLong(at, number);
    }
    return bytes;
  }

  /** Another number in place of the next one that is written as text. */
  private static byte[] digits(byte[] bytes, int at, Random random) {
    int first = at;
    while (first < bytes.length && (bytes[first] < '0' || bytes[first] > '9')) {
      first++;
    }
    int end = first;
    while (end < bytes.length && bytes[end] >= '0' && bytes[end] <= '9') {
      end++;
    }
    String number =
        random.nextInt(4) == 0
            ? TEXTS.get(random.nextInt(10))
            : Long.toString(NUMBERS[random.nextInt(NUMBERS.length)] + random.nextInt(3) - 1);
    return splice(bytes, first, end - first, number.getBytes(StandardCharsets.UTF_8));
  }

  /** The start of one file and the end of another. */
  private static byte[] other(byte[] bytes, int at, byte[] second, Random random) {
    int from = second.length == 0 ? 0 : random.nextInt(second.length);
    return splice(bytes, at, bytes.length - at, Arrays.copyOfRange(second, from, second.length));
  }

  private static byte[] splice(byte[] bytes, int at, int removed, byte[] put) {
    int start = Math.min(at, bytes.length);
    int rest = Math.min(bytes.length, start + removed);
    byte[] all = Arrays.copyOf(bytes, start + put.length + bytes.length - rest);
    System.arraycopy(put, 0, all, start, put.length);
    System.arraycopy(bytes, rest, all, start + put.length, bytes.length - rest);
    return all;
  }
}
