// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.cuda.EmulatedDevice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("cuda")
@ExtendWith(EmulatedDevice.class)
final class CudaUseTest extends UseSuite {
  @Override
  BackendOptions.Kind kind() {
    return BackendOptions.Kind.CUDA;
  }
}
