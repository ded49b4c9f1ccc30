// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Vae;
import io.github.vae4j.VaeException;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.data.OtherReads;
import io.github.vae4j.train.EpochMetrics;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.TrainState;
import io.github.vae4j.train.Trainer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that end early by an exception of the user's code or by an interrupt. */
final class BrokenRunTest {
  private static final int STEPS_PER_EPOCH = SmallModel.ROWS / SmallModel.BATCH;

  private static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Streamed rows with weights, so that two feeds are read; read number {@code at} throws. */
  private static DataSet failing(int at) {
    float[] weights = new float[SmallModel.ROWS];
    for (int row = 0; row < weights.length; row++) {
      weights[row] = row % 3 == 0 ? 2.5f : 0.25f;
    }
    DataSet rows = DataViews.weighted(SmallModel.rows(), weights);
    AtomicInteger reads = new AtomicInteger();
    return OtherReads.streamed(
        rows,
        (first, count, target) -> {
          // Training reads one row at a time; the check of the values reads blocks.
          if (count == 1 && reads.incrementAndGet() == at) {
            throw new Broken();
          }
          rows.read(first, count, target);
        });
  }

  /** A listener that throws after an epoch. */
  private static TrainListener failingAfter(int epoch, RuntimeException failure) {
    return new TrainListener() {
      @Override
      public void onEpoch(EpochMetrics metrics, Supplier<TrainState> state) {
        if (metrics.epoch() == epoch) {
          throw failure;
        }
      }
    };
  }

  /** The weights after a number of steps of a run that nothing disturbs. */
  private static float[] after(int steps) {
    AtomicInteger asked = new AtomicInteger();
    try (Vae vae = SmallModel.create(BackendOptions.Kind.CPU);
        DataSet data = failing(0);
        Trainer trainer = vae.trainer(data, null, SmallModel.config(4), TrainListener.NONE)) {
      trainer.setWeights(vae.weights());
      trainer.run(() -> asked.getAndIncrement() == steps);
      return trainer.weights();
    }
  }

  @Test
  void afterAListenerThrewTheModelHasTheWeightsOfTheLastStepAndNothingLeaks() {
    try (Vae vae = SmallModel.create(BackendOptions.Kind.CPU);
        DataSet data = failing(0)) {
      int open = vae.backend().open();
      Broken failure = new Broken();
      assertSame(
          failure,
          assertThrows(
              Broken.class,
              () -> vae.train(data, null, SmallModel.config(4), failingAfter(2, failure))));
      assertEquals(open, vae.backend().open());
      assertArrayEquals(after(2 * STEPS_PER_EPOCH), vae.weights());
      vae.train(data, null, SmallModel.config(1), TrainListener.NONE);
    }
  }

  @Test
  void afterADataSetThrewTheModelHasTheWeightsOfTheLastStepAndNothingLeaks() {
    int readsOfAStep = SmallModel.BATCH;
    try (Vae vae = SmallModel.create(BackendOptions.Kind.CPU);
        DataSet data = failing(4 * readsOfAStep + 5)) {
      int open = vae.backend().open();
      assertThrows(
          Broken.class, () -> vae.train(data, null, SmallModel.config(4), TrainListener.NONE));
      assertEquals(open, vae.backend().open());
      assertArrayEquals(after(4), vae.weights());
    }
  }

  /** A trainer whose data set threw goes on with the bits of a run that nothing disturbed. */
  @ParameterizedTest
  @ValueSource(ints = {1, 16, 17, 40, 70})
  void aTrainerGoesOnAfterAnException(int at) {
    try (Vae vae = SmallModel.create(BackendOptions.Kind.CPU);
        DataSet data = failing(at);
        Trainer trainer = vae.trainer(data, null, SmallModel.config(4), TrainListener.NONE)) {
      trainer.setWeights(vae.weights());
      assertThrows(Broken.class, () -> trainer.run(() -> false));
      assertEquals((at - 1) / SmallModel.BATCH, trainer.state().clock().step());
      assertEquals(Trainer.End.COMPLETE, trainer.run(() -> false).end());
      assertArrayEquals(after(4 * STEPS_PER_EPOCH), trainer.weights());
    }
  }

  @Test
  void anInterruptEndsTheRunAfterItsStepAndTheThreadStaysInterrupted() {
    try (Vae vae = SmallModel.create(BackendOptions.Kind.CPU);
        DataSet data = failing(0)) {
      TrainListener interrupting =
          new TrainListener() {
            @Override
            public void onEpoch(EpochMetrics metrics, Supplier<TrainState> state) {
              if (metrics.epoch() == 2) {
                Thread.currentThread().interrupt();
              }
            }
          };
      Trainer.Result result = vae.train(data, null, SmallModel.config(4), interrupting);
      assertTrue(Thread.interrupted(), "the thread stays interrupted");
      assertEquals(Trainer.End.STOPPED, result.end());
      assertEquals(2, result.epochs().size());
      assertArrayEquals(after(2 * STEPS_PER_EPOCH), vae.weights());
    }
  }

  /** A data set that throws while a trainer is made: nothing stays open. */
  @Test
  void aTrainerThatCannotBeMadeLeavesNothingOpen() {
    try (Vae vae = SmallModel.create(BackendOptions.Kind.CPU)) {
      int open = vae.backend().open();
      DataSet resident =
          OtherReads.resident(
              SmallModel.rows(),
              (first, count, target) -> {
                throw new VaeException("unreadable");
              });
      assertThrows(
          VaeException.class,
          () -> vae.trainer(resident, null, SmallModel.config(1), TrainListener.NONE));
      assertEquals(open, vae.backend().open());
      assertThrows(VaeException.class, () -> vae.evaluate(resident));
      assertEquals(open, vae.backend().open());
    }
  }
}
