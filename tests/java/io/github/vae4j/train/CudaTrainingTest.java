package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.Replay;
import io.github.vae4j.backend.cuda.EmulatedDevice;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.TrainConfig.Binarize;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whole training runs on the CUDA backend, on real images. */
@Tag("cuda")
@ExtendWith(EmulatedDevice.class)
class CudaTrainingTest {
  private static final VaeSpec SPEC = VaeSpec.builder(784).hidden(400).latent(20).build();
  private static final VaeSpec SMALL = VaeSpec.builder(784).hidden(30).latent(5).build();
  private static final int BATCH = 128;

  @Test
  void twoHundredStepsFollowTheCpu() {
    follow(Precision.FP32, 200, 1e-3);
  }

  @Test
  void tf32FollowsTheCpuAsFarAsItsRoundingLets() {
    follow(Precision.TF32, 40, 1e-3);
  }

  @Test
  void bf16FollowsTheCpuAsFarAsItsRoundingLets() {
    follow(Precision.BF16, 40, 2e-3);
  }

  private static void follow(Precision precision, int steps, double tolerance) {
    List<Double> expected = losses(Kind.CPU, Precision.FP32, steps);
    List<Double> actual = losses(Kind.CUDA, precision, steps);
    assertEquals(steps, actual.size());
    for (int i = 0; i < steps; i++) {
      double allowed = tolerance * Math.abs(expected.get(i));
      assertEquals(expected.get(i), actual.get(i), allowed, "loss of step " + i);
    }
  }

  @Test
  void sameSeedSameBits() {
    assertSameBits(train(UnaryOperator.identity()), train(UnaryOperator.identity()));
  }

  @Test
  void aGraphIsTheSameBitsAsItsOpsOneByOne() {
    assertSameBits(train(CudaTrainingTest::unrecorded), train(UnaryOperator.identity()));
  }

  /** A batch of 128 images of 784 bytes is more than goes along with a call: it takes the ring. */
  @Test
  void aStreamedSetTrainsToTheSameBitsAsAResidentOne() {
    TrainConfig config = TrainConfig.builder().epochs(8).batch(BATCH).build();
    List<TrainState> states = new ArrayList<>();
    for (boolean resident : new boolean[] {true, false}) {
      try (DataSet mnist = DataSets.open("mnist:test");
          Backend backend = Backends.open(new BackendOptions(Kind.CUDA, 0, Precision.FP32))) {
        DataSet some = DataSets.head(mnist, 3 * BATCH + 5);
        DataSet data = resident ? some : streamed(some);
        try (Trainer trainer =
            new Trainer(new Ops(backend), SMALL, config, data, null, TrainListener.NONE)) {
          trainer.run(() -> false);
          states.add(trainer.state());
        }
      }
    }
    assertSameBits(states.get(0), states.get(1));
  }

  /** The set, but it says that it is not in memory. */
  private static DataSet streamed(DataSet inner) {
    return (DataSet)
        Proxy.newProxyInstance(
            DataSet.class.getClassLoader(),
            new Class<?>[] {DataSet.class},
            (proxy, method, args) ->
                method.getName().equals("resident") ? false : method.invoke(inner, args));
  }

  /** The loss of each step: -ELBO in nats, mean over the batch. */
  private static List<Double> losses(Kind kind, Precision precision, int steps) {
    TrainConfig config = TrainConfig.builder().epochs(1).batch(BATCH).build();
    List<Double> sums = new ArrayList<>();
    try (DataSet mnist = DataSets.open("mnist");
        Backend backend = Backends.open(new BackendOptions(kind, 0, precision));
        Trainer trainer =
            new Trainer(new Ops(backend), SPEC, config, mnist, null, TrainListener.NONE)) {
      trainer.run(
          () -> {
            double[] sum = trainer.state().clock().sums();
            sums.add(sum[1] + sum[2]);
            return sums.size() > steps;
          });
    }
    List<Double> losses = new ArrayList<>();
    for (int i = 0; i + 1 < sums.size(); i++) {
      losses.add((sums.get(i + 1) - sums.get(i)) / BATCH);
    }
    return losses;
  }

  /** Two epochs with all that a step can have: samples, free bits, noise, clipping, a tail. */
  private static TrainState train(UnaryOperator<Backend> wrapping) {
    TrainConfig config =
        TrainConfig.builder()
            .epochs(2)
            .batch(48)
            .objective(Objective.of(Objective.Bound.elbo(2)).withFreeBits(0.05))
            .binarize(Binarize.DYNAMIC)
            .emaDecay(0.99)
            .build();
    try (DataSet mnist = DataSets.open("mnist:test");
        Backend backend = Backends.open(new BackendOptions(Kind.CUDA, 0, Precision.FP32))) {
      DataSet some = DataSets.head(mnist, 200);
      TrainState state;
      try (Trainer trainer =
          new Trainer(
              new Ops(wrapping.apply(backend)), SMALL, config, some, some, TrainListener.NONE)) {
        trainer.run(() -> false);
        state = trainer.state();
      }
      assertEquals(0, backend.open());
      return state;
    }
  }

  private static void assertSameBits(TrainState expected, TrainState actual) {
    assertArrayEquals(expected.parameters(), actual.parameters());
    assertArrayEquals(expected.m(), actual.m());
    assertArrayEquals(expected.v(), actual.v());
    assertArrayEquals(expected.average(), actual.average());
    assertArrayEquals(expected.adam(), actual.adam());
    assertEquals(expected.bestElbo(), actual.bestElbo());
  }

  /** The backend, but a recorded step is its ops one after the other. */
  private static Backend unrecorded(Backend backend) {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, args) -> {
              if (!method.getName().equals("record")) {
                return method.invoke(backend, args);
              }
              List<?> ops = (List<?>) args[0];
              Replay oneByOne = () -> ops.forEach(op -> ((PreparedOp) op).run());
              return oneByOne;
            });
  }
}
