// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes ONNX networks of one node, in protobuf's wire format: the fields that a test needs. */
public final class Onnx {
  private static final int FLOAT = 1;
  static final int DOUBLE = 11;

  private Onnx() {}

  /** From input x to output y; a dimension of -1 is left open. */
  public static byte[] network(String operator, long... inputShape) {
    return typed(operator, FLOAT, inputShape);
  }

  static byte[] typed(String operator, int type, long... inputShape) {
    byte[] node = join(bytes(1, text("x")), bytes(2, text("y")), bytes(4, text(operator)));
    byte[] graph =
        join(
            bytes(1, node),
            bytes(2, text("test")),
            bytes(11, value("x", type, inputShape)),
            bytes(12, join(bytes(1, text("y")), bytes(2, bytes(1, number(1, type))))));
    byte[] operators = number(2, 13);
    return join(number(1, 8), bytes(7, graph), bytes(8, operators));
  }

  private static byte[] value(String name, int type, long... shape) {
    byte[] dimensions = new byte[0];
    for (long size : shape) {
      byte[] dimension = size < 0 ? bytes(2, text("d" + dimensions.length)) : number(1, size);
      dimensions = join(dimensions, bytes(1, dimension));
    }
    byte[] tensor = join(number(1, type), bytes(2, dimensions));
    return join(bytes(1, text(name)), bytes(2, bytes(1, tensor)));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] bytes(int field, byte[] content) {
    return join(varint((field << 3) | 2), varint(content.length), content);
  }

  private static byte[] number(int field, long value) {
    return join(varint((long) field << 3), varint(value));
  }

  private static byte[] varint(long value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (value >= 128) {
      out.write((int) ((value & 127) | 128));
      value >>>= 7;
    }
    out.write((int) value);
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
