// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.OpSuite;
import io.github.vae4j.backend.Tolerance;

/** The reference backend meets the requirements itself: sentinels, inputs, same bits, views. */
final class ReferenceOpTest extends OpSuite {
  private static final long SMALL = 2_000_000;

  ReferenceOpTest() {
    super(ReferenceBackend::new, Tolerance.FP32, opCase -> opCase.work() < SMALL);
  }
}
