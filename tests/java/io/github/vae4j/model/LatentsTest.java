// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LatentsTest {
  @ParameterizedTest
  @ValueSource(strings = {"diagonal", "full", "planar:1", "planar:12"})
  void posteriorsAreReadAsTheyAreWritten(String text) {
    assertEquals(text, Posterior.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"standard", "mog:1", "vamp:500"})
  void priorsAreReadAsTheyAreWritten(String text) {
    assertEquals(text, Prior.parse(text).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "planar|expected diagonal, full or planar:LAYERS as in planar:8, given planar",
        "planar:|whole number after planar:, given planar:",
        "planar:1.5|whole number after planar:, given planar:1.5",
        "planar:0|planar: expected 1 layer or more, given 0",
        "Full|given Full",
      })
  void wrongPosteriorsAreNamed(String text, String problem) {
    Thrown.says(IllegalArgumentException.class, () -> Posterior.parse(text), "posterior", problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gaussian|expected standard, mog:COMPONENTS",
        "mog:-3|mog: expected 1 component or more, given -3",
        "vamp:99999999999|whole number after vamp:",
      })
  void wrongPriorsAreNamed(String text, String problem) {
    Thrown.says(IllegalArgumentException.class, () -> Prior.parse(text), "prior", problem);
  }

  @Test
  void familiesThatDoNotFitAreRefused() {
    Thrown.says(
        IllegalArgumentException.class,
        () -> new Latents(Posterior.FULL, Prior.parse("vamp:3"), null),
        "prior vamp:3: expected posterior diagonal",
        "given full");
    TopLevel top = new TopLevel(List.of(), 2, List.of());
    Thrown.says(
        IllegalArgumentException.class,
        () -> new Latents(Posterior.DIAGONAL, Prior.parse("mog:2"), top),
        "prior: expected standard, as the layer above gives z its prior, given mog:2");
    Thrown.says(
        IllegalArgumentException.class,
        () -> VaeSpec.builder(3).top(0, 10).build(),
        "top: expected 1 latent dimension or more, given 0");
    assertTrue(Latents.STANDARD.closedForm());
    assertFalse(Latents.STANDARD.withTop(top).closedForm());
  }

  /** Means of variance 3/4 and components of variance 1/4: together, the standard normal's. */
  @Test
  void aMixtureStartsWithTheMomentsOfTheStandardNormal() {
    VaeSpec spec = VaeSpec.builder(3).latent(4).prior(Prior.parse("mog:2000")).build();
    ParameterLayout layout = new ParameterLayout(spec);
    float[] weights = InitialWeights.draw(layout, Initializer.PYTORCH, 3);
    ParameterLayout.Place place = layout.place(ParameterLayout.COMPONENTS);
    double sum = 0;
    double squares = 0;
    for (int k = 0; k < 2000; k++) {
      for (int j = 0; j < 4; j++) {
        double mean = weights[place.offset() + k * 8 + j];
        sum += mean;
        squares += mean * mean + Math.exp(weights[place.offset() + k * 8 + 4 + j]);
      }
    }
    assertEquals(0, sum / 8000, 0.05);
    assertEquals(1, squares / 8000, 0.05);
    assertEquals(
        Philox.normal(3, Stream.INITIALIZE, 8, 0, 0) * Math.sqrt(0.75),
        weights[place.offset()],
        1e-6);
  }

  /** Parameters of the default families have the same places. */
  @Test
  void otherFamiliesOnlyAddParameters() {
    ParameterLayout standard = new ParameterLayout(VaeSpec.builder(7).hidden(5).latent(3).build());
    for (String prior : List.of("mog:4", "vamp:2")) {
      ParameterLayout other =
          new ParameterLayout(
              VaeSpec.builder(7).hidden(5).latent(3).prior(Prior.parse(prior)).build());
      assertEquals(standard.places(), other.places().subList(0, standard.places().size()));
      assertTrue(other.parameters() > standard.parameters());
    }
    ParameterLayout two =
        new ParameterLayout(VaeSpec.builder(7).hidden(5).latent(3).top(2, 6).build());
    assertEquals(standard.places(), two.places().subList(0, standard.places().size()));
    assertEquals(standard.decoder(), two.decoder());
    assertEquals(
        List.of("top.encoder.0", "top.posterior"),
        two.topEncoder().layers().stream().map(Net.Placed::name).toList());
    assertEquals(6, two.topDecoder().layers().get(1).output().size());
  }
}
