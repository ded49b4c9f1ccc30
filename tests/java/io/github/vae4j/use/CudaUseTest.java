// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import io.github.vae4j.backend.BackendOptions;
import org.junit.jupiter.api.Tag;

@Tag("cuda")
final class CudaUseTest extends UseSuite {
  @Override
  BackendOptions.Kind kind() {
    return BackendOptions.Kind.CUDA;
  }
}
