package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.model.VaeSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whole training runs on the CUDA backend, on real images. */
@Tag("cuda")
class CudaTrainingTest {
  private static final VaeSpec SPEC = VaeSpec.builder(784).hidden(400).latent(20).build();
  private static final int BATCH = 128;

  @Test
  void twoHundredStepsFollowTheCpu() {
    List<Double> expected = losses(Kind.CPU, Precision.FP32, 200);
    List<Double> actual = losses(Kind.CUDA, Precision.FP32, 200);
    assertEquals(200, actual.size());
    for (int i = 0; i < expected.size(); i++) {
      double allowed = 1e-3 * Math.abs(expected.get(i));
      assertEquals(expected.get(i), actual.get(i), allowed, "loss of step " + i);
    }
  }

  /** The loss of each step: -ELBO in nats, mean over the batch. */
  private static List<Double> losses(Kind kind, Precision precision, int steps) {
    TrainConfig config = TrainConfig.builder().epochs(1).batch(BATCH).build();
    List<Double> sums = new ArrayList<>();
    long t0 = System.nanoTime();
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
    System.out.println(kind + " " + (System.nanoTime() - t0) / 1e9);
    List<Double> losses = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      losses.add((sums.get(i + 1) - sums.get(i)) / BATCH);
    }
    return losses;
  }
}
