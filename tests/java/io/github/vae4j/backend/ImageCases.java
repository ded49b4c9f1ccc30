// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Pool;
import io.github.vae4j.backend.op.PoolBackward;
import io.github.vae4j.backend.op.Upsample;
import io.github.vae4j.backend.op.UpsampleBackward;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Cases of the ops that change the size of an image: pooling, upsampling and their gradients. */
final class ImageCases {
  /** Images, height, width and channels. */
  private static final int[][] SHAPES = {
    {1, 1, 1, 1}, {2, 6, 7, 3}, {1, 5, 9, 17}, {3, 8, 8, 16}, {2, 12, 11, 33}, {1, 9, 4, 1}
  };

  private static final int[][] SERIES = {{3, 1, 17, 2}, {1, 1, 30, 32}};

  private static final Window SERIES_WINDOW = new Window(1, 4, 1, 3, 0, 2, 1, 1);

  private ImageCases() {}

  /** Images, their sizes, their channels and the window. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Pooling(int[] x, Window window, boolean average) {
    int[] y() {
      return new int[] {x[0], window.outputHeight(x[1]), window.outputWidth(x[2]), x[3]};
    }

    int taps() {
      return window.kernelHeight() * window.kernelWidth();
    }

    /** The most windows that a pixel is in. */
    int windows() {
      int rows = (window.kernelHeight() - 1) / window.strideHeight() + 1;
      return rows * ((window.kernelWidth() - 1) / window.strideWidth() + 1);
    }

    String name() {
      return (average ? "average " : "max ")
          + text(x)
          + " window "
          + window.kernelHeight()
          + "x"
          + window.kernelWidth()
          + " stride "
          + window.strideHeight()
          + "x"
          + window.strideWidth()
          + " padding "
          + window.paddingHeight()
          + "x"
          + window.paddingWidth();
    }

