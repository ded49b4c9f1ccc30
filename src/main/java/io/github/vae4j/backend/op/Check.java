// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.SizeException;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The check of an op's operands, in the op's constructor. Every message names the op, the argument,
 * the expected value and the given one.
 *
 * <p>A shape is text such as {@code "B L 2Z"}: a dimension is a number, a size, or a number times a
 * size. The first use of a size sets it; every later use is compared with it. {@code "*R Z"} joins
 * leading dimensions: R is the product of all but the last. Unless an op's Javadoc allows it, a
 * tensor that the op writes overlaps no other operand.
 */
final class Check {
  private final String op;
  private final Map<String, Long> sizes = new LinkedHashMap<>();
  private final List<Use> uses = new ArrayList<>();

  private record Use(String name, Buffer buffer, boolean written) {}

  Check(String op) {
    this.op = op;
  }

  IllegalArgumentException wrong(String argument, String expected, Object given) {
    return new IllegalArgumentException(
        op + ": " + argument + ": expected " + expected + ", given " + given);
  }

  /** Sets a size that no operand has. */
  Check size(String size, long value) {
    sizes.put(size, value);
    return this;
  }

  /** The value of a size that an operand has set. */
  int size(String size) {
    Long value = sizes.get(size);
    if (value == null) {
      throw new IllegalStateException(op + ": the size " + size + " is not set");
    }
    return Math.toIntExact(value);
  }

  /** Checks a setting or a forward op for null, which a caller without null checks may give. */
  Check given(String argument, @Nullable Object value, String expected) {
    if (value == null) {
      throw wrong(argument, expected, "null");
    }
    return this;
  }

  /** Checks that the preactivation is given exactly if the activation needs it. */
  Check activation(@Nullable Activation activation, @Nullable Tensor preactivation) {
    if (activation == null) {
      throw wrong("activation", "an activation", "null");
    }
    boolean needed = activation.needsPreactivation();
    if (needed != (preactivation != null)) {
      String expected = needed ? "a tensor, which " : "null, as no preactivation ";
      throw wrong(
          "preactivation",
          expected + activation.id() + " needs",
          preactivation == null ? "null" : preactivation);
    }
    return this;
  }

  Check atLeast(String argument, int value, int least) {
    if (value < least) {
      throw wrong(argument, least + " or more", value);
    }
    return this;
  }

  Check finite(String argument, double value) {
    if (!Double.isFinite(value)) {
      throw wrong(argument, "a finite number", value);
    }
    return this;
  }

  /** A number from 0 to 1, itself of the argument's type, so that the message has its digits. */
  Check fraction(String argument, Number value, boolean oneAllowed) {
    double given = value.doubleValue();
    if (!(given >= 0) || given > 1 || (given == 1 && !oneAllowed)) {
      throw wrong(argument, oneAllowed ? "0 to 1" : "0 or more and below 1", value);
    }
    return this;
  }

