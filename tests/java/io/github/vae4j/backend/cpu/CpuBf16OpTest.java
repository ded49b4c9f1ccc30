// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import io.github.vae4j.backend.OpSuite;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.RoundedCases;
import io.github.vae4j.backend.Tolerance;

/** The op table with bfloat16 factors. */
final class CpuBf16OpTest extends OpSuite {
  CpuBf16OpTest() {
    super(
        () -> CpuBackend.open(2, Precision.BF16),
        Tolerance.BF16,
        Isa.SMALL.and(RoundedCases::contains));
  }
}