    long work() {
      return Tensor.elements(y()) * taps();
    }
  }

  /** The values of an image. */
  private enum Values {
    ORDINARY,
    /** Small integers: the greatest value of a window is often there more than once. */
    TIES,
    /** Every fifth value is NaN. */
    NAN,
    /** Every value is an infinity, most of them the negative one. */
    INFINITE;

    float[] of(Operands operands, int count) {
      float[] values = operands.normal(count);
      for (int i = 0; i < count; i++) {
        if (this == TIES) {
          values[i] = Math.round(values[i]);
        } else if (this == NAN && i % 5 == 3) {
          values[i] = Float.NaN;
        } else if (this == INFINITE) {
          values[i] = values[i] > 1 ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
        }
      }
      return values;
    }
  }

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (Pooling pooling : poolings()) {
      cases.add(pool(pooling, Values.ORDINARY));
      cases.add(poolBackward(pooling, Values.ORDINARY));
    }
    for (Values values : List.of(Values.TIES, Values.NAN, Values.INFINITE)) {
      Pooling pooling = new Pooling(new int[] {2, 6, 7, 3}, Window.square(3, 2, 1), false);
      cases.add(pool(pooling, values));
      cases.add(poolBackward(pooling, values));
    }
    Pooling average = new Pooling(new int[] {2, 6, 7, 3}, Window.square(3, 2, 1), true);
    cases.add(pool(average, Values.NAN));
    for (boolean bilinear : new boolean[] {false, true}) {
      for (int[] shape : SHAPES) {
        addUpsampling(cases, shape, 2, 2, bilinear);
      }
      for (int[] shape : SERIES) {
        addUpsampling(cases, shape, 1, 4, bilinear);
      }
      addUpsampling(cases, new int[] {2, 4, 5, 18}, 1, 1, bilinear);
      addUpsampling(cases, new int[] {2, 4, 5, 3}, 3, 4, bilinear);
      addUpsampling(cases, new int[] {1, 1, 1, 5}, 4, 5, bilinear);
      addUpsampling(cases, new int[] {1, 2, 3, 7}, 5, 1, bilinear);
      for (Values values : List.of(Values.NAN, Values.INFINITE)) {
        addUpsampling(cases, new int[] {2, 4, 5, 3}, 2, 3, bilinear, values);
        addUpsampling(cases, new int[] {1, 3, 4, 20}, 2, 2, bilinear, values);
      }
    }
    return cases;
  }

  private static List<Pooling> poolings() {
    List<Pooling> poolings = new ArrayList<>();
    for (boolean average : new boolean[] {false, true}) {
      poolings.add(new Pooling(SHAPES[0], Window.square(1, 1, 0), average));
      // The padding is more than the image.
      poolings.add(new Pooling(SHAPES[0], Window.square(4, 1, 2), average));
      for (int[] shape : SHAPES) {
        if (shape[1] > 1) {
          poolings.add(new Pooling(shape, Window.square(2, 2, 0), average));
          poolings.add(new Pooling(shape, Window.square(3, 2, 1), average));
          poolings.add(new Pooling(shape, new Window(3, 5, 3, 2, 1, 2, 1, 1), average));
          // Pixels between the windows are in none.
          poolings.add(new Pooling(shape, new Window(2, 1, 3, 2, 0, 0, 1, 1), average));
          poolings.add(new Pooling(shape, Window.square(3, 1, 1), average));
        }
      }
      for (int[] shape : SERIES) {
        poolings.add(new Pooling(shape, SERIES_WINDOW, average));
      }
      poolings.add(new Pooling(new int[] {3, 7, 7, 20}, Window.square(7, 1, 0), average));
    }
    return poolings;
  }

  static List<OpCase> large() {
    List<OpCase> cases = new ArrayList<>();
    int[] shape = {64, 32, 32, 32};
    for (boolean which : new boolean[] {false, true}) {
      Pooling pooling = new Pooling(shape, Window.square(2, 2, 0), which);
      cases.add(pool(pooling, Values.ORDINARY));
      cases.add(poolBackward(pooling, Values.ORDINARY));
      addUpsampling(cases, new int[] {64, 16, 16, 32}, 2, 2, which);
    }
    return cases;
  }

  private static String text(int[] shape) {
    return shape[0] + "x" + shape[1] + "x" + shape[2] + "x" + shape[3];
  }

  private static Tensor given(Operands operands, String name, Values values, int[] dims) {
    return operands.in(name, values.of(operands, (int) Tensor.elements(dims)), dims);
  }

  private static OpCase pool(Pooling pooling, Values values) {
    Bound mean = Bound.sum(pooling.taps(), 1.0 / pooling.taps());
    return new OpCase(
        "pool " + pooling.name() + " " + values,
        pooling.work(),
        operands ->
            new Pool(
                given(operands, "x", values, pooling.x()),
                operands.out("y", pooling.average() ? mean : Bound.exact(), pooling.y()),
                pooling.window(),
                pooling.average()));
  }

  private static OpCase poolBackward(Pooling pooling, Values values) {
    return new OpCase(
        "poolBackward " + pooling.name() + " " + values,
        pooling.work(),
        operands -> {
          float[] x = values.of(operands, (int) Tensor.elements(pooling.x()));
          Pool forward =
              new Pool(
                  operands.in("x", x, pooling.x()),
                  y(operands, pooling, x),
                  pooling.window(),
                  pooling.average());
          return new PoolBackward(
              forward,
              given(operands, "dy", Values.ORDINARY, pooling.y()),
              operands.out("dx", Bound.sum(pooling.windows(), 1), pooling.x()));
        });
  }

  /** The greatest values of the windows; an average's gradient does not need it. */
  private static Tensor y(Operands operands, Pooling pooling, float[] x) {
    int[] dims = pooling.y();
    if (pooling.average()) {
      return operands.unused("y", dims);
    }
    Window window = pooling.window();
    int[] sizes = pooling.x();
    float[] y = new float[(int) Tensor.elements(dims)];
    for (int i = 0; i < y.length; i++) {
      int q = i / dims[3] % dims[2];
      int p = i / dims[3] / dims[2] % dims[1];
      int image = i / dims[3] / dims[2] / dims[1];
      y[i] = Float.NEGATIVE_INFINITY;
      for (int tap = 0; tap < pooling.taps(); tap++) {
        int row = p * window.strideHeight() - window.paddingHeight() + tap / window.kernelWidth();
        int column = q * window.strideWidth() - window.paddingWidth() + tap % window.kernelWidth();
        if (row >= 0 && row < sizes[1] && column >= 0 && column < sizes[2]) {
          int at = ((image * sizes[1] + row) * sizes[2] + column) * sizes[3] + i % dims[3];
          y[i] = Math.max(y[i], x[at]);
        }
      }
    }
    return operands.in("y", y, dims);
  }

  private static void addUpsampling(
      List<OpCase> cases, int[] x, int rows, int columns, boolean bilinear) {
    addUpsampling(cases, x, rows, columns, bilinear, Values.ORDINARY);
  }

  private static void addUpsampling(
      List<OpCase> cases, int[] x, int rows, int columns, boolean bilinear, Values values) {
    int[] y = {x[0], rows * x[1], columns * x[2], x[3]};
    String name = " " + text(x) + " by " + rows + "x" + columns + (bilinear ? " bilinear" : "");
    name += values == Values.ORDINARY ? "" : " " + values;
    long work = 4L * Tensor.elements(y);
    cases.add(
        new OpCase(
            "upsample" + name,
            work,
            operands ->
                new Upsample(
                    given(operands, "x", values, x),
                    operands.out("y", bilinear ? Bound.element(1) : Bound.exact(), y),
                    bilinear)));
    cases.add(
        new OpCase(
            "upsampleBackward" + name,
            work,
            operands -> {
              Upsample forward =
                  new Upsample(operands.unused("x", x), operands.unused("y", y), bilinear);
              int terms = (bilinear ? 4 : 1) * rows * columns;
              return new UpsampleBackward(
                  forward,
                  given(operands, "dy", values, y),
                  operands.out("dx", Bound.sum(terms, 1), x));
            }));
  }
}