  Check finiteNotNegative(String argument, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw wrong(argument, "a finite number of 0 or more", value);
    }
    return this;
  }

  Check positive(String argument, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw wrong(argument, "a finite number above 0", value);
    }
    return this;
  }

  /** Checks a FLOAT32 tensor that the op reads. */
  Check in(String argument, @Nullable Tensor tensor, String shape) {
    return use(argument, tensor, DType.FLOAT32, shape, false);
  }

  /** Checks an optional FLOAT32 tensor that the op reads. */
  Check mayIn(String argument, @Nullable Tensor tensor, String shape) {
    return tensor == null ? this : in(argument, tensor, shape);
  }

  /** Checks a FLOAT32 tensor that the op writes, wholly or in part. */
  Check out(String argument, @Nullable Tensor tensor, String shape) {
    return use(argument, tensor, DType.FLOAT32, shape, true);
  }

  /** Checks an optional FLOAT32 tensor that the op writes. */
  Check mayOut(String argument, @Nullable Tensor tensor, String shape) {
    return tensor == null ? this : out(argument, tensor, shape);
  }

  /** Checks a FLOAT64 tensor that the op reads. */
  Check in64(String argument, @Nullable Tensor tensor, String shape) {
    return use(argument, tensor, DType.FLOAT64, shape, false);
  }

  /** Checks a FLOAT64 tensor that the op writes. */
  Check out64(String argument, @Nullable Tensor tensor, String shape) {
    return use(argument, tensor, DType.FLOAT64, shape, true);
  }

  /** Checks that the number of groups divides the L samples. */
  Check groups(int groups) {
    atLeast("groups", groups, 1);
    if (size("L") % groups != 0) {
      throw wrong("groups", "a divisor of the " + size("L") + " samples", groups);
    }
    return this;
  }

  Check control(@Nullable Control control) {
    if (control == null) {
      throw wrong("control", "a control block", "null");
    }
    requireOpen("control", control.buffer());
    uses.add(new Use("control", control.buffer(), false));
    return this;
  }

  /** Checks a tensor of any type and shape. */
  Check any(String argument, @Nullable Tensor tensor, boolean written) {
    if (tensor == null) {
      throw wrong(argument, "a tensor", "null");
    }
    requireOpen(argument, tensor.buffer());
    uses.add(new Use(argument, tensor.buffer(), written));
    return this;
  }

  /** Checks that a written tensor overlaps no other operand. */
  void done() {
    for (int i = 0; i < uses.size(); i++) {
      for (int k = i + 1; k < uses.size(); k++) {
        Use a = uses.get(i);
        Use b = uses.get(k);
        if ((a.written || b.written) && a.buffer.overlaps(b.buffer)) {
          throw wrong(b.name, "a tensor that does not overlap " + a.name, b.buffer);
        }
      }
    }
  }

  private void requireOpen(String argument, Buffer buffer) {
    if (buffer.memory().address() == 0) {
      throw wrong(argument, "an open buffer", buffer + ", closed");
    }
  }

  private Check use(
      String argument, @Nullable Tensor tensor, DType type, String shape, boolean written) {
    any(argument, tensor, written);
    Map<String, Long> found = new LinkedHashMap<>(sizes);
    if (tensor == null || tensor.type() != type || !matches(tensor, shape, found)) {
      throw wrong(argument, type + " " + text(shape), tensor == null ? "null" : tensor);
    }
    if (tensor.length() > Integer.MAX_VALUE) {
      String text =
          wrong(argument, "at most " + Integer.MAX_VALUE + " elements", tensor).getMessage();
      throw new SizeException(String.valueOf(text));
    }
    sizes.putAll(found);
    return this;
  }

  private static boolean matches(Tensor tensor, String shape, Map<String, Long> sizes) {
    boolean joined = shape.startsWith("*");
    String[] dims = shape.substring(joined ? 1 : 0).split(" ", -1);
    int lead = tensor.rank() - dims.length;
    if (joined ? lead < 0 : lead != 0) {
      return false;
    }
    long first = tensor.dim(0);
    for (int i = 1; i <= lead; i++) {
      first *= tensor.dim(i);
    }
    for (int i = 0; i < dims.length; i++) {
      if (!matches(dims[i], i == 0 ? first : tensor.dim(lead + i), sizes)) {
        return false;
      }
    }
    return true;
  }

  private static boolean matches(String dim, long given, Map<String, Long> sizes) {
    String size = sizeName(dim);
    long factor = factor(dim);
    if (size.isEmpty()) {
      return given == factor;
    }
    if (given > Integer.MAX_VALUE || given % factor != 0) {
      return false;
    }
    Long known = sizes.putIfAbsent(size, given / factor);
    return known == null || known * factor == given;
  }

  private static String sizeName(String dim) {
    return dim.replaceFirst("^[0-9]+", "");
  }

  private static long factor(String dim) {
    String number = dim.substring(0, dim.length() - sizeName(dim).length());
    return number.isEmpty() ? 1 : Long.parseLong(number);
  }

  /**
   * The text of a shape with the sizes that other operands have set, as in {@code (B = 3, 2Z = 4)}.
   */
  private String text(String shape) {
    StringJoiner text = new StringJoiner(", ", "(", ")");
    for (String dim : shape.split(" ", -1)) {
      String bare = dim.replace("*", "");
      Long known = sizes.get(sizeName(bare));
      text.add(known == null ? dim : dim + " = " + known * factor(bare));
    }
    return text.toString();
  }
}
