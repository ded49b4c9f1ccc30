// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.CopyColumns;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Cases of {@link Gather}, {@link Copy} and {@link CopyColumns}. */
final class DataCases {
  private static final float GREY = 1 / 255f;

  private DataCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (DType type : List.of(DType.UINT8, DType.FLOAT32)) {
      for (boolean shuffle : new boolean[] {false, true}) {
        for (boolean binarize : new boolean[] {false, true}) {
          cases.add(new Rows(type, shuffle, binarize, 11, 5, 3, 4, 7, 2).toCase());
        }
      }
    }
    cases.add(new Rows(DType.UINT8, true, true, 1, 1, 1, 0, 0, 0).toCase());
    cases.add(new Rows(DType.UINT8, true, true, 200, 784, 128, 72, 3, 1).toCase());
    cases.add(new Rows(DType.UINT8, true, true, 37, 33, 37, 0, (1L << 40) + 5, 9).toCase());
    cases.add(new Rows(DType.FLOAT32, true, false, 3, 33, 2, 1, 0, 1L << 33).toCase());
    // More columns than a block of threads takes at once.
    cases.add(new Rows(DType.FLOAT32, true, true, 5, 1030, 3, 1, 2, 3).toCase());
    cases.add(new Rows(DType.UINT8, true, false, 5, 1032, 3, 1, 2, 3).toCase());
    cases.add(ties());
    cases.addAll(AugmentCases.all());
    for (boolean binarize : new boolean[] {false, true}) {
      cases.add(masked(DType.FLOAT32, 11, 5, 3, binarize));
      cases.add(masked(DType.FLOAT32, 7, 33, 5, binarize));
      cases.add(masked(DType.UINT8, 5, 6, 2, binarize));
    }
    for (int length : new int[] {1, 3, 33, 1000}) {
      cases.add(copy("FLOAT32 " + length, length, o -> o.in("source", o.normal(length))));
      cases.add(copy("UINT8 " + length, length, o -> o.in("source", o.bytes(length))));
    }
    cases.add(copy("FLOAT64 3", 3, o -> o.in("source", new double[] {1e300, Double.NaN, -0.0})));
    cases.add(new Columns(1, 1, 1, 1, 0, 1, 0).toCase());
    cases.add(new Columns(5, 1, 33, 33, 0, 43, 0).toCase());
    cases.add(new Columns(6, 3, 10, 10, 0, 30, 20).toCase());
    cases.add(new Columns(6, 1, 20, 30, 0, 20, 0).toCase());
    cases.add(new Columns(10, 5, 4, 12, 8, 9, 3).toCase());
    cases.add(new Columns(33, 1, 10, 10, 0, 11, 1).toCase());
    cases.add(new Columns(640, 5, 64, 100, 17, 128, 64).toCase());
    return cases;
  }

  static List<OpCase> large() {
    List<OpCase> cases = new ArrayList<>();
    for (int batch : new int[] {128, 1024}) {
      cases.add(new Rows(DType.UINT8, true, false, 10000, 784, batch, 0, 1, 1).toCase());
      cases.add(new Rows(DType.UINT8, true, true, 10000, 784, batch, 0, 1, 1).toCase());
      cases.add(new Columns(batch, 1, 784, 784, 0, 794, 0).toCase());
    }
    return cases;
  }

  /** A gather. */
  private record Rows(
      DType type,
      boolean shuffle,
      boolean binarize,
      int rows,
      int features,
      int batch,
      int position,
      long step,
      long epoch) {
    OpCase toCase() {
      String name =
          "gather "
              + type
              + " "
              + batch
              + "x"
              + features
              + " of "
              + rows
              + (shuffle ? " shuffle" : "")
              + (binarize ? " binarize" : "")
              + " step "
              + step;
      return new OpCase(name, (long) batch * features, this::build);
    }

    private Op build(Operands operands) {
      int length = rows * features;
      return new Gather(
          type == DType.UINT8
              ? operands.in("source", operands.bytes(length), rows, features)
              : operands.in("source", operands.uniform(length, 0, 1), rows, features),
          operands.out("out", Bound.exact(), batch, features),
          null,
          operands.control(step, epoch, position, 0, 0),
          type == DType.UINT8 ? GREY : 1,
          shuffle,
          binarize,
          0x123456789ABCDEFL);
    }
  }

  /** A gather whose source has missing values: each fifth, and one row whole. */
  private static OpCase masked(DType type, int rows, int features, int batch, boolean binarize) {
    String label = type + " " + batch + "x" + features + (binarize ? " binarize" : "");
    return new OpCase(
        "gather masked " + label,
        (long) batch * features,
        operands -> {
          float[] values = operands.uniform(rows * features, 0, 1);
          for (int i = 0; i < values.length; i++) {
            values[i] = i % 5 == 0 || i / features == 2 ? Float.NaN : values[i];
          }
          return new Gather(
              type == DType.UINT8
                  ? operands.in("source", operands.bytes(rows * features), rows, features)
                  : operands.in("source", values, rows, features),
              operands.out("out", Bound.exact(), batch, features),
              operands.out("mask", Bound.exact(), batch, features),
              operands.control(3, 1, 0, 0, 0),
              type == DType.UINT8 ? GREY : 1,
              true,
              binarize,
              77);
        });
  }

  /** A copy of columns into a matrix whose other columns must stay. */
  private record Columns(
      int rows,
      int repeat,
      int columns,
      int sourceColumns,
      int sourceFirst,
      int targetColumns,
      int targetFirst) {
    OpCase toCase() {
      String name =
          "copyColumns %dx%d by %d, %d of %d to %d of %d"
              .formatted(
                  rows, columns, repeat, sourceFirst, sourceColumns, targetFirst, targetColumns);
      return new OpCase(
          name,
          (long) rows * columns,
          operands ->
              new CopyColumns(
                  operands.in(
                      "source",
                      operands.normal(rows / repeat * sourceColumns),
                      Operands.matrix(rows / repeat, sourceColumns)),
                  operands.inOut(
                      "target",
                      operands.normal(rows * targetColumns),
                      Bound.exact(),
                      Operands.matrix(rows, targetColumns)),
                  sourceFirst,
                  targetFirst,
                  columns));
    }
  }

  /** Values that equal the uniforms they are compared with: they become 0. */
  private static OpCase ties() {
    return new OpCase(
        "gather ties binarize",
        33,
        operands -> {
          float[] values = new float[33];
          for (int d = 0; d < values.length; d++) {
            values[d] = (float) Philox.uniform(5, Stream.BINARIZE, 2, 0, d);
          }
          return new Gather(
              operands.in("source", values, 1, values.length),
              operands.out("out", Bound.exact(), 1, values.length),
              null,
              operands.control(2, 0, 0, 0, 0),
              1,
              false,
              true,
              5);
        });
  }

  private static OpCase copy(String label, int length, Function<Operands, Tensor> source) {
    return new OpCase(
        "copy " + label,
        length,
        operands -> {
          Tensor from = source.apply(operands);
          return new Copy(from, operands.out("target", from.type(), Bound.exact(), length));
        });
  }
}
