// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Measures;
import io.github.vae4j.OtherThread;
import io.github.vae4j.Sampling;
import io.github.vae4j.Vae;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Add;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.tensor.Tensor;
import io.github.vae4j.train.EpochMetrics;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.TrainState;
import io.github.vae4j.train.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One model in several threads, closed beside use, and used after its end, on a backend. */
abstract class UseSuite {
  private static final int THREADS = 6;
  private static final int CALLS = Integer.getInteger("vae4j.use.calls", 60);

  @TempDir Path folder;

  abstract BackendOptions.Kind kind();

  /** The kinds of calls whose results the threads compare. */
  private enum Call {
    EVALUATE,
    SCORE,
    ENCODE,
    DECODE,
    RECONSTRUCT,
    SAMPLE,
    LOG_LIKELIHOOD,
    WEIGHTS;

    List<Double> of(Vae vae, DataSet data) {
      Matrix codes = Matrix.zeros(3, 2);
      return switch (this) {
        case EVALUATE -> List.of(vae.evaluate(data, 3, 1).elbo());
        case SCORE -> list(vae.score(data, 2, 1).elbo());
        case ENCODE -> list(vae.encode(data).mean().values());
        case DECODE -> list(vae.decode(codes).values());
        case RECONSTRUCT -> list(vae.reconstruct(data).values());
        case SAMPLE -> list(vae.sample(Sampling.of(5)).values());
        case LOG_LIKELIHOOD -> List.of(vae.measure().logLikelihood(data, 7, 2).mean());
        case WEIGHTS -> list(vae.weights());
      };
    }

    private static List<Double> list(float[] values) {
      List<Double> list = new ArrayList<>();
      for (float value : values) {
        list.add((double) value);
      }
      return list;
    }

    private static List<Double> list(double[] values) {
      List<Double> list = new ArrayList<>();
      for (double value : values) {
        list.add(value);
      }
      return list;
    }
  }

