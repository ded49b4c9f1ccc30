// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.OpSuite;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.RoundedCases;
import io.github.vae4j.backend.Tolerance;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The op table in BF16. */
@Tag("cuda")
@ExtendWith(EmulatedDevice.class)
final class CudaBf16OpsTest extends OpSuite {
  CudaBf16OpsTest() {
    super(
        () -> CudaBackend.open(Precision.BF16),
        EmulatedDevice.tolerance(Tolerance.BF16),
        RoundedCases::contains);
  }
}
