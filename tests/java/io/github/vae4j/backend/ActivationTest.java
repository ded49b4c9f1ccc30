// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ActivationTest {
  private static final double[] POINTS = {-40, -10, -3, -1, -0.1, -1e-3, 1e-3, 0.1, 1, 3, 10, 40};

  @ParameterizedTest
  @EnumSource
  void derivativeIsTheSlope(Activation activation) {
    for (double v : POINTS) {
      double h = 1e-6 * Math.max(1, Math.abs(v));
      // A step that crosses 0 would cross the kink of relu.
      h = Math.min(h, Math.abs(v) / 2);
      double slope = (activation.apply(v + h) - activation.apply(v - h)) / (2 * h);
      assertEquals(slope, activation.derivative(v), 1e-7, "at " + v);
    }
  }

  @ParameterizedTest
  @EnumSource
  void derivativeFromTheOutputIsTheSame(Activation activation) {
    if (activation.needsPreactivation()) {
      assertThrows(UnsupportedOperationException.class, () -> activation.derivativeFromOutput(0.5));
      return;
    }
    for (double v : POINTS) {
      double fromOutput = activation.derivativeFromOutput(activation.apply(v));
      assertEquals(activation.derivative(v), fromOutput, 1e-12, "at " + v);
    }
    assertEquals(activation.derivative(0), activation.derivativeFromOutput(activation.apply(0)));
  }

  @ParameterizedTest
  @EnumSource
  void farOutNothingOverflows(Activation activation) {
    for (double v : new double[] {-1e30, -1000, 1000, 1e30}) {
      assertTrue(Double.isFinite(activation.apply(v)), "value at " + v);
      assertTrue(Double.isFinite(activation.derivative(v)), "derivative at " + v);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nanIsNotHidden(Activation activation) {
    assertTrue(Double.isNaN(activation.apply(Double.NaN)));
  }

  @ParameterizedTest
  @CsvSource({
    "RELU, 0, 0, 0",
    "ELU, 0, 0, 1",
    "LEAKY_RELU, -2, -0.02, 0.01",
    "SIGMOID, 0, 0.5, 0.25",
    "SOFTPLUS, 0, 0.6931471805599453, 0.5",
    "TANH, 1, 0.7615941559557649, 0.41997434161402614",
    "SILU, 1, 0.7310585786300049, 0.9276705118714866",
    "GELU, 1, 0.8413447460685429, 1.0833154705876864",
    "GELU, -3, -0.004049694094890287, -0.011945647204183927"
  })
  void valuesKnownFromElsewhere(Activation activation, double v, double y, double slope) {
    assertEquals(y, activation.apply(v), 1e-12);
    assertEquals(slope, activation.derivative(v), 1e-12);
  }

  @Test
  void namesAreFoundInAnyCase() {
    for (Activation activation : Activation.values()) {
      assertSame(activation, Activation.of(activation.id()));
      assertSame(activation, Activation.of(activation.id().toUpperCase(Locale.ROOT)));
    }
    assertEquals(
        "unknown activation \"swish\"; one of identity, relu, tanh, sigmoid, softplus, elu,"
            + " leakyRelu, silu, gelu",
        assertThrows(IllegalArgumentException.class, () -> Activation.of("swish")).getMessage());
  }
}
