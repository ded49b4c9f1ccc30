// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Attention;
import io.github.vae4j.backend.op.AttentionBackward;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cases of {@link Attention} and its gradient. */
final class AttentionCases {
  private static final List<Shape> SHAPES =
      List.of(
          new Shape(1, 1, 1, 1),
          new Shape(2, 1, 6, 2),
          new Shape(2, 5, 3, 1),
          new Shape(1, 9, 30, 6),
          new Shape(3, 7, 33, 1),
          new Shape(2, 33, 14, 2),
          // More than one block of pixels, and more channels than a slice or 32 lanes have.
          new Shape(1, 70, 36, 1),
          new Shape(1, 130, 8, 2),
          new Shape(2, 34, 100, 1),
          new Shape(1, 3, 200, 1),
          new Shape(1, 2, 1030, 2),
          new Shape(1, 2, 530, 1));

  private AttentionCases() {}

  /** What the queries, keys and values are. */
  private enum Kind {
    /** Of a standard deviation of about 1. */
    ORDINARY,
    /** Scores of 1e4 either way, so that most weights are 0 or 1. */
    LARGE,
    /** A NaN in one query. */
    NAN_QUERY,
    /** A NaN in one key. */
    NAN_KEY,
    /** A NaN in one value. */
    NAN_VALUE,
    /** An infinity in one key, so that scores are infinite of both signs. */
    INFINITE_KEY,
    /** One key is minus infinity and all queries are positive: its weight is 0. */
    EXCLUDED_KEY
  }

  private record Shape(int images, int pixels, int channels, int heads) {
    int[] image(int parts) {
      return new int[] {images, pixels, parts * channels};
    }

    int[] moments() {
      return new int[] {images, pixels, heads};
    }

    int elements() {
      return images * pixels * channels;
    }

    int width() {
      return channels / heads;
    }

    long work() {
      return 4L * elements() * pixels;
    }
  }

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (Shape shape : SHAPES) {
      cases.add(forward(shape, Kind.ORDINARY));
      cases.add(backward(shape, Kind.ORDINARY));
    }
    for (Kind kind : Kind.values()) {
      if (kind != Kind.ORDINARY) {
        cases.add(forward(new Shape(2, 37, 6, 2), kind));
        cases.add(backward(new Shape(2, 37, 6, 2), kind));
      }
    }
    return cases;
  }

  static List<OpCase> large() {
    List<OpCase> cases = new ArrayList<>();
    for (Shape shape : List.of(new Shape(8, 256, 256, 1), new Shape(16, 256, 64, 4))) {
      cases.add(forward(shape, Kind.ORDINARY));
      cases.add(backward(shape, Kind.ORDINARY));
    }
    return cases;
  }

  private static String name(String op, Shape shape, Kind kind) {
    String sizes = shape.images() + "x" + shape.pixels() + "x" + shape.channels();
    String name = op + " " + sizes + " heads " + shape.heads();
    return kind == Kind.ORDINARY ? name : name + " " + kind.name().toLowerCase(Locale.ROOT);
  }

  private static float[] qkv(Operands operands, Shape shape, Kind kind) {
    float[] values = operands.normal(3 * shape.elements());
    int channels = shape.channels();
    if (kind == Kind.LARGE) {
      for (int i = 0; i < values.length; i++) {
        values[i] *= i / channels % 3 == 2 ? 1 : 60;
      }
    }
    // Of pixel 2 of the first image, in its second channel.
    int query = 2 * 3 * channels + 1;
    int key = query + channels;
    switch (kind) {
      case NAN_QUERY -> values[query] = Float.NaN;
      case NAN_KEY -> values[key] = Float.NaN;
      case NAN_VALUE -> values[key + channels] = Float.NaN;
      case INFINITE_KEY -> values[key] = Float.POSITIVE_INFINITY;
      case EXCLUDED_KEY -> {
        values[key] = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < values.length; i++) {
          values[i] = i / channels % 3 == 0 ? Math.abs(values[i]) : values[i];
        }
      }
      default -> {}
    }
    return values;
  }

  /** The bound of sums of so many terms of size 2. */
  private static Bound sum(double terms) {
    return Bound.sum((int) terms, 2);
  }

  private static OpCase forward(Shape shape, Kind kind) {
    double root = Math.sqrt(shape.width());
    return new OpCase(
        name("attention", shape, kind),
        shape.work(),
        operands -> {
          Tensor qkv = operands.in("qkv", qkv(operands, shape, kind), shape.image(3));
          // A score of 1e4 has an error of 1e-3 in float32, and so has the logarithm of a weight.
          boolean large = kind == Kind.LARGE;
          Bound moment = large ? Bound.element(1000) : sum(2 + root);
          Bound mean = large ? (index, want, tolerance) -> 0.02 : sum(16 + 4 * root);
          return new Attention(
              qkv,
              operands.out("lse", moment, shape.moments()),
              operands.out("y", mean, shape.image(1)));
        });
  }

  private static OpCase backward(Shape shape, Kind kind) {
    double terms = 64 + shape.pixels() + 4 * shape.width();
    return new OpCase(
        name("attentionBackward", shape, kind),
        3 * shape.work(),
        operands -> {
          float[] qkv = qkv(operands, shape, kind);
          float[][] results = results(shape, qkv);
          Attention forward =
              new Attention(
                  operands.in("qkv", qkv, shape.image(3)),
                  operands.in("lse", results[0], shape.moments()),
                  operands.in("y", results[1], shape.image(1)));
          Tensor dy = operands.in("dy", operands.normal(shape.elements()), shape.image(1));
          Bound bound = kind == Kind.LARGE ? (index, want, tolerance) -> 1 : sum(terms);
          return new AttentionBackward(forward, dy, operands.out("dqkv", bound, shape.image(3)));
        });
  }

  /** The reference's lse and y. */
  private static float[][] results(Shape shape, float[] values) {
    Backend backend = new ReferenceBackend();
    try (Arena arena = new Arena()) {
      Tensor qkv = backend.tensor(arena, shape.image(3));
      qkv.write(values);
      Tensor lse = backend.tensor(arena, shape.moments());
      Tensor y = backend.tensor(arena, shape.image(1));
      try (Program program = backend.compile(List.of(new Attention(qkv, lse, y)))) {
        program.run();
      }
      return new float[][] {lse.toFloats(), y.toFloats()};
    } finally {
      backend.close();
    }
  }
}
