// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.model.Layers;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.TrainConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The operations of a step, and the ops that take its time. */
final class StepBenchmarkTest {
  private static final TrainConfig CONFIG = TrainConfig.builder().batch(3).build();

  private static StepBenchmark.Result run(VaeSpec spec, boolean eachOp) {
    try (Backend backend = new ReferenceBackend()) {
      StepBenchmark.Result result = StepBenchmark.run(backend, spec, CONFIG, 2, 1, 8, eachOp);
      assertEquals(0, backend.open());
      return result;
    }
  }

  /** A product forward, one for the weights' gradient, one for the input's but of the first. */
  @Test
  void theOperationsOfDenseLayersAreThoseOfTheirProducts() {
    VaeSpec spec = VaeSpec.builder(10).latent(2).layers(Layers.parse("4", Activation.RELU)).build();
    StepBenchmark.Result result = run(spec, false);
    assertEquals(2 * (2 * 40 + 3 * 16 + 3 * 8 + 3 * 40), result.flopPerRow());
    assertEquals(List.of(), result.ops());
  }

  /** Windows times taps times channels, whether they are gathered or scattered. */
  @Test
  void eachOpOfAStepIsTimedOnce() {
    VaeSpec spec =
        VaeSpec.builder(8 * 8)
            .image(new ImageShape(8, 8, 1))
            .latent(2)
            .layers(Layers.parse("conv:6x4s2", Activation.RELU))
            .build();
    StepBenchmark.Result result = run(spec, true);
    int conv = 16 * 16 * 6;
    int dense = 96 * 4;
    assertEquals(
        2 * (2 * conv + 3 * dense + 3 * 2 * 96 + 3 * conv), result.flopPerRow(), result.toString());
    OpTime first = only(result, "conv");
    assertEquals("3x8x8x1 to 3x4x4x6", first.shapes());
    assertEquals(2 * 3 * conv / 1e3 / first.microseconds(), first.gflops(), 1e-9);
    assertEquals("3x4x4x6 to 3x8x8x1", only(result, "convTransposeBackward").shapes());
    assertEquals(0, only(result, "adam").gflops());
    assertTrue(result.ops().stream().allMatch(op -> op.microseconds() > 0));
  }

  private static OpTime only(StepBenchmark.Result result, String name) {
    List<OpTime> found = result.ops().stream().filter(op -> op.op().equals(name)).toList();
    assertEquals(1, found.size(), name);
    return found.get(0);
  }
}
