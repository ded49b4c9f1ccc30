// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import io.github.vae4j.backend.OpSuite;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Tolerance;

/** The whole op table on the best loops of this machine, with two threads. */
final class CpuOpTest extends OpSuite {
  CpuOpTest() {
    super(() -> CpuBackend.open(2, Precision.FP32), Tolerance.FP32);
  }
}
