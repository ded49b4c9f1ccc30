// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.Thrown;
import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.likelihood.Composite;
import io.github.vae4j.likelihood.FeatureLikelihood;
import io.github.vae4j.likelihood.Gaussian;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.likelihood.Poisson;
import io.github.vae4j.tensor.Arena;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A user's likelihood has no kernel; planning refuses it. */
@Tag("cuda")
@ExtendWith(EmulatedDevice.class)
final class LikelihoodRefusalTest {
  /** A Gaussian with another name. */
  private record Own(Gaussian gaussian) implements FeatureLikelihood {
    @Override
    public String name() {
      return "own";
    }

    @Override
    public int parametersPerFeature() {
      return gaussian.parametersPerFeature();
    }

    @Override
    public boolean isDensity() {
      return gaussian.isDensity();
    }

    @Override
    public String support() {
      return gaussian.support();
    }

    @Override
    public boolean supports(double x) {
      return gaussian.supports(x);
    }

    @Override
    public double featureNll(double[] parameters, double x, double[] gradient) {
      return gaussian.featureNll(parameters, x, gradient);
    }

    @Override
    public double featureMean(double[] parameters) {
      return gaussian.featureMean(parameters);
    }

    @Override
    public double featureSample(double[] parameters, RandomGenerator random) {
      return gaussian.featureSample(parameters, random);
    }

    @Override
    public String toString() {
      return name();
    }
  }

  @Test
  void allThatAreRegisteredHaveKernels() {
    assertEquals(
        List.of(),
        Likelihoods.all().stream()
            .flatMap(likelihood -> likelihood.blocks(3).stream())
            .filter(block -> !LikelihoodPlans.hasKernel(block.likelihood()))
            .toList());
  }

  @Test
  void othersAreRefusedAloneAndAsAPart() {
    Likelihood own = new Own(new Gaussian(1));
    Likelihood part =
        new Composite(
            List.of(new Composite.Part(0, 0, new Poisson()), new Composite.Part(1, 2, own)));
    for (Likelihood likelihood : List.of(own, part)) {
      try (Backend backend = CudaBackend.open(Precision.FP32);
          Arena arena = new Arena()) {
        LikelihoodLoss op =
            new LikelihoodLoss(
                likelihood,
                backend.tensor(arena, 2, 1, 3),
                null,
                backend.tensor(arena, 2, 3),
                null,
                null,
                backend.tensor(arena, 2, 1),
                null,
                null,
                1);
        Thrown.says(
            VaeException.class,
            () -> backend.compile(List.of(op)),
            "the cuda backend has no kernel for likelihood own; use BackendOptions.kind reference");
      }
    }
  }
}
