// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.cpu.CpuBackend;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.InitialWeights;
import io.github.vae4j.model.Initializer;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Scores of rows: the same bits for equal rows in every pass, on every backend the same score. */
final class RowScorerTest {
  private static final int FEATURES = 11;
  private static final int KINDS = 5;
  private static final int ROWS = 70;
  private static final int SAMPLES = 64;
  private static final long SEED = 9;

  private static VaeSpec.Builder small() {
    return VaeSpec.builder(FEATURES).hidden(7).latent(3).activation(Activation.TANH);
  }

  private static List<VaeSpec> specs() {
    return List.of(
        small().build(),
        small().posterior(Posterior.parse("planar:2")).build(),
        small().posterior(Posterior.FULL).build(),
        small().prior(Prior.parse("mog:3")).build(),
        small().prior(Prior.parse("vamp:2")).build(),
        small().top(3, 4).build(),
        small()
            .likelihood(
                Likelihoods.parse(
                    "composite:0-1=student-t:nu=4;2=poisson;3-5=multinomial:total=1;"
                        + "6-9=gaussian-shared;10=categorical:levels=2"))
            .build());
  }

  /** Rows of a few kinds, in no order: row i is of kind {@code i * i % KINDS}. */
  private static DataSet rows() {
    Random random = new Random(4);
    Matrix kinds = Matrix.zeros(KINDS, FEATURES);
    for (int i = 0; i < KINDS; i++) {
      for (int d = 0; d < FEATURES; d++) {
        kinds.values()[i * FEATURES + d] = random.nextInt(2);
      }
      Arrays.fill(kinds.values(), i * FEATURES + 3, i * FEATURES + 6, 0);
      kinds.values()[i * FEATURES + 3 + i % 3] = 1;
    }
    Matrix x = Matrix.zeros(ROWS, FEATURES);
    for (int row = 0; row < ROWS; row++) {
      System.arraycopy(kinds.values(), kind(row) * FEATURES, x.values(), row * FEATURES, FEATURES);
    }
    return DataSets.of(x);
  }

  private static int kind(int row) {
    return row * row % KINDS;
  }

  private static float[] weights(ParameterLayout layout) {
    float[] weights = InitialWeights.draw(layout, Initializer.PYTORCH, 5);
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= 2;
    }
    return weights;
  }

  /** The score of each kind, after it was found to be the same in passes of all sizes. */
  private static List<RowScorer.Score> scores(Backend backend, VaeSpec spec) {
    ParameterLayout layout = new ParameterLayout(spec);
    try (Arena arena = new Arena();
        DataSet rows = rows()) {
      Buffer all = backend.tensor(arena, layout.length()).buffer();
      all.write(weights(layout));
      Parameters parameters = Parameters.of(layout, all);
      RowScorer scorer = arena.own(new RowScorer(backend, spec, parameters, rows, SAMPLES, SEED));
      List<RowScorer.Score> alone = new ArrayList<>();
      for (int row = 0; row < ROWS; row++) {
        alone.add(scorer.score(row));
      }
      for (int count : new int[] {1, 2, 3, 16, 31, 32, 33, ROWS - 3}) {
        for (int first : new int[] {0, 3}) {
          List<RowScorer.Score> found = scorer.score(first, count);
          for (int i = 0; i < count; i++) {
            String place = spec + " on " + backend.name() + ", row " + i + " of " + count;
            assertEquals(alone.get(first + i), found.get(i), place);
          }
        }
      }
      List<RowScorer.Score> kinds = new ArrayList<>();
      for (int kind = 0; kind < KINDS; kind++) {
        kinds.add(null);
      }
      for (int row = 0; row < ROWS; row++) {
        RowScorer.Score before = kinds.set(kind(row), alone.get(row));
        assertEquals(before == null ? alone.get(row) : before, alone.get(row));
      }
      return kinds;
    }
  }

  @Test
  void equalRowsHaveEqualScoresInEveryPassAndOnEveryBackend() {
    try (Backend reference = new ReferenceBackend();
        Backend one = CpuBackend.open(1, Precision.FP32);
        Backend two = CpuBackend.open(2, Precision.FP32)) {
      for (VaeSpec spec : specs()) {
        List<RowScorer.Score> expected = scores(reference, spec);
        List<RowScorer.Score> found = scores(one, spec);
        assertEquals(found, scores(two, spec), spec.toString());
        for (int kind = 0; kind < KINDS; kind++) {
          RowScorer.Score want = expected.get(kind);
          if (want == null) {
            continue;
          }
          String name = spec + ", kind " + kind;
          assertEquals(want.reconstruction(), found.get(kind).reconstruction(), 1e-4, name);
          assertEquals(want.kl(), found.get(kind).kl(), 1e-4, name);
          assertEquals(want.error(), found.get(kind).error(), 1e-4, name);
          assertEquals(want.logLikelihood(), found.get(kind).logLikelihood(), 1e-4, name);
        }
      }
    }
  }

  @Test
  void theScoreOfARowIsTheBoundOfTheRowAlone() {
    try (Backend backend = new ReferenceBackend();
        Arena arena = new Arena();
        DataSet rows = rows()) {
      for (VaeSpec spec : specs()) {
        ParameterLayout layout = new ParameterLayout(spec);
        Buffer all = backend.tensor(arena, layout.length()).buffer();
        all.write(weights(layout));
        Parameters parameters = Parameters.of(layout, all);
        try (RowScorer scorer = new RowScorer(backend, spec, parameters, rows, SAMPLES, SEED);
            Evaluator evaluator = new Evaluator(backend, spec, parameters);
            DataSet third = DataSets.rows(rows, new int[] {2})) {
          Evaluation bound = evaluator.evaluate(third, SAMPLES, SEED);
          RowScorer.Score score = scorer.score(0, 7).get(2);
          assertEquals(bound.elbo(), score.elbo(), 1e-9, spec.toString());
          assertEquals(bound.kl(), score.kl(), 1e-9, spec.toString());
          double sum = Arrays.stream(scorer.weights(2)).sum();
          assertEquals(1, sum, 1e-12);
          assertThrows(IllegalArgumentException.class, () -> scorer.outputs(7));
        }
      }
    }
  }
}
