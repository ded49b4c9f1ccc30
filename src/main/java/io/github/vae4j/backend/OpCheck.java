package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects one op's buffers and checks them. Every message says the op, the argument, what was
 * expected and what was given. Unless an op says otherwise, what it writes overlaps nothing else
 * that it uses.
 */
final class OpCheck {
  private final String op;
  private final List<Use> uses = new ArrayList<>();

  private record Use(String name, Buffer buffer, boolean written) {}

  OpCheck(String op) {
    this.op = op;
  }

  IllegalArgumentException wrong(String argument, String expected, Object given) {
    return new IllegalArgumentException(
        op + ": " + argument + ": expected " + expected + ", given " + given);
  }

  void atLeast(String argument, int value, int least) {
    if (value < least) {
      throw wrong(argument, least + " or more", value);
    }
  }

  void finite(String argument, double value) {
    if (!Double.isFinite(value)) {
      throw wrong(argument, "a finite number", value);
    }
  }

  void finiteNotNegative(String argument, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw wrong(argument, "a finite number of 0 or more", value);
    }
  }

  /** A product of sizes that ops index with an int. */
  long size(String argument, long... factors) {
    long product = 1;
    for (long factor : factors) {
      product = product * factor;
      if (product > Integer.MAX_VALUE) {
        throw wrong(argument, "at most " + Integer.MAX_VALUE + " elements", product + " or more");
      }
    }
    return product;
  }

  /** A buffer that the op reads. */
  Buffer reads(String argument, @Nullable Buffer buffer, DType type, long... shape) {
    return use(argument, buffer, type, shape, false);
  }

  /** A buffer that the op reads if it is given. */
  void mayRead(String argument, @Nullable Buffer buffer, DType type, long... shape) {
    if (buffer != null) {
      reads(argument, buffer, type, shape);
    }
  }

  /** A buffer that the op writes, wholly or in part. */
  Buffer writes(String argument, @Nullable Buffer buffer, DType type, long... shape) {
    return use(argument, buffer, type, shape, true);
  }

  /** A buffer that the op writes if it is given. */
  void mayWrite(String argument, @Nullable Buffer buffer, DType type, long... shape) {
    if (buffer != null) {
      writes(argument, buffer, type, shape);
    }
  }

  void control(@Nullable Control control) {
    if (control == null) {
      throw wrong("control", "a control block", "null");
    }
    Buffer buffer = open("control", control.buffer());
    uses.add(new Use("control", buffer, false));
  }

  /** An open buffer, whatever its type and length. */
  Buffer open(String argument, @Nullable Buffer buffer) {
    if (buffer == null) {
      throw wrong(argument, "a buffer", "null");
    }
    if (buffer.memory().address() == 0) {
      throw wrong(argument, "an open buffer", buffer + ", closed");
    }
    if (buffer.length() < 1) {
      throw wrong(argument, "1 element or more", buffer);
    }
    return buffer;
  }

  /** Adds a buffer of any type and length. */
  Buffer any(String argument, @Nullable Buffer buffer, boolean written) {
    Buffer checked = open(argument, buffer);
    uses.add(new Use(argument, checked, written));
    return checked;
  }

  /** Checks that what is written overlaps nothing else. */
  void noOverlap() {
    for (int i = 0; i < uses.size(); i++) {
      for (int k = i + 1; k < uses.size(); k++) {
        Use a = uses.get(i);
        Use b = uses.get(k);
        if ((a.written || b.written) && overlap(a.buffer, b.buffer)) {
          throw wrong(b.name, "a buffer that does not overlap " + a.name, b.buffer);
        }
      }
    }
  }

  static boolean overlap(Buffer a, Buffer b) {
    return a.memory() == b.memory()
        && a.byteOffset() < b.byteOffset() + b.length() * b.type().bytes()
        && b.byteOffset() < a.byteOffset() + a.length() * a.type().bytes();
  }

  static boolean same(Buffer a, Buffer b) {
    return a.memory() == b.memory()
        && a.byteOffset() == b.byteOffset()
        && a.length() == b.length()
        && a.type() == b.type();
  }

  private Buffer use(
      String argument, @Nullable Buffer buffer, DType type, long[] shape, boolean written) {
    long length = size(argument, shape);
    Buffer checked = open(argument, buffer);
    if (checked.type() != type || checked.length() != length) {
      throw wrong(argument, type + " x " + length + text(shape), checked);
    }
    uses.add(new Use(argument, checked, written));
    return checked;
  }

  private static String text(long[] shape) {
    if (shape.length < 2) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (long size : shape) {
      text.append(text.isEmpty() ? " (" : ", ").append(size);
    }
    return text.append(")").toString();
  }
}
