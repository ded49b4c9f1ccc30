// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.cuda.EmulatedDevice;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.infer.InferenceConfig.Start;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Posteriors optimised on the CUDA backend. */
@Tag("cuda")
@ExtendWith(EmulatedDevice.class)
class CudaInferenceTest {
  @Test
  void followsTheReference() {
    InferenceConfig config = new InferenceConfig(40, 0.1, 0.05, 4, 10, Start.ENCODER, 1);
    try (Vae reference = LinearGaussian.model(Kind.REFERENCE, 0.3, 0.9);
        Vae cuda = LinearGaussian.model(Kind.CUDA, 0.3, 0.9);
        DataSet data = DataSets.of(LinearGaussian.rows(33))) {
      OptimizedCodes expected = reference.measure().optimize(data, config);
      OptimizedCodes actual = cuda.measure().optimize(data, config);
      assertArrayEquals(expected.encoder(), actual.encoder(), 1e-4);
      assertArrayEquals(expected.after(), actual.after(), 1e-3);
      assertArrayEquals(expected.codes().mean().values(), actual.codes().mean().values(), 1e-3f);
      assertArrayEquals(
          expected.codes().logvar().values(), actual.codes().logvar().values(), 1e-3f);
    }
  }
}
