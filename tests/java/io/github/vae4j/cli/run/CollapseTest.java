// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.data.ImageShape;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.VaeSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The remedies of a collapse are those of the model's rows. */
final class CollapseTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | bernoulli           | 20 | scale the columns to mean 0 and standard deviation 1, or take"
            + " a smaller decoder",
        "0 | gaussian-learned    | 20 | scale the columns to mean 0 and standard deviation 1, or take"
            + " a smaller decoder",
        "8 | bernoulli           | 20 | fewer dimensions (--latent 10), or a smaller --decoder",
        "8 | bernoulli           |  2 | or a smaller --decoder",
        "8 | gaussian-shared     | 32 | a small fixed variance (--likelihood gaussian:sigma=0.1),"
            + " fewer dimensions (--latent 16), or a smaller --decoder",
        "8 | gaussian:sigma=1    |  2 | a small fixed variance (--likelihood gaussian:sigma=0.1), or a"
            + " smaller --decoder",
        "8 | gaussian:sigma=0.1  |  2 | or a smaller --decoder",
      })
  void theRemediesFitTheModel(int side, String likelihood, int latent, String remedies) {
    VaeSpec model =
        VaeSpec.builder(64)
            .image(side == 0 ? null : new ImageShape(side, side, 1))
            .likelihood(Likelihoods.parse(likelihood))
            .latent(latent)
            .build();
    assertEquals(
        "warning: 0 of "
            + latent
            + " latent dimensions are active: the codes say nothing of their rows (posterior"
            + " collapse). Try --kl-warmup 10, --free-bits 0.1 or a lower --beta, "
            + remedies,
        Collapse.remark(model));
  }
}
