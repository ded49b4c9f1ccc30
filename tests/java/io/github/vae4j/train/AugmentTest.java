// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.vae4j.Thrown;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.CountingBackend;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.data.OtherReads;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.TrainConfig.Augment;
import io.github.vae4j.train.TrainConfig.Binarize;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Training on mirrored and shifted images. */
final class AugmentTest {
  private static final ImageShape IMAGE = new ImageShape(4, 3, 1);

  private final Arena arena = new Arena();
  private final Backend backend = arena.own(new ReferenceBackend());

  @AfterEach
  void close() {
    arena.close();
  }

  private static Matrix values(int rows) {
    Matrix values = Matrix.zeros(rows, IMAGE.features());
    Random random = new Random(3);
    for (int i = 0; i < values.values().length; i++) {
      values.values()[i] = random.nextFloat();
    }
    return values;
  }

  private static DataSet images(int rows) {
    return DataSets.of(values(rows), IMAGE);
  }

  private static TrainConfig config(boolean flip, int shift) {
    return TrainConfig.builder()
        .epochs(2)
        .batch(16)
        .binarize(Binarize.DYNAMIC)
        .augment(new Augment(flip, shift))
        .build();
  }

  private static VaeSpec.Builder spec() {
    return VaeSpec.builder(IMAGE.features()).hidden(8).latent(2);
  }

  private Trainer trainer(TrainConfig config, DataSet train, @Nullable DataSet test) {
    return new Trainer(backend, spec().build(), config, train, test, TrainListener.NONE);
  }

  private float[] trained(TrainConfig config, DataSet train) {
    try (Trainer trainer = trainer(config, train, null)) {
      trainer.run(() -> false);
      return trainer.weights();
    }
  }

  @Test
  void streamedImagesTrainToTheSameBitsAsResidentOnes() {
    TrainConfig config = config(true, 2);
    assertArrayEquals(
        trained(config, images(50)), trained(config, OtherReads.streamed(images(50))));
  }

  @Test
  void stoppedAndResumedIsTheSameRunToTheBit() {
    TrainConfig config = config(true, 1);
    TrainState state;
    try (Trainer trainer = trainer(config, images(50), null)) {
      int[] steps = {0};
      trainer.run(() -> ++steps[0] > 5);
      state = trainer.state();
      assertNotEquals(0, state.clock().step());
    }
    try (Trainer trainer = trainer(config, images(50), null)) {
      trainer.restore(state);
      trainer.run(() -> false);
      assertArrayEquals(trained(config, images(50)), trainer.weights());
    }
  }

  @Test
  void eachSettingChangesTheTraining() {
    float[] plain = trained(config(false, 0), images(50));
    float[] flipped = trained(config(true, 0), images(50));
    float[] shifted = trained(config(false, 1), images(50));
    assertFalse(Arrays.equals(plain, flipped));
    assertFalse(Arrays.equals(plain, shifted));
    assertFalse(Arrays.equals(flipped, shifted));
  }

  /** A learning rate of 0 keeps the weights, so that only the rows can change the metrics. */
  @Test
  void evaluationHasTheImagesAsTheyAre() {
    TrainConfig.Optimizer frozen = TrainConfig.Optimizer.adam(0);
    TrainConfig plain = config(false, 0).toBuilder().optimizer(frozen).build();
    TrainConfig changed = config(true, 2).toBuilder().optimizer(frozen).build();
    try (Trainer left = trainer(plain, images(50), images(30));
        Trainer right = trainer(changed, images(50), images(30))) {
      EpochMetrics a = left.run(() -> false).epochs().get(1);
      EpochMetrics b = right.run(() -> false).epochs().get(1);
      assertEquals(a.testElbo(), b.testElbo());
      assertNotEquals(a.trainElbo(), b.trainElbo());
    }
  }

  @Test
  void memoryIsThatOfTheSameStepWithoutChanges() {
    long plain = memory(TrainConfig.builder().batch(16).binarize(Binarize.DYNAMIC).build());
    assertEquals(plain, memory(config(true, 2)));
    // So that StepMemory, which plans without changes, has the memory of this step, too.
    assertEquals(plain, StepMemory.of(spec().build(), config(true, 2), false, false).activations());
  }

  /** The bytes of a step on images, beside those of the parameters and of the data. */
  private static long memory(TrainConfig config) {
    VaeSpec model = spec().build();
    try (CountingBackend counting = new CountingBackend();
        TrainingMemory memory =
            new TrainingMemory(counting, new ParameterLayout(model), config.emaDecay() > 0);
        Supply supply = new Supply(counting, model, images(16), config.batch(), config.seed())) {
      long before = counting.bytes();
      try (TrainingStep step =
          new TrainingStep(counting, model, config, memory, supply, config.batch())) {
        assertNotNull(step);
        return counting.bytes() - before;
      }
    }
  }

  @Test
  void noChangeIsNoSetting() {
    assertNull(config(false, 0).augment());
    assertEquals(TrainConfig.defaults(), withAugment(new Augment(false, 0)));
    assertEquals("flip, shift 2", String.valueOf(config(true, 2).augment()));
    assertEquals("flip", String.valueOf(config(true, 0).augment()));
    assertEquals("shift 2", String.valueOf(config(false, 2).augment()));
  }

  private static TrainConfig withAugment(Augment augment) {
    return TrainConfig.builder().augment(augment).build();
  }

  @Test
  void theShapeMayBeTheModels() {
    DataSet rows = DataSets.of(values(50));
    VaeSpec model = spec().image(IMAGE).build();
    try (Trainer trainer =
        new Trainer(backend, model, config(true, 1), rows, null, TrainListener.NONE)) {
      trainer.run(() -> false);
      assertArrayEquals(trained(config(true, 1), images(50)), trainer.weights());
    }
  }

  @Test
  void refusesRowsThatAreNoImagesAndShiftsBeyondThem() {
    DataSet rows = DataSets.of(values(20));
    Thrown.says(
        IllegalArgumentException.class,
        () -> trainer(config(true, 0), rows, null),
        "flip: expected images, given data",
        "rows of 12 values");
    Thrown.says(
        IllegalArgumentException.class,
        () -> trainer(config(false, 1), rows, null),
        "shift: expected images");
    Thrown.says(
        IllegalArgumentException.class,
        () -> trainer(config(false, 3), images(20), null),
        "shift: expected 0 to 2, less than the smaller side of images of 4 x 3 pixels, given 3");
    Thrown.says(
        IllegalArgumentException.class,
        () -> new Augment(true, -1),
        "shift: expected 0 or more, given -1");
  }
}
