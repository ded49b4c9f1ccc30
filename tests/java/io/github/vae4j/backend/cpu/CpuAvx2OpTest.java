// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import io.github.vae4j.backend.OpSuite;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Tolerance;
import org.junit.jupiter.api.condition.EnabledIf;

/** The op table on the loops for AVX2, if the machine's best loops are wider. */
@EnabledIf("io.github.vae4j.backend.cpu.Isa#hasAvx2")
final class CpuAvx2OpTest extends OpSuite {
  CpuAvx2OpTest() {
    super(() -> CpuBackend.open(2, Precision.FP32, "avx2"), Tolerance.FP32, Isa.SMALL);
  }
}
