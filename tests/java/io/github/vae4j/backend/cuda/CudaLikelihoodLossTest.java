// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.LikelihoodLossSuite;
import io.github.vae4j.backend.Precision;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** Missing values, row weights and shared parameters on the device. */
@Tag("cuda")
@ExtendWith(EmulatedDevice.class)
final class CudaLikelihoodLossTest extends LikelihoodLossSuite {
  CudaLikelihoodLossTest() {
    super(CudaBackend.open(Precision.FP32));
  }
}
