// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.sampler.GaussianMixture;
import io.github.vae4j.sampler.LatentSampler;
import io.github.vae4j.sampler.MixtureConfig;
import io.github.vae4j.tensor.Matrix;
import org.junit.jupiter.api.Test;

class SamplingTest {
  @Test
  void eachSetterChangesOneThing() {
    Matrix codes = new Matrix(4, 1, new float[] {0, 1, 2, 4});
    LatentSampler mixture = GaussianMixture.fit(codes, MixtureConfig.of(1, 0)).mixture();
    Sampling usual = Sampling.of(3);
    assertEquals(new Sampling(3, null, null, 0, 1, false), usual);
    assertEquals(new Sampling(3, null, null, 9, 1, false), usual.seed(9));
    assertEquals(new Sampling(3, null, null, 0, 0.5, false), usual.temperature(0.5));
    assertEquals(new Sampling(3, null, null, 0, 1, true), usual.drawn(true));
    assertEquals(new Sampling(3, null, mixture, 0, 1, false), usual.sampler(mixture));
  }

  @Test
  void conditionsSayHowManyRows() {
    Matrix conditions = Matrix.zeros(2, 3);
    Sampling given = Sampling.given(conditions);
    assertEquals(new Sampling(2, conditions, null, 0, 1, false), given);
    assertEquals(conditions, given.seed(1).temperature(2).drawn(true).conditions());
    Thrown.says(
        IllegalArgumentException.class,
        () -> new Sampling(3, conditions, null, 0, 1, false),
        "conditions",
        "3 rows",
        "given 2");
  }

  @Test
  void badSettingsAreNamed() {
    Thrown.says(IllegalArgumentException.class, () -> Sampling.of(0), "rows", "given 0");
    Thrown.says(
        IllegalArgumentException.class,
        () -> Sampling.of(1).temperature(Double.POSITIVE_INFINITY),
        "temperature",
        "Infinity");
    Thrown.says(
        IllegalArgumentException.class, () -> Sampling.of(1).temperature(-1), "temperature", "-1");
  }
}