  @Test
  void severalThreadsGetTheResultsOfOneOrAnException() throws InterruptedException {
    try (Vae vae = SmallModel.create(kind());
        DataSet data = SmallModel.rows()) {
      Map<Call, List<Double>> expected = new EnumMap<>(Call.class);
      for (Call call : Call.values()) {
        expected.put(call, call.of(vae, data));
      }
      AtomicInteger same = new AtomicInteger();
      List<String> wrong = Collections.synchronizedList(new ArrayList<>());
      CountDownLatch start = new CountDownLatch(1);
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int number = t;
        Thread thread =
            new Thread(
                () -> {
                  await(start);
                  for (int i = 0; i < CALLS; i++) {
                    Call call = Call.values()[(i * 5 + number) % Call.values().length];
                    try {
                      if (call.of(vae, data).equals(expected.get(call))) {
                        same.incrementAndGet();
                      } else {
                        wrong.add(call + " gave another result");
                      }
                    } catch (IllegalStateException e) {
                      if (!String.valueOf(e.getMessage()).contains(" is in use by thread \"use-")) {
                        wrong.add(call + ": " + e);
                      }
                    } catch (RuntimeException | Error e) {
                      wrong.add(call + ": " + e);
                    }
                  }
                },
                "use-" + t);
        thread.start();
        threads.add(thread);
      }
      start.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(List.of(), wrong);
      assertTrue(same.get() > 0, "no call succeeded");
    }
  }

  /** Each call of another thread is refused in the middle of a run, which it does not change. */
  @Test
  void noCallIsAnsweredBesideTraining() {
    try (ModelUses model = new ModelUses(SmallModel.create(kind()), folder);
        DataSet data = SmallModel.rows()) {
      List<String> opened = new ArrayList<>();
      TrainListener listener =
          new TrainListener() {
            @Override
            public void onEpoch(EpochMetrics metrics, Supplier<TrainState> state) {
              model.uses.forEach((name, use) -> refusedElsewhere(name, use, opened));
              model.ends.forEach((name, end) -> refusedElsewhere(name, end, opened));
            }
          };
      double expected = trained(data);
      model.vae.train(data, null, SmallModel.config(3), listener);
      assertEquals(List.of(), opened);
      assertEquals(expected, model.vae.evaluate(data).elbo());
      model.uses.values().forEach(Runnable::run);
    }
  }

  private double trained(DataSet data) {
    try (Vae vae = SmallModel.create(kind())) {
      vae.train(data, null, SmallModel.config(3), TrainListener.NONE);
      return vae.evaluate(data).elbo();
    }
  }

  private static void refusedElsewhere(String name, Runnable use, List<String> opened) {
    Throwable thrown = OtherThread.thrown(use);
    String user = "is in use by thread \"" + Thread.currentThread().getName() + "\"; a model";
    if (!(thrown instanceof IllegalStateException e)
        || !String.valueOf(e.getMessage()).contains(user)) {
      opened.add(name + ": " + thrown);
    }
  }

  @Test
  void noCallIsAnsweredAfterTheEnd() {
    ModelUses model = new ModelUses(SmallModel.create(kind()), folder);
    model.close();
    String expected = "the " + kind().name().toLowerCase(Locale.ROOT) + " backend was closed";
    model.uses.forEach(
        (name, use) -> {
          IllegalStateException e = assertThrows(IllegalStateException.class, use::run, name);
          assertTrue(String.valueOf(e.getMessage()).startsWith(expected), name + ": " + e);
        });
    model.ends.values().forEach(Runnable::run);
    model.close();
  }

  /** The backend ends first, with everything on it open. */
  @Test
  void objectsAreClosedAfterTheBackend() {
    ModelUses model = new ModelUses(SmallModel.create(kind()), folder);
    model.vae.backend().close();
    model.uses.forEach((name, use) -> assertThrows(IllegalStateException.class, use::run, name));
    model.ends.values().forEach(Runnable::run);
    model.close();
  }

  @Test
  void aProgramWhoseBufferWasClosedIsRefused() {
    try (Vae vae = SmallModel.create(kind())) {
      Backend backend = vae.backend();
      Buffer source = backend.allocate(DType.FLOAT32, 4);
      try (Buffer target = backend.allocate(DType.FLOAT32, 4)) {
        Add add = new Add(new Tensor(source, 4), new Tensor(target, 4));
        try (Program one = backend.compile(List.of(add));
            Program two = backend.compile(List.of(add, add))) {
          one.run();
          two.run();
          source.close();
          for (Program program : List.of(one, two)) {
            IllegalStateException e =
                assertThrows(IllegalStateException.class, program::run, program.toString());
            assertTrue(
                String.valueOf(e.getMessage())
                    .endsWith(
                        ": a buffer of its ops, in memory of 16 bytes, was closed; close a program"
                            + " before its buffers"),
                e.getMessage());
          }
          assertThrows(IllegalStateException.class, () -> backend.compile(List.of(add)));
        }
        assertArrayEquals(new float[4], target.toFloats());
      }
    }
  }

  @Test
  void aListenerUsesTheModelWithTheWeightsOfTheLastStep() {
    try (Vae vae = SmallModel.create(kind());
        Vae twin = SmallModel.create(kind());
        DataSet data = SmallModel.rows()) {
      Measures measures = vae.measure();
      List<Double> expected = new ArrayList<>();
      List<Double> found = new ArrayList<>();
      TrainListener listener =
          new TrainListener() {
            @Override
            public void onEpoch(EpochMetrics metrics, Supplier<TrainState> state) {
              expected.add(metrics.testElbo());
              found.add(vae.evaluate(data).elbo());
              twin.setWeights(state.get().parameters());
              expected.add(twin.measure().logLikelihood(data, 3, 0).mean());
              found.add(measures.logLikelihood(data, 3, 0).mean());
            }
          };
      vae.train(data, data, SmallModel.config(3), listener);
      assertEquals(6, found.size());
      assertEquals(expected, found);
      assertTrue(!expected.get(0).equals(expected.get(2)), "the weights change");
    }
  }

  @Test
  void aListenerMayNotEndOrReplaceWhatTrains() {
    try (Vae vae = SmallModel.create(kind());
        DataSet data = SmallModel.rows()) {
      List<String> messages = new ArrayList<>();
      AtomicReference<@Nullable Trainer> trainer = new AtomicReference<>();
      TrainListener listener =
          new TrainListener() {
            @Override
            public void onEpoch(EpochMetrics metrics, Supplier<TrainState> state) {
              refused(vae::close);
              Trainer own = trainer.get();
              if (own == null) {
                refused(() -> vae.setWeights(vae.weights()));
                refused(() -> vae.train(data, null, SmallModel.config(1), TrainListener.NONE));
              } else {
                refused(own::close);
                refused(() -> own.run(() -> false));
                refused(() -> own.restore(state.get()));
              }
            }

            private void refused(Runnable call) {
              messages.add(assertThrows(IllegalStateException.class, call::run).getMessage());
            }
          };
      vae.train(data, null, SmallModel.config(1), listener);
      try (Trainer own = vae.trainer(data, null, SmallModel.config(1), listener)) {
        trainer.set(own);
        assertEquals(Trainer.End.COMPLETE, own.run(() -> false).end());
      }
      String model =
          ": the model is being trained, and this call is of its listener or its data set";
      String running = ": the trainer is running, and this call is of its listener or its data set";
      assertTrue(messages.get(0).contains(" is in use by a call that this call is part of"));
      assertEquals("setWeights" + model, messages.get(1));
      assertEquals("train" + model, messages.get(2));
      assertEquals(messages.get(0), messages.get(3));
      assertEquals("close" + running, messages.get(4));
      assertEquals("run" + running, messages.get(5));
      assertEquals("restore" + running, messages.get(6));
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
