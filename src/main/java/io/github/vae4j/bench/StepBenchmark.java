// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.bench;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.model.Net;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.EpochMetrics;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.TrainState;
import io.github.vae4j.train.Trainer;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Measures training steps on made-up data, with a matrix product timed between any two rounds so
 * that both see the same machine. The first round warms up and does not count.
 */
public final class StepBenchmark {
  private StepBenchmark() {}

  /**
   * What was measured; medians over rounds.
   *
   * @param rowsPerSecond rows trained per second
   * @param rounds each round's rows per second
   * @param gflops of the matrix products in those steps, per second
   * @param peakGflops of a product of two square matrices on the same backend
   * @param flopPerRow of matrix products, forward and backward
   * @param microsecondsPerStep of one step, what is read back between steps included
   * @param hostMicrosecondsPerStep how long the calls that submit a step keep the host; a mean
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Result(
      double rowsPerSecond,
      double[] rounds,
      double gflops,
      double peakGflops,
      double flopPerRow,
      double microsecondsPerStep,
      double hostMicrosecondsPerStep) {
    /**
     * The share of the machine's peak that the steps reached.
     *
     * @return percent
     */
    public double percentOfPeak() {
      return 100 * gflops / peakGflops;
    }
  }

  /**
   * Measures.
   *
   * @param backend where
   * @param spec the model
   * @param config its batch, samples and optimizer are used
   * @param steps per round; a few more where a round is several epochs of data that fit in memory
   * @param rounds measured, at least 1
   * @param productSize rows and columns of the matrices of the product beside the steps
   * @return the medians
   */
  public static Result run(
      Backend backend, VaeSpec spec, TrainConfig config, int steps, int rounds, int productSize) {
    double[] speeds = new double[rounds];
    double[] peaks = new double[rounds];
    int epochSteps = Noise.steps(config.batch(), spec.features(), steps);
    int roundEpochs = (steps + epochSteps - 1) / epochSteps;
    Noise data = new Noise(Math.multiplyExact(config.batch(), epochSteps), spec.features());
    HostClock clock = new HostClock();
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
              seconds = 0;
            }
          };
      TrainConfig timed = config.toBuilder().epochs((rounds + 1) * roundEpochs).build();
      Backend counted = clock.over(backend);
      try (Trainer trainer = new Trainer(counted, spec, timed, data, null, listener)) {
        trainer.run(() -> false);
      }
    }
    double flop = flopPerRow(spec, config.objective().bound().rowSamples());
    double speed = median(speeds);
    return new Result(
        speed,
        speeds,
        speed * flop / 1e9,
        median(peaks),
        flop,
        1e6 * config.batch() / speed,
        clock.microsecondsPerStep());
  }

  /** Forward, weight gradient and data gradient of each layer; the first needs no data gradient. */
  private static double flopPerRow(VaeSpec spec, int samples) {
    ParameterLayout layout = new ParameterLayout(spec);
    boolean firstIsDense = layout.encoder().layers().get(0).layer().activation() != null;
    double encoder = 0;
    for (double products : products(layout.encoder())) {
      encoder += encoder == 0 && firstIsDense ? 4 * products : 6 * products;
    }
    double decoder = 0;
    for (double products : products(layout.decoder())) {
      decoder += 6 * products;
    }
    return encoder + samples * decoder;
  }

  /** Multiplications of a row in each dense layer. */
  private static double[] products(Net net) {
    return net.layers().stream()
        .filter(placed -> placed.layer().activation() != null)
        .mapToDouble(placed -> (double) placed.input().size() * placed.output().size())
        .toArray();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
