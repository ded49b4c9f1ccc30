// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.cuda.EmulatedDevice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The gradient of a whole step of a net of images on CUDA, as {@link ImageStepTest}. */
@Tag("cuda")
@ExtendWith(EmulatedDevice.class)
final class CudaImageStepTest {
  @Test
  void gradientOfAttention() {
    ImageStepTest.assertGradientOfAttention(Kind.CUDA);
  }
}
