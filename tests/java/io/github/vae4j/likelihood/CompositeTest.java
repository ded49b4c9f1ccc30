// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompositeTest {
  private static final String TEXT =
      "composite:0-1=gaussian-shared;2=categorical:levels=3;3-5=multinomial:total=4;"
          + "6-=gaussian-learned";

  private final Likelihood model = Likelihoods.parse(TEXT);

  @Test
  void textIsWhatItIsParsedFrom() {
    assertEquals(TEXT, model.toString());
    assertEquals(
        model,
        Likelihoods.parse(
            "composite: 6- = gaussian-learned; 2 = categorical : levels = 3;"
                + " 3 - 5 = multinomial:total=4; 0-1 = gaussian-shared"));
  }

  @Test
  void outputsAndSharedParametersLiePartByPart() {
    List<Block> blocks = model.blocks(8);
    assertEquals(
        List.of(
            new Block(new GaussianShared(), 0, 2, 0, 0),
            new Block(new Categorical(3), 2, 1, 2, 1),
            new Block(new Multinomial(4), 3, 3, 5, 1),
            new Block(new GaussianLearned(), 6, 2, 8, 1)),
        blocks);
    assertEquals(12, model.parameters(8));
    assertEquals(1, model.shared(8));
    assertEquals(8, model.parameters(6), "an open part may be empty");
  }

  /** Each part has the same results as alone, also with missing values. */
  @Test
  void isTheSumOfItsParts() {
    Random random = new Random(3);
    double[] parameters = Models.normal(random, 13, 1);
    double[] x = new double[8];
    model.sample(parameters, random, x);
    boolean[] observed = {true, false, true, true, false, true, true, false};
    double[] gradient = new double[13];
    double nll = model.negativeLogLikelihood(parameters, x, observed, gradient);
    double[] mean = new double[8];
    model.mean(parameters, mean);

    double sum = 0;
    for (Block block : model.blocks(8)) {
      int count = block.parameters();
      double[] own = new double[count + block.sharedCount()];
      double[] ownX = new double[block.columns()];
      boolean[] ownObserved = new boolean[block.columns()];
      for (int k = 0; k < own.length; k++) {
        own[k] = parameters[k < count ? block.parameter() + k : 12];
      }
      for (int d = 0; d < ownX.length; d++) {
        ownX[d] = x[block.column() + d];
        ownObserved[d] = observed[block.column() + d];
      }
      double[] ownGradient = new double[own.length];
      sum += block.likelihood().negativeLogLikelihood(own, ownX, ownObserved, ownGradient);
      for (int k = 0; k < own.length; k++) {
        assertEquals(ownGradient[k], gradient[k < count ? block.parameter() + k : 12]);
      }
      double[] ownMean = new double[ownX.length];
      block.likelihood().mean(own, ownMean);
      for (int d = 0; d < ownX.length; d++) {
        assertEquals(ownMean[d], mean[block.column() + d]);
        assertTrue(model.supports(block.column() + d, ownX[d]));
      }
    }
    assertEquals(sum, nll, 1e-12);
  }

  @Test
  void supportIsThatOfTheColumn() {
    assertTrue(model.supports(1, -0.5));
    assertFalse(model.supports(2, -0.5));
    assertTrue(model.supports(2, 2));
    assertFalse(model.supports(2, 3));
    assertTrue(model.supports(5, 3));
    assertTrue(model.supports(600, -0.5));
    assertEquals("levels: whole numbers from 0 to 2", model.support(2));
    assertEquals("finite values", model.support(0));
    assertTrue(model.isDensity());
    assertFalse(Likelihoods.parse("composite:0=poisson;1=bernoulli").isDensity());
    Likelihood closed = Likelihoods.parse("composite:0=poisson;1=bernoulli");
    assertFalse(closed.supports(2, 1));
    assertFalse(closed.isLikelihoodAt(1, 0.5));
    assertTrue(closed.supports(1, 0.5));
  }

  @Test
  void rowsOfAnotherLengthAreRefused() {
    Likelihood closed = Likelihoods.parse("composite:0-3=poisson;4=bernoulli");
    assertEquals(5, closed.parameters(5));
    assertEquals(
        "composite: expected rows of 5 columns, given 6",
        assertThrows(IllegalArgumentException.class, () -> closed.parameters(6)).getMessage());
    assertEquals(
        "composite: expected rows of 6 or more columns, given 5",
        assertThrows(IllegalArgumentException.class, () -> model.parameters(5)).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "composite|composite: expected a part or more, given none",
        "composite:|composite: expected a part or more, given none",
        "composite:1-=poisson|composite: column 0 has no likelihood",
        "composite:0=poisson;2=bernoulli|composite: column 1 has no likelihood",
        "composite:0-3=poisson;3=bernoulli|composite: column 3 has two likelihoods",
        "composite:0-=poisson;5=bernoulli|composite: column 5 has two likelihoods",
        "composite:0-3=poisson;5-4=bernoulli|composite: a part's last column comes before its"
            + " first, given 5-4=bernoulli",
        "composite:0=composite:0=poisson|composite: a part cannot be composite itself, given"
            + " 0=composite:0=poisson",
        "composite:0-3|composite: expected parts such as 0-9=gaussian;10=poisson;11-=bernoulli,"
            + " given \"0-3\"",
        "composite:a=poisson|composite: expected parts such as"
            + " 0-9=gaussian;10=poisson;11-=bernoulli, given \"a=poisson\"",
        "composite:0=poisson;|composite: expected parts such as"
            + " 0-9=gaussian;10=poisson;11-=bernoulli, given \"\"",
        "composite:0=gaussian:sigma=0|gaussian: sigma: expected a number above 0, given 0.0"
      })
  void wrongTextSaysWhatIsWrong(String text, String message) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> Likelihoods.parse(text)).getMessage());
  }

  @Test
  void unknownPartsAreNamed() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Likelihoods.parse("composite:0=poison"))
            .toString();
    assertTrue(message.contains("unknown likelihood \"poison\"; one of "), message);
  }

  @Test
  void aSinglePartIsItsModel() {
    double[] gradient = new double[2];
    double[] expected = new double[2];
    double nll =
        Likelihoods.parse("composite:0-1=poisson")
            .negativeLogLikelihood(new double[] {0.2, 1}, new double[] {3, 0}, gradient);
    assertEquals(
        new Poisson().negativeLogLikelihood(new double[] {0.2, 1}, new double[] {3, 0}, expected),
        nll);
    assertArrayEquals(expected, gradient);
  }
}
