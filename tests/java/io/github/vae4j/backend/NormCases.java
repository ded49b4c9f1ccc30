// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.BatchNorm;
import io.github.vae4j.backend.op.BatchNormBackward;
import io.github.vae4j.backend.op.Dropout;
import io.github.vae4j.backend.op.LayerNorm;
import io.github.vae4j.backend.op.LayerNormBackward;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.RunningAverage;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cases of {@link BatchNorm}, {@link LayerNorm}, their gradients, and of {@link Dropout}. */
final class NormCases {
  static final float EPSILON = 1e-5f;

  private static final int[][] SHAPES = {
    {1, 1}, {1, 9}, {2, 5}, {3, 33}, {17, 65}, {64, 4}, {71, 7}, {128, 400}, {9001, 3}, {1030, 37}
  };

  private NormCases() {}

  /** The kinds of x. */
  enum Kind {
    ORDINARY,
    /** A mean of a thousand standard deviations. */
    FAR,
    /** All values of a row, and of a column, are one value: the variance is 0. */
    CONSTANT,
    /** One value is NaN. */
    NAN
  }

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (int[] shape : SHAPES) {
      for (boolean training : new boolean[] {true, false}) {
        cases.add(batch(shape[0], shape[1], training, Kind.ORDINARY));
        cases.add(batchBackward(shape[0], shape[1], training, true, Kind.ORDINARY));
      }
      cases.add(layer(shape[0], shape[1], Kind.ORDINARY));
      cases.add(layerBackward(shape[0], shape[1], true, Kind.ORDINARY));
      cases.add(dropout(shape[0], shape[1], 0.3f));
    }
    for (Kind kind : List.of(Kind.FAR, Kind.CONSTANT, Kind.NAN)) {
      cases.add(batch(9, 6, true, kind));
      cases.add(batchBackward(9, 6, true, true, kind));
      cases.add(batch(1100, 6, true, kind));
      cases.add(batchBackward(1100, 6, true, true, kind));
      cases.add(layer(6, 9, kind));
      cases.add(layerBackward(6, 9, true, kind));
    }
    cases.add(batch(9, 6, false, Kind.NAN));
    cases.add(batchBackward(9, 6, false, true, Kind.NAN));
    cases.add(batchBackward(1100, 6, false, true, Kind.NAN));
    cases.add(batchBackward(17, 65, true, false, Kind.ORDINARY));
    cases.add(batchBackward(1100, 6, true, false, Kind.ORDINARY));
    cases.add(layerBackward(17, 65, false, Kind.ORDINARY));
    cases.add(dropout(5, 6, 0));
    cases.add(dropout(5, 6, 0.999f));
    for (int count : new int[] {1, 400, 1027}) {
      cases.add(runningAverage(count, 1));
      cases.add(runningAverage(count, 0));
    }
    return cases;
  }

  static List<OpCase> large() {
    List<OpCase> cases = new ArrayList<>();
    for (int batch : new int[] {128, 1024}) {
      cases.add(batch(batch, 400, true, Kind.ORDINARY));
      cases.add(batchBackward(batch, 400, true, true, Kind.ORDINARY));
      cases.add(layer(batch, 400, Kind.ORDINARY));
      cases.add(layerBackward(batch, 400, true, Kind.ORDINARY));
      cases.add(dropout(batch, 400, 0.1f));
    }
    // The pixels of images: few columns of many rows.
    cases.add(batch(64 * 1024, 32, true, Kind.ORDINARY));
    cases.add(batchBackward(64 * 1024, 32, true, true, Kind.ORDINARY));
    return cases;
  }

  static float[] x(Operands operands, int count, Kind kind) {
    float[] x = operands.normal(count);
    for (int i = 0; i < count; i++) {
      x[i] = kind == Kind.FAR ? 1000 + x[i] : kind == Kind.CONSTANT ? 0.75f : x[i];
    }
    if (kind == Kind.NAN) {
      x[count / 2] = Float.NaN;
    }
    return x;
  }

  /** Of a value that is divided by a standard deviation of 1, or by the root of epsilon. */
  static Bound normal(Kind kind) {
    return Bound.element(kind == Kind.FAR ? 1000 : kind == Kind.CONSTANT ? 100 : 10);
  }

  private static Tensor moment(Operands operands, String name, float[] values, boolean written) {
    return written
        ? operands.out(name, Bound.element(1), values.length)
        : operands.in(name, values);
  }

  /** The mean and the variance of each column or each row of x, as float32. */
  private static float[][] moments(float[] x, int rows, int columns, boolean ofColumns) {
    int lines = ofColumns ? columns : rows;
    int count = x.length / lines;
    float[][] moments = new float[2][lines];
    for (int line = 0; line < lines; line++) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < count; i++) {
        sum += x[ofColumns ? i * columns + line : line * columns + i];
      }
      for (int i = 0; i < count; i++) {
        double distance = x[ofColumns ? i * columns + line : line * columns + i] - sum / count;
        squares += distance * distance;
      }
      moments[0][line] = (float) (sum / count);
      moments[1][line] = (float) (squares / count);
    }
    return moments;
  }

  private static OpCase batch(int rows, int columns, boolean training, Kind kind) {
    return new OpCase(
        name("batchNorm", rows, columns, kind) + (training ? "" : " evaluation"),
        10L * rows * columns,
        operands -> {
          float[] x = x(operands, rows * columns, kind);
          Tensor given = operands.in("x", x, Operands.matrix(rows, columns));
          Tensor scale = operands.in("scale", operands.uniform(columns, 0.5, 2));
          Tensor shift = operands.in("shift", operands.normal(columns));
          float[] means = operands.normal(columns);
          float[] variances = operands.uniform(columns, 0.5, 2);
          Tensor mean = moment(operands, "mean", means, training);
          Tensor variance = moment(operands, "variance", variances, training);
          Tensor y = operands.out("y", normal(kind), Operands.matrix(rows, columns));
          return new BatchNorm(given, scale, shift, mean, variance, y, EPSILON, training);
        });
  }

  private static OpCase batchBackward(
      int rows, int columns, boolean training, boolean withDx, Kind kind) {
    return new OpCase(
        name("batchNormBackward", rows, columns, kind)
            + (training ? "" : " evaluation")
            + (withDx ? "" : " without dx"),
        10L * rows * columns,
        operands -> {
          float[] x = x(operands, rows * columns, kind);
          float[][] moments = moments(x, rows, columns, true);
          BatchNorm forward =
              new BatchNorm(
                  operands.in("x", x, Operands.matrix(rows, columns)),
                  operands.in("scale", operands.uniform(columns, 0.5, 2)),
                  operands.unused("shift", columns),
                  operands.in("mean", moments[0]),
                  operands.in("variance", moments[1]),
                  operands.unused("y", Operands.matrix(rows, columns)),
                  EPSILON,
                  training);
          Tensor dy =
              operands.in("dy", operands.normal(rows * columns), Operands.matrix(rows, columns));
          return new BatchNormBackward(
              forward,
              dy,
              dx(operands, rows, columns, withDx, kind),
              operands.out("dScale", sum(rows, kind), columns),
              operands.out("dShift", Bound.sum(rows, 1), columns));
        });
  }

  private static OpCase layer(int rows, int columns, Kind kind) {
    return new OpCase(
        name("layerNorm", rows, columns, kind),
        10L * rows * columns,
        operands -> {
          float[] x = x(operands, rows * columns, kind);
          Tensor given = operands.in("x", x, Operands.matrix(rows, columns));
          Tensor scale = operands.in("scale", operands.uniform(columns, 0.5, 2));
          Tensor shift = operands.in("shift", operands.normal(columns));
          Tensor mean = operands.out("mean", Bound.element(1), Operands.vector(rows));
          Tensor variance = operands.out("variance", Bound.element(1), Operands.vector(rows));
          Tensor y = operands.out("y", normal(kind), Operands.matrix(rows, columns));
          return new LayerNorm(given, scale, shift, mean, variance, y, EPSILON);
        });
  }

  private static OpCase layerBackward(int rows, int columns, boolean withDx, Kind kind) {
    return new OpCase(
        name("layerNormBackward", rows, columns, kind) + (withDx ? "" : " without dx"),
        10L * rows * columns,
        operands -> {
          float[] x = x(operands, rows * columns, kind);
          float[][] moments = moments(x, rows, columns, false);
          LayerNorm forward =
              new LayerNorm(
                  operands.in("x", x, Operands.matrix(rows, columns)),
                  operands.in("scale", operands.uniform(columns, 0.5, 2)),
                  operands.unused("shift", columns),
                  operands.in("mean", moments[0], Operands.vector(rows)),
                  operands.in("variance", moments[1], Operands.vector(rows)),
                  operands.unused("y", Operands.matrix(rows, columns)),
                  EPSILON);
          Tensor dy =
              operands.in("dy", operands.normal(rows * columns), Operands.matrix(rows, columns));
          return new LayerNormBackward(
              forward,
              dy,
              dx(operands, rows, columns, withDx, kind),
              operands.out("dScale", sum(rows, kind), columns),
              operands.out("dShift", Bound.sum(rows, 1), columns));
        });
  }

  private static @Nullable Tensor dx(
      Operands operands, int rows, int columns, boolean wanted, Kind kind) {
    return wanted ? operands.out("dx", normal(kind), Operands.matrix(rows, columns)) : null;
  }

  static Bound sum(int rows, Kind kind) {
    return kind == Kind.FAR ? Bound.element(1000) : Bound.sum(4 * rows, 2);
  }

  private static OpCase dropout(int rows, int columns, float rate) {
    return new OpCase(
        "dropout " + rows + "x" + columns + " " + rate,
        10L * rows * columns,
        operands ->
            new Dropout(
                operands.in("x", operands.normal(rows * columns), Operands.matrix(rows, columns)),
                operands.out("y", Bound.exact(), Operands.matrix(rows, columns)),
                operands.control(5, 0, 0, 0, 0),
                rate,
                77));
  }

  private static OpCase runningAverage(int count, int status) {
    return new OpCase(
        "runningAverage " + count + (status == 0 ? " skipped" : ""),
        3L * count,
        operands -> {
          Tensor value = operands.in("value", operands.normal(count));
          Tensor average = operands.inOut("average", operands.normal(count), Bound.element(1));
          Tensor given = operands.in("status", new double[] {status});
          return (Op) new RunningAverage(value, average, given, 0.1f, 1.25f);
        });
  }

  private static String name(String op, int rows, int columns, Kind kind) {
    String name = op + " " + rows + "x" + columns;
    return kind == Kind.ORDINARY ? name : name + " " + kind;
  }
}
