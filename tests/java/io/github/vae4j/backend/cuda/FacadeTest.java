// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.Sampling;
import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.infer.AnnealOptions;
import io.github.vae4j.infer.Codes;
import io.github.vae4j.infer.LogLikelihood;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** The methods of a model give the same results on the device as on the CPU. */
@Tag("cuda")
@ExtendWith(EmulatedDevice.class)
final class FacadeTest {
  private static final float TOLERANCE = 1e-4f;
  private static final int WIDTH = 33;

  @TestFactory
  Stream<DynamicTest> answersAsTheCpuDoes() {
    return Likelihoods.all().stream()
        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> compare(each)));
  }

  private static void compare(Likelihood likelihood) {
    VaeSpec spec = VaeSpec.builder(WIDTH).hidden(20).latent(4).likelihood(likelihood).build();
    try (DataSet few = DataSets.of(zerosAndOnes());
        Vae cpu = Vae.create(spec, new BackendOptions(Kind.CPU, 0, Precision.FP32), 5);
        Vae cuda = Vae.create(spec, new BackendOptions(Kind.CUDA, 0, Precision.FP32), 5)) {
      assertClose(cpu, cuda, vae -> vae.evaluate(few, 3, 7).elbo());
      assertClose(cpu, cuda, vae -> vae.evaluate(few, 3, 7).kl());
      assertClose(cpu, cuda, vae -> vae.measure().logLikelihood(few, 70, 7).mean());
      assertClose(cpu, cuda, vae -> vae.measure().logLikelihood(few, 70, 7).standardError());
      LogLikelihood estimate = cuda.measure().logLikelihood(few, 70, 7);
      assertEquals(30, estimate.rows());
      assertClose(cpu, cuda, vae -> annealed(vae, few));
      assertScores(cpu.score(few, 2, 7).elbo(), cuda.score(few, 2, 7).elbo());
      Codes expected = cpu.encode(few);
      Codes actual = cuda.encode(few);
      assertArrayEquals(expected.mean().values(), actual.mean().values(), TOLERANCE);
      assertArrayEquals(expected.logvar().values(), actual.logvar().values(), TOLERANCE);
      assertArrayEquals(cpu.reconstruct(few).values(), cuda.reconstruct(few).values(), TOLERANCE);
      assertArrayEquals(
          cpu.sample(Sampling.of(5).seed(3)).values(),
          cuda.sample(Sampling.of(5).seed(3)).values(),
          TOLERANCE);
    }
  }

  private static double annealed(Vae vae, DataSet rows) {
    try (DataSet two = DataSets.head(rows, 2)) {
      return vae.measure().annealedLogLikelihood(two, new AnnealOptions(2, 3, 1), 7).mean();
    }
  }

  /** Values that every likelihood accepts. */
  private static Matrix zerosAndOnes() {
    Random random = new Random(1);
    Matrix x = Matrix.zeros(30, WIDTH);
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] = random.nextInt(2);
    }
    return x;
  }

  private static void assertClose(Vae cpu, Vae cuda, Function<Vae, Double> question) {
    double expected = question.apply(cpu);
    assertEquals(expected, question.apply(cuda), 1e-4 * Math.abs(expected) + 1e-6);
  }

  private static void assertScores(double[] expected, double[] actual) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 1e-4 * Math.abs(expected[i]));
    }
  }
}
