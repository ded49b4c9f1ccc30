// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.bench;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.metrics.Quantiles;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.EpochMetrics;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.TrainState;
import io.github.vae4j.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Measures training steps on synthetic data. A matrix product is timed between any two rounds, so
 * that both have the same load of the machine. The first round is a warm-up and is not counted.
 */
public final class StepBenchmark {
  private StepBenchmark() {}

  /**
   * The results; medians over rounds.
   *
   * @param rowsPerSecond rows trained per second
   * @param rounds the rows per second of each round
   * @param gflops of the matrix products in those steps, per second
   * @param peakGflops of a product of two square matrices on the same backend
   * @param flopPerRow of matrix products, forward and backward
   * @param microsecondsPerStep of one step, with the copies to the host between steps
   * @param hostMicrosecondsPerStep the host's mean time in the calls that submit a step
   * @param ops the ops of a step, each run alone after the rounds; empty if that was not asked for
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Result(
      double rowsPerSecond,
      double[] rounds,
      double gflops,
      double peakGflops,
      double flopPerRow,
      double microsecondsPerStep,
      double hostMicrosecondsPerStep,
      List<OpTime> ops) {
    /**
     * The rate of the steps in percent of the machine's peak.
     *
     * @return percent
     */
    public double percentOfPeak() {
      return 100 * gflops / peakGflops;
    }
  }

  /**
   * Runs the benchmark.
   *
   * @param backend to measure
   * @param spec the model
   * @param config has the batch, the samples and the optimizer
   * @param steps per round; a few more if a round has several epochs, because the data must fit in
   *     memory
   * @param rounds number of measured rounds, at least 1
   * @param productSize rows and columns of the matrices of the product
   * @param eachOp whether to time each op of a step too
   * @return the medians
   */
  public static Result run(
      Backend backend,
      VaeSpec spec,
      TrainConfig config,
      int steps,
      int rounds,
      int productSize,
      boolean eachOp) {
    double[] speeds = new double[rounds];
    double[] peaks = new double[rounds];
    int epochSteps = Noise.steps(config.batch(), spec.features(), steps);
    int roundEpochs = (steps + epochSteps - 1) / epochSteps;
    Noise data =
        new Noise(Math.multiplyExact(config.batch(), epochSteps), spec.features(), spec.image());
    HostClock clock = new HostClock();
    List<OpTime> ops = new ArrayList<>();
    try (Products products = new Products(backend, productSize)) {
      products.measure();
      TrainListener listener =
          new TrainListener() {
            private double seconds;

            @Override
            public void onEpoch(EpochMetrics metrics, Supplier<TrainState> state) {
              seconds += metrics.seconds();
              if (metrics.epoch() % roundEpochs != 0) {
                return;
              }
              int round = metrics.epoch() / roundEpochs - 2;
              if (round < 0) {
                clock.reset();
              } else {
                speeds[round] = (double) data.rows() * roundEpochs / seconds;
                peaks[round] = products.measure();
              }
              if (eachOp && round == rounds - 1) {
                ops.addAll(new OpTimes(backend).of(clock.step()));
              }
              seconds = 0;
            }
          };
      TrainConfig timed = config.toBuilder().epochs((rounds + 1) * roundEpochs).build();
      Backend counted = clock.over(backend);
      try (Trainer trainer = new Trainer(counted, spec, timed, data, null, listener)) {
        trainer.run(() -> false);
      }
    }
    double flop = clock.step().stream().mapToLong(Op::products).sum() * 2.0 / config.batch();
    double speed = Quantiles.median(speeds);
    return new Result(
        speed,
        speeds,
        speed * flop / 1e9,
        Quantiles.median(peaks),
        flop,
        1e6 * config.batch() / speed,
        clock.microsecondsPerStep(),
        ops);
  }
}
