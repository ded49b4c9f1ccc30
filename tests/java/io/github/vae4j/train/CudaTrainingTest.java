// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.cuda.EmulatedDevice;
import io.github.vae4j.cudasim.CudaSim;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.OtherReads;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.TrainConfig.Binarize;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whole training runs on the CUDA backend, on real images. */
@Tag("cuda")
@ExtendWith(EmulatedDevice.class)
class CudaTrainingTest {
  private static final VaeSpec SPEC = VaeSpec.builder(784).hidden(400).latent(20).build();
  private static final VaeSpec SMALL = VaeSpec.builder(784).hidden(30).latent(5).build();
  private static final VaeSpec TANH =
      VaeSpec.builder(784).hidden(30).activation(Activation.TANH).latent(5).build();
  private static final int BATCH = 128;

  /** An emulated device takes a third of a second for a step of the whole net. */
  private static final int STEPS = EmulatedDevice.used() ? 10 : 40;

  private static final int PENALIZED_STEPS = EmulatedDevice.used() ? 5 : 10;

  @Test
  void twoHundredStepsFollowTheCpu() {
    follow(EmulatedDevice.used() ? SMALL : SPEC, Precision.FP32, 200, 1e-3, Objective.elbo());
  }

  @Test
  void fp32FollowsTheCpu() {
    follow(SPEC, Precision.FP32, STEPS, 1e-3, Objective.elbo());
  }

  @Test
  void tf32FollowsTheCpuAsFarAsItsRoundingLets() {
    follow(SPEC, Precision.TF32, STEPS, 1e-3, Objective.elbo());
  }

  @Test
  void bf16FollowsTheCpuAsFarAsItsRoundingLets() {
    follow(SPEC, Precision.BF16, STEPS, 2e-3, Objective.elbo());
  }

  @Test
  void penaltiesFollowTheCpu() {
    Objective penalized = Objective.elbo().withPenalties(100, 2);
    follow(SPEC, Precision.FP32, PENALIZED_STEPS, 1e-3, penalized);
  }

  private static void follow(
      VaeSpec spec, Precision precision, int steps, double tolerance, Objective objective) {
    List<Double> expected = losses(Kind.CPU, Precision.FP32, spec, steps, objective);
    assertEquals(steps, expected.size());
    List<Double> actual = losses(Kind.CUDA, precision, spec, steps, objective);
    StepLosses.assertFollows(expected, actual, tolerance);
  }

  @Test
  void aConditionalModelDecodesLabelsToTheirClasses() {
    ConditionalTrainingTest.eachLabelDecodesToItsClass(Kind.CUDA);
  }

  @Test
  void sameSeedSameBits() {
    assertSameBits(train(UnaryOperator.identity()), train(UnaryOperator.identity()));
  }

  /** Whose end of a step is fused, and whose layers are not. */
  @Test
  void aGraphIsTheSameBitsAsItsOpsOneByOne() {
    assertSameBits(train(TANH, CudaTrainingTest::opByOp), train(TANH, UnaryOperator.identity()));
  }

  /** The same launches without a graph, each waited for, as vae4j.cuda.sync has them. */
  @Test
  void aGraphIsTheSameBitsAsItsLaunchesOneByOne() {
    TrainState graph = train(UnaryOperator.identity());
    System.setProperty("vae4j.cuda.sync", "true");
    try {
      assertSameBits(train(UnaryOperator.identity()), graph);
    } finally {
      System.clearProperty("vae4j.cuda.sync");
    }
  }

  /** The bias gradients of ReLU layers are summed in cuBLASLt's order. */
  @Test
  void aGraphOfReluLayersDiffersFromItsOpsByRoundingOnly() {
    TrainState ops = train(CudaTrainingTest::opByOp);
    TrainState graph = train(UnaryOperator.identity());
    assertArrayEquals(ops.parameters(), graph.parameters(), 2e-5f);
    assertEquals(ops.bestElbo(), graph.bestElbo(), 1e-5 * Math.abs(ops.bestElbo()));
  }

  @Test
  void severalStepsACallAreTheSameBitsAsOneByOne() {
    assertSameBits(
        epochs(StepLosses::oneStepACall, null, () -> false),
        epochs(UnaryOperator.identity(), null, () -> false));
  }

