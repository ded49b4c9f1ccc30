package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.InitialWeights;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.TrainConfig.Objective;
import io.github.vae4j.train.TrainConfig.Optimizer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gradient of a whole step against finite differences of its loss, with the noise fixed. */
class TrainingStepTest {
  private static final double BETA = 0.7;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bernoulli",
        "gaussian:sigma=0.5",
        "gaussian-learned",
        "gaussian-shared",
        "gaussian-optimal",
        "composite:0=continuous-bernoulli;1-=student-t"
      })
  void gradientIsThatOfTheLoss(String likelihood) {
    VaeSpec spec =
        VaeSpec.builder(5)
            .hidden(4, 3)
            .latent(2)
            .activation(Activation.SILU)
            .likelihood(Likelihoods.parse(likelihood))
            .build();
    TrainConfig config =
        TrainConfig.builder()
            .batch(4)
            .objective(new Objective(3, BETA, 0, 0))
            .optimizer(Optimizer.adam(0))
            .seed(11)
            .build();
    Matrix x = Matrix.zeros(4, 5);
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] = (i * 37 % 11) / 10f;
    }
    ParameterLayout layout = new ParameterLayout(spec);
    try (Backend backend =
            Backends.open(new BackendOptions(BackendOptions.Kind.REFERENCE, 1, Precision.FP32));
        DataSet data = DataSets.of(x)) {
      Ops ops = new Ops(backend);
      try (TrainingMemory memory = new TrainingMemory(ops, layout, false);
          Feed feed = new Feed(ops, data, 4, config.seed());
          TrainingStep step = new TrainingStep(ops, spec, layout, config, memory, feed, 4)) {
        memory.control.set(Control.BETA, BETA);
        float[] weights = InitialWeights.draw(layout, spec.initializer(), 3);
        loss(memory, step, weights);
        float[] gradient = memory.gradients.toFloats();
        int checked = 0;
        for (ParameterLayout.DenseParameters place : layout.layers()) {
          for (int i = 0; i < place.inputs() * place.outputs(); i += 3) {
            check(memory, step, weights, gradient, place.weightOffset() + i);
            checked++;
          }
          for (int o = 0; o < place.outputs(); o++) {
            check(memory, step, weights, gradient, place.biasOffset() + o);
          }
        }
        for (int i = 0; i < layout.shared(); i++) {
          check(memory, step, weights, gradient, layout.sharedOffset() + i);
        }
        assertTrue(checked > 20);
      }
      assertEquals(0, backend.open());
    }
  }

  private static void check(
      TrainingMemory memory, TrainingStep step, float[] weights, float[] gradient, int at) {
    float kept = weights[at];
    float up = kept + 1e-2f;
    float down = kept - 1e-2f;
    weights[at] = up;
    double above = loss(memory, step, weights);
    weights[at] = down;
    double below = loss(memory, step, weights);
    weights[at] = kept;
    double difference = (above - below) / (up - down);
    assertEquals(difference, gradient[at], 2e-3 * (1 + Math.abs(difference)), "weight " + at);
  }

  private static double loss(TrainingMemory memory, TrainingStep step, float[] weights) {
    memory.parameters.write(weights);
    step.run(memory.control, 1);
    double[] ring = memory.ring.toDoubles();
    return ring[0] + BETA * ring[1];
  }
}
