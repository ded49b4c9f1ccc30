// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.OpSuite;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Tolerance;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The op table in FP32. */
@Tag("cuda")
@ExtendWith(EmulatedDevice.class)
final class CudaFp32OpsTest extends OpSuite {
  CudaFp32OpsTest() {
    super(() -> CudaBackend.open(Precision.FP32), EmulatedDevice.tolerance(Tolerance.FP32));
  }
}
