// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.lt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.cuda.CudaBackend;
import io.github.vae4j.backend.cuda.EmulatedDevice;
import io.github.vae4j.backend.cuda.driver.Choices;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.cudasim.CudaSim;
import io.github.vae4j.cudasim.Faults;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Tensor;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.TrainState;
import io.github.vae4j.train.Trainer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Algorithms are timed once, and choices are kept for later processes and in checkpoints. */
@Tag("cuda")
@Tag("cudasim")
@ExtendWith(EmulatedDevice.class)
final class ChoicesTest {
  /** The system property with the folder of the cache, see docs/cuda.md. */
  private static final String CACHE = "vae4j.cuda.cache";

  private static final int ROWS = 6;
  private static final int INPUTS = 200;
  private static final int OUTPUTS = 8;

  @TempDir Path folder;
  private @Nullable String tuned;
  private @Nullable String cache;

  @BeforeEach
  void measured() {
    tuned = System.getProperty(LtSearch.TUNE_PROPERTY);
    cache = System.getProperty(CACHE);
    System.setProperty(LtSearch.TUNE_PROPERTY, "true");
    machine("one");
  }

  @AfterEach
  void asBefore() {
    restore(LtSearch.TUNE_PROPERTY, tuned);
    restore(CACHE, cache);
  }

  private static void restore(String property, @Nullable String value) {
    if (value == null) {
      System.clearProperty(property);
    } else {
      System.setProperty(property, value);
    }
  }

  /** Simulates another machine, which has its own cache. */
  private void machine(String name) {
    System.setProperty(CACHE, folder.resolve(name).toString());
  }

  private static Map<String, String> layer(@Nullable Map<String, String> adopted) {
    try (Backend backend = CudaBackend.open(Precision.FP32);
        Arena arena = new Arena()) {
      if (adopted != null) {
        backend.adopt(adopted);
      }
      Tensor x = backend.tensor(arena, ROWS, INPUTS);
      Tensor y = backend.tensor(arena, ROWS, OUTPUTS);
      x.write(ramp(ROWS * INPUTS));
      Tensor weight = backend.tensor(arena, INPUTS, OUTPUTS);
      weight.write(ramp(INPUTS * OUTPUTS));
      Dense layer = new Dense(x, weight, backend.tensor(arena, OUTPUTS), null, y, Activation.RELU);
      Program program = arena.own(backend.compile(List.of(layer)));
      program.run();
      double sum = 0;
      for (int i = 0; i < INPUTS; i++) {
        sum += (double) ramp(INPUTS)[i] * ramp(INPUTS * OUTPUTS)[i * OUTPUTS];
      }
      assertEquals(Math.max(0, sum), y.toFloats()[0], 1e-3);
      return backend.choices();
    }
  }

  private static float[] ramp(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (i * 37 % 23 - 9) / 16f;
    }
    return values;
  }

  @Test
  void theFirstProcessMeasuresAndTheNextOnesReadWhatItFound() {
    CudaSim.resetCounts();
    Map<String, String> first = layer(null);
    int measured = Faults.calls().getOrDefault("cublasLtMatmul", 0);
    assertTrue(first.values().stream().anyMatch(c -> c.startsWith("us=") && c.contains(" data=")));
    CudaSim.resetCounts();
    assertEquals(first, layer(null));
    int kept = Faults.calls().getOrDefault("cublasLtMatmul", 0);
    // Each plan is still tried once, and then the op runs.
    assertTrue(kept <= 3 && kept < measured, kept + " of " + measured);
  }

  @Test
  void withoutMeasuringNothingIsChosenOrKept() {
    System.setProperty(LtSearch.TUNE_PROPERTY, "false");
    assertEquals(Map.of(), layer(null));
    assertFalse(folder.resolve("one").resolve("choices").toFile().exists());
  }

  @Test
  void choicesOfAnotherBackendComeFirst() {
    Map<String, String> first = layer(null);
    machine("two");
    assertEquals(first, layer(first));
  }

  @Test
  void aChoiceThatIsNoAlgorithmIsReplaced() {
    Map<String, String> damaged = new TreeMap<>(layer(null));
    damaged.replaceAll((of, choice) -> choice.replaceAll("data=.*", "data=" + "ab".repeat(64)));
    machine("two");
    Map<String, String> mended = layer(damaged);
    assertEquals(damaged.keySet(), mended.keySet());
    assertNotEquals(damaged, mended);
    damaged.replaceAll((of, choice) -> "nonsense");
    machine("three");
    assertNotEquals(damaged, layer(damaged));
    // The emulated device reports the question whether it is an algorithm as an error.
    CudaSim.clearReport();
  }

  /** The resumed run plans before it adopts the choices. */
  @Test
  void aChoiceThatComesAfterThePlansIsProvenToo() {
    Map<String, String> damaged = new TreeMap<>(layer(null));
    damaged.replaceAll((of, choice) -> choice.replaceAll("data=.*", "data=" + "ab".repeat(64)));
    Choices none = new Choices("elsewhere", null);
    assertFalse(none.adopt(Map.of()));
    assertFalse(none.adopt(damaged), "of another device");
    String place = damaged.keySet().iterator().next().replaceAll(": .*", "");
    Choices planned = new Choices(place, null);
    assertTrue(planned.adopt(damaged), "a product planned without a choice");
    assertFalse(planned.adopt(damaged), "known already");
    TrainState state = train(null, 1);
    Map<String, String> wrong = new TreeMap<>(state.choices());
    wrong.replaceAll((of, choice) -> choice.replaceAll("data=.*", "data=" + "ab".repeat(64)));
    TrainState told =
        new TrainState(
            state.parameters(),
            state.m(),
            state.v(),
            state.average(),
            state.adam(),
            state.clock(),
            state.bestElbo(),
            state.epochsSinceBest(),
            wrong);
    TrainState resumed = train(told, 2);
    assertNotEquals(wrong, resumed.choices());
    CudaSim.clearReport();
  }

  @Test
  void aTunedRunIsResumedWithoutTimingToTheSameBits() {
    TrainState straight = train(null, 8);
    TrainState half = train(null, 4);
    System.setProperty(LtSearch.TUNE_PROPERTY, "false");
    assertArrayEquals(straight.parameters(), train(half, 8).parameters());
  }

  @Test
  void aRunThatIsResumedElsewhereKeepsItsAlgorithmsAndItsBits() {
    TrainState straight = train(null, 8);
    TrainState half = train(null, 4);
    assertFalse(half.choices().isEmpty());
    machine("two");
    TrainState resumed = train(half, 8);
    assertEquals(straight.choices(), resumed.choices());
    assertArrayEquals(straight.parameters(), resumed.parameters());
    assertArrayEquals(straight.v(), resumed.v());
  }

  private static TrainState train(@Nullable TrainState from, int steps) {
    VaeSpec spec = VaeSpec.builder(784).hidden(12).latent(3).build();
    TrainConfig config = TrainConfig.builder().epochs(steps).batch(16).build();
    try (DataSet mnist = DataSets.open("mnist:test");
        Backend backend = CudaBackend.open(Precision.FP32);
        Trainer trainer =
            new Trainer(
                backend, spec, config, DataSets.head(mnist, 16), null, TrainListener.NONE)) {
      if (from != null) {
        trainer.restore(from);
      }
      trainer.run(() -> false);
      return trainer.state();
    }
  }
}
