// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.op.BatchNorm;
import io.github.vae4j.backend.op.BatchNormBackward;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Dropout;
import io.github.vae4j.backend.op.LayerNorm;
import io.github.vae4j.backend.op.LayerNormBackward;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The gradients of batch and layer normalisation and of dropout on the reference, against central
 * differences of {@code c . y}, and their values against known ones.
 */
final class NormGradientTest {
  private static final int ROWS = 6;
  private static final int COLUMNS = 5;
  private static final float EPSILON = 0.01f;

  @AutoClose private final ReferenceTensors tensors = new ReferenceTensors(12);
  private final Tensor x = tensors.normal(ROWS, COLUMNS);
  private final Tensor scale = tensors.normal(COLUMNS);
  private final Tensor shift = tensors.normal(COLUMNS);
  private final Tensor y = tensors.zeros(ROWS, COLUMNS);
  private final Tensor c = tensors.normal(ROWS, COLUMNS);
  private final Tensor dx = tensors.zeros(ROWS, COLUMNS);
  private final Tensor dScale = tensors.zeros(COLUMNS);
  private final Tensor dShift = tensors.zeros(COLUMNS);

  private void check(Program forward) {
    DoubleSupplier loss =
        () -> {
          forward.run();
          return GradientTest.dot(c, y);
        };
    GradientTest.check("dx", x, dx, loss);
    GradientTest.check("dScale", scale, dScale, loss);
    GradientTest.check("dShift", shift, dShift, loss);
  }

  /** Mean and variance of a column or a row, by its first element and the step to the next. */
  private static double[] moments(float[] values, int first, int step, int count) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      sum += values[first + i * step];
      squares += (double) values[first + i * step] * values[first + i * step];
    }
    double mean = sum / count;
    return new double[] {mean, squares / count - mean * mean};
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void batchNorm(boolean training) {
    Tensor mean = tensors.normal(COLUMNS);
    Tensor variance = tensors.zeros(COLUMNS);
    variance.write(new float[] {0.5f, 1, 2, 0.25f, 3});
    BatchNorm op = new BatchNorm(x, scale, shift, mean, variance, y, EPSILON, training);
    Program forward = tensors.compile(op);
    forward.run();
    tensors.compile(new BatchNormBackward(op, c, dx, dScale, dShift)).run();
    check(forward);
  }

  @Test
  void layerNorm() {
    LayerNorm op =
        new LayerNorm(x, scale, shift, tensors.zeros(ROWS), tensors.zeros(ROWS), y, EPSILON);
    Program forward = tensors.compile(op);
    forward.run();
    tensors.compile(new LayerNormBackward(op, c, dx, dScale, dShift)).run();
    check(forward);
  }

  /** The gradient is the op itself on dy, with the seed and the step of the values. */
  @Test
  void dropout() {
    Control control = new Control(tensors.allocate(DType.FLOAT64, Control.LENGTH));
    control.set(Control.STEP, 12).upload();
    Program forward = tensors.compile(new Dropout(x, y, control, 0.4f, 7));
    forward.run();
    float[] values = x.toFloats();
    float[] given = y.toFloats();
    for (int i = 0; i < given.length; i++) {
      assertTrue(given[i] == 0 || given[i] == values[i] * (1 / (1 - 0.4f)), "y[" + i + "]");
    }
    int dropped = dropped(given).size();
    assertTrue(dropped > 0 && dropped < given.length, dropped + " of " + given.length);
    tensors.compile(new Dropout(c, dx, control, 0.4f, 7)).run();
    GradientTest.check(
        "dx",
        x,
        dx,
        () -> {
          forward.run();
          return GradientTest.dot(c, y);
        });
    control.set(Control.STEP, 13).upload();
    forward.run();
    assertNotEquals(dropped(given), dropped(y.toFloats()), "another step");
  }

  /** The places of the values that are 0. */
  private static List<Integer> dropped(float[] values) {
    return IntStream.range(0, values.length).filter(i -> values[i] == 0).boxed().toList();
  }

  @Test
  void dropoutKeepsTheMean() {
    int rows = 200;
    int columns = 101;
    Tensor ones = tensors.zeros(rows, columns);
    float[] values = new float[rows * columns];
    Arrays.fill(values, 1);
    ones.write(values);
    Tensor kept = tensors.zeros(rows, columns);
    Control control = new Control(tensors.allocate(DType.FLOAT64, Control.LENGTH));
    float rate = 0.25f;
    tensors.compile(new Dropout(ones, kept, control, rate, 7)).run();
    double[] moments = moments(kept.toFloats(), 0, 1, rows * columns);
    // Of independent values of variance rate / (1 - rate): five standard errors.
    assertEquals(1, moments[0], 5 * Math.sqrt(rate / (1 - rate) / (rows * columns)));
  }

  @Test
  void normalisedColumnsAndRowsHaveTheMomentsOfScaleAndShift() {
    float[] ones = {1, 1, 1, 1, 1};
    scale.write(ones);
    shift.write(new float[COLUMNS]);
    float epsilon = 1e-12f;
    Tensor mean = tensors.zeros(COLUMNS);
    Tensor variance = tensors.zeros(COLUMNS);
    tensors.compile(new BatchNorm(x, scale, shift, mean, variance, y, epsilon, true)).run();
    float[] given = y.toFloats();
    for (int column = 0; column < COLUMNS; column++) {
      assertArrayEquals(new double[] {0, 1}, moments(given, column, COLUMNS, ROWS), 1e-5);
      double[] own = moments(x.toFloats(), column, COLUMNS, ROWS);
      assertEquals(own[0], mean.toFloats()[column], 1e-6);
      assertEquals(own[1], variance.toFloats()[column], 1e-6);
    }
    tensors.compile(new BatchNorm(x, scale, shift, mean, variance, dx, epsilon, false)).run();
    assertArrayEquals(given, dx.toFloats(), "by the moments that training left");
    tensors
        .compile(
            new LayerNorm(x, scale, shift, tensors.zeros(ROWS), tensors.zeros(ROWS), y, epsilon))
        .run();
    for (int row = 0; row < ROWS; row++) {
      assertArrayEquals(
          new double[] {0, 1}, moments(y.toFloats(), row * COLUMNS, 1, COLUMNS), 1e-5);
    }
  }
}