  /** Stops after every number of steps; the resumed run has several steps per call from there. */
  @Test
  void aRunResumesAtEveryStepToTheSameBits() {
    TrainState straight = epochs(UnaryOperator.identity(), null, () -> false);
    for (int steps : new int[] {0, 1, 3, 7, 8, 9, 18, 19, 25}) {
      TrainState saved = epochs(StepLosses::oneStepACall, null, after(steps));
      assertEquals(steps, saved.clock().step());
      assertSameBits(straight, epochs(UnaryOperator.identity(), saved, () -> false));
    }
  }

  @Test
  void aStopIsHeardAfterTheStepsOfOneCall() {
    for (int calls : new int[] {0, 1, 2, 3, 4}) {
      TrainState saved = epochs(UnaryOperator.identity(), null, after(calls));
      // 18 whole batches and a smaller one: two calls of 8, then one by one.
      assertEquals(calls <= 2 ? 8 * calls : 16 + calls - 2, saved.clock().step());
    }
  }

  private static BooleanSupplier after(int calls) {
    int[] asked = new int[1];
    return () -> asked[0]++ == calls;
  }

  /** Two epochs of 19 steps, the last of each smaller. */
  private static TrainState epochs(
      UnaryOperator<Backend> wrapping, @Nullable TrainState from, BooleanSupplier stop) {
    TrainConfig config =
        TrainConfig.builder()
            .epochs(2)
            .batch(8)
            .objective(Objective.elbo().withBeta(1, Objective.Warmup.linear(1)))
            .binarize(Binarize.DYNAMIC)
            .build();
    try (DataSet mnist = DataSets.open("mnist:test");
        Backend backend = Backends.open(new BackendOptions(Kind.CUDA, 0, Precision.FP32));
        Trainer trainer =
            new Trainer(
                wrapping.apply(backend),
                SMALL,
                config,
                DataSets.head(mnist, 18 * 8 + 3),
                null,
                TrainListener.NONE)) {
      if (from != null) {
        trainer.restore(from);
      }
      trainer.run(stop);
      return trainer.state();
    }
  }

  /** A batch of 128 images of 784 bytes is more than goes along with a call: it takes the ring. */
  @Test
  void aStreamedSetTrainsToTheSameBitsAsAResidentOne() {
    TrainConfig config = TrainConfig.builder().epochs(3).batch(BATCH).build();
    List<TrainState> states = new ArrayList<>();
    // On the emulated device also with copies as late, and as early, as their events allow.
    int orders = EmulatedDevice.used() ? 3 : 1;
    for (int run = 0; run <= orders; run++) {
      boolean resident = run == 0;
      if (orders > 1) {
        CudaSim.setOption("order", resident ? 0 : run - 1);
      }
      try (DataSet mnist = DataSets.open("mnist:test");
          Backend backend = Backends.open(new BackendOptions(Kind.CUDA, 0, Precision.FP32))) {
        DataSet some = DataSets.head(mnist, 3 * BATCH + 5);
        DataSet data = resident ? some : OtherReads.streamed(some);
        try (Trainer trainer =
            new Trainer(backend, SMALL, config, data, null, TrainListener.NONE)) {
          trainer.run(() -> false);
          states.add(trainer.state());
        }
      }
    }
    for (TrainState streamed : states) {
      assertSameBits(states.get(0), streamed);
    }
  }

  @AfterEach
  void asSubmitted() {
    if (EmulatedDevice.used()) {
      CudaSim.setOption("order", 0);
    }
  }

  private static List<Double> losses(
      Kind kind, Precision precision, VaeSpec spec, int steps, Objective objective) {
    TrainConfig config = TrainConfig.builder().epochs(1).batch(BATCH).objective(objective).build();
    try (DataSet mnist = DataSets.open("mnist")) {
      return StepLosses.of(new BackendOptions(kind, 0, precision), spec, config, mnist, steps);
    }
  }

  /** Two epochs with all that a step can have: samples, free bits, noise, clipping, a tail. */
  private static TrainState train(UnaryOperator<Backend> wrapping) {
    return train(SMALL, wrapping);
  }

  private static TrainState train(VaeSpec spec, UnaryOperator<Backend> wrapping) {
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
          new Trainer(wrapping.apply(backend), spec, config, some, some, TrainListener.NONE)) {
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

  /** The backend, but each op is a program of its own. */
  private static Backend opByOp(Backend backend) {
    return StepLosses.compiling(
        backend,
        ops -> StepLosses.inTurn(ops.stream().map(op -> backend.compile(List.of(op))).toList()));
  }
}
