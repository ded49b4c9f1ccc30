// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Half;
import java.nio.ByteBuffer;

/**
 * The type of a number in a file. Unsigned bytes and booleans stay bytes in a data set, all other
 * types become FLOAT32 (which keeps 24 bits of an integer).
 */
enum ElementType {
  BOOL(1),
  UINT8(1),
  INT8(1),
  UINT16(2),
  INT16(2),
  UINT32(4),
  INT32(4),
  UINT64(8),
  INT64(8),
  FLOAT16(2),
  FLOAT32(4),
  FLOAT64(8);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  int bytes() {
    return bytes;
  }

  /** The raw type of a data set read from such elements. */
  DType type() {
    return this == UINT8 || this == BOOL ? DType.UINT8 : DType.FLOAT32;
  }

  /** The factor from raw values to values: bytes are grey values, booleans are 0 and 1. */
  float scale() {
    return this == UINT8 ? 1f / 255 : 1;
  }

  /** Whether there are whole numbers of this type that a float rounds. */
  boolean wide() {
    return switch (this) {
      case UINT32, INT32, UINT64, INT64, FLOAT64 -> true;
      case BOOL, UINT8, INT8, UINT16, INT16, FLOAT16, FLOAT32 -> false;
    };
  }

  /** The number at a byte position, in the buffer's order. */
  float decode(ByteBuffer from, int at) {
    return switch (this) {
      case BOOL, UINT8 -> Byte.toUnsignedInt(from.get(at));
      case INT8 -> from.get(at);
      case UINT16 -> Short.toUnsignedInt(from.getShort(at));
      case INT16 -> from.getShort(at);
      case UINT32 -> Integer.toUnsignedLong(from.getInt(at));
      case INT32 -> from.getInt(at);
      case UINT64 -> unsigned(from.getLong(at));
      case INT64 -> from.getLong(at);
      case FLOAT16 -> Half.binary16(from.getShort(at));
      case FLOAT32 -> from.getFloat(at);
      case FLOAT64 -> (float) from.getDouble(at);
    };
  }

  // The lowest bit is sticky, so that halving does not change the rounding to float.
  private static float unsigned(long value) {
    return value >= 0 ? value : (value >>> 1 | (value & 1)) * 2f;
  }
}
