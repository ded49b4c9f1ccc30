// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Deviations that are accepted on a device and not elsewhere. */
final class ToleranceTest {
  private static final double NAN = Double.NaN;

  @Test
  void factorsMayBeCutOffOnHardwareButNotOfFloat32() {
    assertEquals(0x1p-8, Tolerance.BF16.onHardware().product());
    assertEquals(0x1p-10, Tolerance.TF32.onHardware().product());
    assertEquals(Tolerance.FP32.product(), Tolerance.FP32.onHardware().product());
  }

  @Test
  void biasGradientsMayAddRoundedTermsOnHardware() {
    Bound bound = Bound.biasGradient(100, 1);
    double strict = bound.allowed(0, 1, Tolerance.BF16);
    assertEquals(strict, bound.allowed(0, 1, Tolerance.FP32.onHardware()));
    assertTrue(strict < 1e-3, () -> "strict " + strict);
    // 8 times ten standard deviations of a rounding.
    assertEquals(strict + 80 * 0x1p-8, bound.allowed(0, 1, Tolerance.BF16.onHardware()), 1e-9);
  }

  @Test
  void reluOfNanMayBeZeroOnHardware() {
    Bound relu = Bound.relu(Bound.exact());
    Tolerance device = Tolerance.FP32.onHardware();
    assertTrue(relu.takes(NAN, NAN, device));
    assertTrue(relu.takes(NAN, 0, device));
    assertFalse(relu.takes(NAN, 1, device));
    assertFalse(relu.takes(NAN, 0, Tolerance.FP32));
    assertFalse(relu.takes(Double.POSITIVE_INFINITY, 0, device));
    assertFalse(Bound.exact().takes(NAN, 0, device));
  }
}
