// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The registry and the text form. */
final class LikelihoodsTest {
  @Test
  void settingsHaveDefaults() {
    assertEquals(new Gaussian(1), Likelihoods.parse("gaussian"));
    assertEquals(new Gaussian(0.1), Likelihoods.parse("gaussian:sigma=0.1"));
    assertEquals(new Gaussian(0.1), Likelihoods.parse(" gaussian : sigma = 1e-1 "));
    assertEquals("gaussian:sigma=0.1", new Gaussian(0.1).toString());
    assertEquals("gaussian:sigma=1", new Gaussian(1).toString());
    assertEquals("bernoulli", Likelihoods.parse("bernoulli").toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gaussian:mu=1|likelihood \"gaussian:mu=1\": unknown setting \"mu\"; one of sigma",
        "bernoulli:p=1|likelihood \"bernoulli:p=1\": unknown setting \"p\"; it has no settings",
        "gaussian:|likelihood \"gaussian:\": unknown setting \"\"; one of sigma",
        "gaussian:sigma|likelihood \"gaussian:sigma\": setting \"sigma\" has no value;"
            + " write sigma=NUMBER",
        "gaussian:sigma=x|likelihood \"gaussian:sigma=x\": setting \"sigma\": expected a number,"
            + " given \"x\"",
        "gaussian:sigma=1,sigma=2|likelihood \"gaussian:sigma=1,sigma=2\": setting \"sigma\" is"
            + " given twice",
        "gaussian:sigma=-1|gaussian: sigma: expected a number above 0, given -1.0",
        "laplace:scale=0|laplace: scale: expected a number above 0, given 0.0",
        "student-t:nu=-2|student-t: nu: expected a number above 0, given -2.0",
        "categorical:levels=1|categorical: levels: expected 2 to 16777216, given 1",
        "categorical:levels=2.5|categorical: levels: expected a whole number, given 2.5",
        "categorical:levels=NaN|categorical: levels: expected a whole number, given NaN",
        "discretized-logistic:levels=1|discretized-logistic: levels: expected 2 to 65536, given 1",
        "discretized-logistic-mixture:components=0|discretized-logistic-mixture: components:"
            + " expected 1 to 256, given 0",
        "multinomial:total=0|multinomial: total: expected 1 or more, given 0"
      })
  void wrongTextSaysWhatIsWrong(String text, String message) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> Likelihoods.parse(text)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gausian", "", "Gaussian", "gaussian=1"})
  void unknownNamesAreAnsweredByThoseThereAre(String text) {
    String known =
        String.join(", ", Likelihoods.entries().stream().map(Likelihoods.Entry::name).toList());
    assertEquals(
        "unknown likelihood \"" + text + "\"; one of " + known,
        assertThrows(IllegalArgumentException.class, () -> Likelihoods.parse(text)).getMessage());
  }

  @Test
  void entriesAgreeWithTheirModels() {
    HashSet<String> names = new HashSet<>();
    for (Likelihoods.Entry entry : Likelihoods.entries()) {
      assertEquals(entry.name(), entry.standard().name());
      if (!(entry.standard() instanceof Composite)) {
        assertEquals(entry.standard(), Likelihoods.parse(entry.name()));
      }
      names.add(entry.name());
    }
    assertEquals(Likelihoods.entries().size(), names.size());
  }
}
