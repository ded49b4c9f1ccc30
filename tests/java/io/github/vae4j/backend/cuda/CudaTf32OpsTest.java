// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.OpSuite;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.RoundedCases;
import io.github.vae4j.backend.Tolerance;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The op table in TF32. */
@Tag("cuda")
@ExtendWith(EmulatedDevice.class)
final class CudaTf32OpsTest extends OpSuite {
  CudaTf32OpsTest() {
    super(
        () -> CudaBackend.open(Precision.TF32),
        EmulatedDevice.tolerance(Tolerance.TF32),
        RoundedCases::contains);
  }
}
