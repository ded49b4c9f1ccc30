package io.github.vae4j.backend.cpu;

import io.github.vae4j.backend.OpSuite;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Tolerance;

/** The native backend against the reference, op by op. */
final class CpuOpTest extends OpSuite {
  CpuOpTest() {
    super(() -> CpuBackend.open(2, Precision.FP32), Tolerance.FP32);
  }
}
