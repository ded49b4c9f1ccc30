// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.vae4j.Vae;
import io.github.vae4j.VaeException;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.checkpoint.Checkpoint;
import io.github.vae4j.checkpoint.DataSource;
import io.github.vae4j.cudasim.CudaSim;
import io.github.vae4j.cudasim.Faults;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.EpochMetrics;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.TrainState;
import io.github.vae4j.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training run loses its device in the second epoch, at each of its calls in turn. The checkpoint
 * of the first epoch is complete, and a run that is resumed from it ends with the same bits as a
 * run without a fault.
 */
@Tag("cuda")
@Tag("cudasim")
@ExtendWith(EmulatedDevice.class)
final class TrainingFaultTest {
  private static final BackendOptions CUDA = new BackendOptions(Kind.CUDA, 0, Precision.FP32);
  private static final VaeSpec SPEC = VaeSpec.builder(784).hidden(12).latent(3).build();
  private static final TrainConfig CONFIG = TrainConfig.builder().epochs(2).batch(16).build();

  @TempDir Path folder;

  @BeforeEach
  void quiet() {
    CudaSim.setOption("quiet", 1);
  }

  @TestFactory
  Stream<DynamicTest> theCheckpointOutlivesEveryFault() {
    TrainState undisturbed = train(folder, null, CudaSim::resetCounts);
    return Faults.tests((call, number) -> failsAt(call, number, undisturbed));
  }

  private void failsAt(String call, int number, TrainState undisturbed) throws IOException {
    Path run = Files.createTempDirectory(folder, "run");
    VaeException e =
        assertThrows(VaeException.class, () -> train(run, null, () -> Faults.set(call, number)));
    if (Faults.endAtFree(call, e)) {
      return;
    }
    assertEquals("", CudaSim.report());
    Checkpoint kept = Checkpoint.load(run);
    TrainState resumed = train(run, kept.state(), () -> {});
    assertArrayEquals(undisturbed.parameters(), resumed.parameters());
    assertArrayEquals(undisturbed.m(), resumed.m());
    assertArrayEquals(undisturbed.v(), resumed.v());
  }

  /** Trains with a checkpoint after each epoch; {@code then} runs after the first one. */
  private static TrainState train(Path run, @Nullable TrainState from, Runnable then) {
    TrainListener saving =
        new TrainListener() {
          @Override
          public void onEpoch(EpochMetrics metrics, Supplier<TrainState> state) {
            new Checkpoint(SPEC, CONFIG, new DataSource("mnist:test", null, 0), state.get())
                .save(run);
            if (metrics.epoch() == 1) {
              then.run();
            }
          }
        };
    try (DataSet mnist = DataSets.open("mnist:test");
        Vae vae = Vae.create(SPEC, CUDA, 1)) {
      DataSet few = DataSets.head(mnist, 40);
      try (Trainer trainer = vae.trainer(few, few, CONFIG, saving)) {
        if (from != null) {
          trainer.restore(from);
        }
        trainer.run(() -> false);
        return trainer.state();
      }
    }
  }
}
