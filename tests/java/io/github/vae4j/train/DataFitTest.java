// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.Thrown;
import io.github.vae4j.VaeException;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values outside the support of a likelihood are refused; the message names row and column. */
final class DataFitTest {
  private static void check(String likelihood, float... values) {
    int features = 3;
    Matrix x = Matrix.zeros(values.length / features, features);
    System.arraycopy(values, 0, x.values(), 0, values.length);
    VaeSpec spec = VaeSpec.builder(features).likelihood(Likelihoods.parse(likelihood)).build();
    DataFit.check(spec, DataSets.of(x));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bernoulli|1.5|values in [0, 1]",
        "poisson|-1|counts: 0, 1, 2, ...",
        "negative-binomial|0.5|counts: 0, 1, 2, ...",
        "multinomial|-0.5|counts: 0, 1, 2, ...",
        "categorical:levels=2|2|levels: whole numbers from 0 to 1",
        "discretized-logistic|0.3|multiples of 1/255 from 0 to 1",
        "composite:0-1=gaussian-learned;2=categorical:levels=2|2|levels: whole numbers from 0 to 1"
      })
  void theFirstMisfitIsNamed(String likelihood, float misfit, String support) {
    Thrown.says(
        VaeException.class,
        () -> check(likelihood, 0, 1, 0, 1, 1, misfit),
        "row 1, column 2 (counted from 0) is " + misfit,
        "likelihood " + likelihood,
        " takes " + support);
  }

  @Test
  void columnsOfACompositeAreCheckedByTheirOwnParts() {
    check("composite:0-1=gaussian;2=categorical:levels=3", -0.5f, 7.25f, 2, 0, -1, 1);
  }
}
