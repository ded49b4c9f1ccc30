// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import io.github.vae4j.backend.BackendOptions;

final class ReferenceUseTest extends UseSuite {
  @Override
  BackendOptions.Kind kind() {
    return BackendOptions.Kind.REFERENCE;
  }
}
