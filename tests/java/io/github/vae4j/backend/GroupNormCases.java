// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.NormCases.Kind;
import io.github.vae4j.backend.op.GroupNorm;
import io.github.vae4j.backend.op.GroupNormBackward;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Cases of {@link GroupNorm} and its gradient. */
final class GroupNormCases {
  private static final List<Shape> SHAPES =
      List.of(
          new Shape(1, 1, 1, 1),
          new Shape(1, 9, 3, 3),
          new Shape(2, 5, 6, 2),
          new Shape(3, 7, 33, 3),
          new Shape(5, 16, 17, 1),
          new Shape(2, 64, 32, 8),
          new Shape(3, 49, 16, 16),
          new Shape(7, 1, 40, 5),
          new Shape(2, 9, 192, 3),
          // More pixels than one chunk of work, and channels that fill no vector.
          new Shape(2, 2500, 6, 3),
          new Shape(1, 4099, 4, 2));

  private GroupNormCases() {}

  private record Shape(int images, int pixels, int channels, int groups) {
    int[] image() {
      return new int[] {images, pixels, channels};
    }

    int[] moments() {
      return new int[] {images, groups};
    }

    int elements() {
      return images * pixels * channels;
    }

    /** The place of an element's mean and variance. */
    int moment(int element) {
      return element / (pixels * channels) * groups + element % channels / (channels / groups);
    }

    /** The means and the variances of x, as float32. */
    float[][] momentsOf(float[] x) {
      double[] sums = new double[images * groups];
      double[] squares = new double[images * groups];
      double count = pixels * (channels / groups);
      for (int i = 0; i < x.length; i++) {
        sums[moment(i)] += x[i];
      }
      for (int i = 0; i < x.length; i++) {
        double distance = x[i] - sums[moment(i)] / count;
        squares[moment(i)] += distance * distance;
      }
      float[][] found = new float[2][sums.length];
      for (int m = 0; m < sums.length; m++) {
        found[0][m] = (float) (sums[m] / count);
        found[1][m] = (float) (squares[m] / count);
      }
      return found;
    }
  }

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (Shape shape : SHAPES) {
      cases.add(forward(shape, Kind.ORDINARY));
      cases.add(backward(shape, true, Kind.ORDINARY));
    }
    for (Kind kind : List.of(Kind.FAR, Kind.CONSTANT, Kind.NAN)) {
      cases.add(forward(new Shape(2, 9, 6, 3), kind));
      cases.add(backward(new Shape(2, 9, 6, 3), true, kind));
    }
    cases.add(backward(new Shape(3, 7, 33, 3), false, Kind.ORDINARY));
    return cases;
  }

  static List<OpCase> large() {
    List<OpCase> cases = new ArrayList<>();
    for (Shape shape : List.of(new Shape(64, 256, 32, 8), new Shape(8, 1024, 64, 32))) {
      cases.add(forward(shape, Kind.ORDINARY));
      cases.add(backward(shape, true, Kind.ORDINARY));
    }
    return cases;
  }

  private static String name(String op, Shape shape, Kind kind) {
    String sizes = shape.images() + "x" + shape.pixels() + "x" + shape.channels();
    String name = op + " " + sizes + " groups " + shape.groups();
    return kind == Kind.ORDINARY ? name : name + " " + kind;
  }

  private static OpCase forward(Shape shape, Kind kind) {
    return new OpCase(
        name("groupNorm", shape, kind),
        10L * shape.elements(),
        operands -> {
          float[] x = NormCases.x(operands, shape.elements(), kind);
          Tensor given = operands.in("x", x, shape.image());
          Tensor scale = operands.in("scale", operands.uniform(shape.channels(), 0.5, 2));
          Tensor shift = operands.in("shift", operands.normal(shape.channels()));
          Tensor mean = operands.out("mean", Bound.element(1), shape.moments());
          Tensor variance = operands.out("variance", Bound.element(1), shape.moments());
          Tensor y = operands.out("y", NormCases.normal(kind), shape.image());
          return new GroupNorm(given, scale, shift, mean, variance, y, NormCases.EPSILON);
        });
  }

  private static OpCase backward(Shape shape, boolean withDx, Kind kind) {
    return new OpCase(
        name("groupNormBackward", shape, kind) + (withDx ? "" : " without dx"),
        10L * shape.elements(),
        operands -> {
          float[] x = NormCases.x(operands, shape.elements(), kind);
          float[][] moments = shape.momentsOf(x);
          GroupNorm forward =
              new GroupNorm(
                  operands.in("x", x, shape.image()),
                  operands.in("scale", operands.uniform(shape.channels(), 0.5, 2)),
                  operands.unused("shift", shape.channels()),
                  operands.in("mean", moments[0], shape.moments()),
                  operands.in("variance", moments[1], shape.moments()),
                  operands.unused("y", shape.image()),
                  NormCases.EPSILON);
          int rows = shape.images() * shape.pixels();
          return new GroupNormBackward(
              forward,
              operands.in("dy", operands.normal(shape.elements()), shape.image()),
              withDx ? operands.out("dx", NormCases.normal(kind), shape.image()) : null,
              operands.out("dScale", NormCases.sum(rows, kind), shape.channels()),
              operands.out("dShift", Bound.sum(rows, 1), shape.channels()));
        });
  }
}
