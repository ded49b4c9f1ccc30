// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes ONNX networks in protobuf's wire format: the fields that the tests need. */
public final class Onnx {
  private static final int FLOAT = 1;
  private static final int INT = 2;
  private static final int INTS = 7;
  static final int DOUBLE = 11;

  private Onnx() {}

  /** One node from input x to output y; a dimension of -1 is left open. */
  public static byte[] network(String operator, long... inputShape) {
    return typed(operator, FLOAT, inputShape);
  }

  static byte[] typed(String operator, int type, long... inputShape) {
    byte[] node = node(operator, List.of("x"), "y", Map.of());
    return network(type, List.of(node), List.of(), inputShape);
  }

  /**
   * Nodes from input x to output y.
   *
   * @param nodes of {@link #node}, each after those whose outputs it takes
   * @param weights of {@link #weights}
   */
  static byte[] network(List<byte[]> nodes, List<byte[]> weights, long... inputShape) {
    return network(FLOAT, nodes, weights, inputShape);
  }

  private static byte[] network(
      int type, List<byte[]> nodes, List<byte[]> weights, long... inputShape) {
    byte[] graph =
        join(
            repeated(1, nodes),
            bytes(2, text("test")),
            repeated(5, weights),
            bytes(11, value("x", type, inputShape)),
            bytes(12, join(bytes(1, text("y")), bytes(2, bytes(1, number(1, type))))));
    byte[] operators = number(2, 13);
    return join(number(1, 8), bytes(7, graph), bytes(8, operators));
  }

  static byte[] node(
      String operator, List<String> inputs, String output, Map<String, long[]> attributes) {
    byte[] node =
        join(repeated(1, texts(inputs)), bytes(2, text(output)), bytes(4, text(operator)));
    // In the order of names, so that a network has the same bytes each time.
    for (Map.Entry<String, long[]> attribute : new TreeMap<>(attributes).entrySet()) {
      byte[] numbers = bytes(1, text(attribute.getKey()));
      for (long value : attribute.getValue()) {
        numbers = join(numbers, number(8, value));
      }
      node = join(node, bytes(5, join(numbers, number(20, INTS))));
    }
    return node;
  }

  /** The channels of images one after the other. */
  static byte[] concat(List<String> inputs, String output) {
    byte[] axis = join(bytes(1, text("axis")), number(3, 1), number(20, INT));
    return join(node("Concat", inputs, output, Map.of()), bytes(5, axis));
  }

  static byte[] weights(String name, float[] values, long... dims) {
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    byte[] sizes = new byte[0];
    for (long size : dims) {
      sizes = join(sizes, number(1, size));
    }
    return join(sizes, number(2, FLOAT), bytes(8, text(name)), bytes(9, raw.array()));
  }

  private static List<byte[]> texts(List<String> texts) {
    return texts.stream().map(Onnx::text).toList();
  }

  private static byte[] repeated(int field, List<byte[]> contents) {
    return join(contents.stream().map(content -> bytes(field, content)).toArray(byte[][]::new));
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
