package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.OpSuite;
import io.github.vae4j.backend.Tolerance;

/** The reference keeps its own rules: sentinels, inputs, same bits, views. */
final class ReferenceOpTest extends OpSuite {
  ReferenceOpTest() {
    super(ReferenceBackend::new, Tolerance.FP32);
  }
}
