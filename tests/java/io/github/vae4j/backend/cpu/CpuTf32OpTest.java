// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import io.github.vae4j.backend.OpSuite;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.RoundedCases;
import io.github.vae4j.backend.Tolerance;

/** The op table with TensorFloat-32 factors. */
final class CpuTf32OpTest extends OpSuite {
  CpuTf32OpTest() {
    super(
        () -> CpuBackend.open(2, Precision.TF32),
        Tolerance.TF32,
        Isa.SMALL.and(RoundedCases::contains));
  }
}
