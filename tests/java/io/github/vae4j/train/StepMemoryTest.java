// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.Layers;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.tensor.Turn;
import io.github.vae4j.train.TrainConfig.Optimizer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The computed memory of a step equals the bytes that a backend allocates for it. */
final class StepMemoryTest {
  private static final int ROWS = 20;
  private static final int FEATURES = 6;

  private record Case(String name, VaeSpec spec, Objective objective, DataSet rows) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** A real backend whose memory is counted where it is asked for. */
  private static final class Counted implements Backend {
    private final Backend backend = new ReferenceBackend();
    private long bytes;

    @Override
    public String name() {
      return backend.name();
    }

    @Override
    public String description() {
      return backend.description();
    }

    @Override
    public Turn turn() {
      return backend.turn();
    }

    @Override
    public Buffer allocate(DType type, long length) {
      Buffer buffer = backend.allocate(type, length);
      bytes += buffer.memory().bytes();
      return buffer;
    }

    @Override
    public Program compile(List<Op> ops) {
      return backend.compile(ops);
    }

    @Override
    public void synchronize() {
      backend.synchronize();
    }

    @Override
    public int open() {
      return backend.open();
    }

    @Override
    public void close() {
      backend.close();
    }
  }

  private static VaeSpec.Builder small() {
    return VaeSpec.builder(FEATURES).hidden(8).latent(2).likelihood(Likelihoods.parse("gaussian"));
  }

  private static VaeSpec layers(String layers) {
    return small().layers(Layers.parse(layers, Activation.SILU)).build();
  }

  private static Matrix table() {
    Matrix x = Matrix.zeros(ROWS, FEATURES);
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] = (i * 37 % 11) / 10f;
    }
    return x;
  }

  private static Matrix withGaps() {
    Matrix x = table();
    x.values()[5] = Float.NaN;
    return x;
  }

  private static DataSet labelled() {
    int[] labels = new int[ROWS];
    Arrays.setAll(labels, row -> row % 3);
    return DataViews.labelled(DataSets.of(table()), labels);
  }

  private static DataSet weighted() {
    float[] weights = new float[ROWS];
    Arrays.fill(weights, 2);
    return DataViews.weighted(DataSets.of(table()), weights);
  }

  static List<Case> cases() {
    Objective elbo = Objective.elbo();
    Objective iwae = Objective.of(Objective.Bound.iwae(5));
    DataSet plain = DataSets.of(table());
    return List.of(
        new Case("plain", small().build(), elbo, plain),
        new Case("preactivations", small().activation(Activation.GELU).build(), elbo, plain),
        new Case("labels", small().condition(new Condition.Labels(3)).build(), elbo, labelled()),
        new Case(
            "covariates",
            small().condition(new Condition.Covariates(FEATURES)).build(),
            elbo,
            DataViews.given(DataSets.of(table()), DataSets.of(table()))),
        new Case("missing", small().build(), elbo, DataSets.ofMissing(withGaps())),
        new Case("weighted", small().build(), elbo, weighted()),
        new Case("iwae", small().build(), iwae, plain),
        new Case("weighted iwae", small().build(), iwae, weighted()),
        new Case("free bits", small().build(), elbo.withFreeBits(0.1), plain),
        new Case("penalties", small().build(), elbo.withPenalties(1, 2), plain),
        new Case("planar", small().posterior(Posterior.parse("planar:3")).build(), elbo, plain),
        new Case("full", small().posterior(Posterior.FULL).build(), elbo, plain),
        new Case("mixture", small().prior(Prior.parse("mog:3")).build(), elbo, plain),
        new Case("vamp", small().prior(Prior.parse("vamp:4")).build(), iwae, plain),
        new Case("top", small().top(3, 4).build(), iwae, plain),
        new Case("shared", small().likelihood(shared()).build(), elbo, plain),
        new Case("batch-norm", layers("8,norm"), elbo, plain),
        new Case("all layers", layers("layer-norm,8,norm,dropout:0.1"), iwae, plain));
  }

  private static Likelihood shared() {
    return Likelihoods.parse("gaussian-shared");
  }

  private static TrainConfig config(Objective objective) {
    return TrainConfig.builder()
        .batch(ROWS)
        .objective(objective)
        .optimizer(Optimizer.adam(1e-3))
        .emaDecay(0.9)
        .build();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isWhatIsAllocated(Case given) {
    TrainConfig config = config(given.objective());
    DataSet rows = given.rows();
    StepMemory said = StepMemory.of(given.spec(), config, rows.missing(), rows.weighted());
    try (Counted backend = new Counted()) {
      try (TrainingMemory memory =
          new TrainingMemory(backend, new ParameterLayout(given.spec()), true)) {
        assertEquals(backend.bytes, said.parameters());
        try (Supply supply = new Supply(backend, given.spec(), rows, ROWS, config.seed())) {
          long before = backend.bytes;
          try (TrainingStep step =
              new TrainingStep(backend, given.spec(), config, memory, supply, ROWS)) {
            assertEquals(backend.bytes - before, said.activations());
            supply.prepare(0, 0, ROWS);
            step.run(memory.control, 1);
            assertEquals(backend.bytes - before, said.activations(), "a run allocates nothing");
          }
        }
      }
      assertEquals(0, backend.open());
    }
  }

  /** 6-8-2-8-6 with relu: each tensor of the pass once, and its gradient but for x, kl and nll. */
  @Test
  void aPlainStepIsTheSumOfItsTensors() {
    StepMemory said = StepMemory.of(small().build(), config(Objective.elbo()), false, false);
    int outputs = small().build().likelihood().parameters(FEATURES);
    int forward = FEATURES + 8 + 2 * 2 + 2 + 1 + 8 + outputs + 1;
    int backward = 8 + 2 * 2 + 2 + 8 + outputs;
    assertEquals(4L * ROWS * (forward + backward), said.activations());
    assertEquals(said.parameters() + said.activations(), said.total());
  }

  /** A plan for a batch that no machine holds. */
  @Test
  void aLargeBatchIsPlannedWithoutItsMemory() {
    TrainConfig large = config(Objective.elbo()).toBuilder().batch(50_000_000).build();
    TrainConfig one = config(Objective.elbo()).toBuilder().batch(1).build();
    long said = StepMemory.of(small().build(), large, true, true).activations();
    assertEquals(50_000_000L * StepMemory.of(small().build(), one, true, true).activations(), said);
    assertTrue(said > 1L << 33);
  }
}
