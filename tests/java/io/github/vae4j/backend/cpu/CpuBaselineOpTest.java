// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import io.github.vae4j.backend.OpSuite;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Tolerance;

/** The op table on the loops for any x86-64, with one thread. */
final class CpuBaselineOpTest extends OpSuite {
  CpuBaselineOpTest() {
    super(() -> CpuBackend.open(1, Precision.FP32, "baseline"), Tolerance.FP32, Isa.SMALL);
  }
}
