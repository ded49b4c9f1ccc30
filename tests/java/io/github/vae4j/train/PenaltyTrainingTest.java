// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.InitialWeights;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.TrainConfig.Optimizer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The effect of penalties: q(z) after the same steps with and without them. */
final class PenaltyTrainingTest {
  private static final int ROWS = 64;
  private static final int STEPS = 150;

  private static final VaeSpec SPEC =
      VaeSpec.builder(4)
          .hidden(8)
          .latent(2)
          .likelihood(Likelihoods.parse("gaussian:sigma=0.2"))
          .build();

  /** Four columns that two correlated factors make. */
  private static DataSet data() {
    Random random = new Random(5);
    Matrix x = Matrix.zeros(ROWS, 4);
    for (int i = 0; i < ROWS; i++) {
      double first = random.nextGaussian();
      double second = 0.9 * first + 0.45 * random.nextGaussian();
      for (int d = 0; d < 4; d++) {
        x.values()[4 * i + d] = (float) ((d < 2 ? first : second) + 0.1 * random.nextGaussian());
      }
    }
    return DataSets.of(x);
  }

  private static TrainConfig config(double beta, double mmd, double totalCorrelation) {
    return TrainConfig.builder()
        .batch(ROWS)
        .objective(
            Objective.elbo()
                .withBeta(beta, Objective.Warmup.NONE)
                .withPenalties(mmd, totalCorrelation))
        .optimizer(Optimizer.adam(1e-2))
        .seed(11)
        .build();
  }

  /** Trains with one objective, then measures its q(z) with another, over new noise. */
  private static double measured(TrainConfig training, TrainConfig measure) {
    ParameterLayout layout = new ParameterLayout(SPEC);
    try (Backend backend =
            Backends.open(new BackendOptions(BackendOptions.Kind.REFERENCE, 1, Precision.FP32));
        DataSet data = data()) {
      try (TrainingMemory memory = new TrainingMemory(backend, layout, false);
          Supply feed = new Supply(backend, SPEC, data, ROWS, 11);
          TrainingStep step = new TrainingStep(backend, SPEC, training, memory, feed, ROWS);
          TrainingStep last = new TrainingStep(backend, SPEC, measure, memory, feed, ROWS)) {
        memory.all.write(InitialWeights.draw(layout, SPEC.initializer(), 3));
        double beta = training.objective().beta();
        for (int i = 0; i < STEPS; i++) {
          run(memory, step, i, 1e-2, beta);
        }
        double sum = 0;
        for (int i = 0; i < 10; i++) {
          sum += run(memory, last, STEPS + i, 0, beta);
        }
        return sum / 10;
      }
    }
  }

  /** One step; its penalty. */
  private static double run(
      TrainingMemory memory, TrainingStep step, int number, double learningRate, double beta) {
    memory
        .control
        .set(Control.STEP, number)
        .set(Control.LEARNING_RATE, learningRate)
        .set(Control.BETA, beta)
        .upload();
    step.run(memory.control, 1);
    double[] ring = memory.ring.toDoubles();
    int slot = number % TrainingMemory.SLOTS * 6;
    assertEquals(1, ring[slot + 3], "the step is finite");
    return ring[slot + 5];
  }

  /** A Wasserstein autoencoder: without the KL, only the discrepancy draws codes to the prior. */
  @Test
  void theDiscrepancyDrawsCodesToThePrior() {
    TrainConfig measure = config(0, 1, 0);
    double without = measured(config(0, 0, 0), measure);
    double with = measured(config(0, 200, 0), measure);
    assertTrue(with < without / 4, "mmd " + with + " with, " + without + " without the penalty");
  }

  @Test
  void theTotalCorrelationMakesCodesIndependent() {
    TrainConfig measure = config(0.1, 0, 1);
    double without = measured(config(0.1, 0, 0), measure);
    double with = measured(config(0.1, 0, 20), measure);
    assertTrue(with < without / 4, "tc " + with + " with, " + without + " without the penalty");
  }
}
