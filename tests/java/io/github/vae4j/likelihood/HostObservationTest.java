// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.HostProgram;
import io.github.vae4j.random.Draws;
import io.github.vae4j.random.Stream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Means and draws of each registered likelihood have the same bits in native/src/model. */
final class HostObservationTest {
  private static final int INVALID_ARGUMENT = 1;
  private static final int UNSUPPORTED = 4;
  private static final int FEATURES = 6;
  private static final int ROWS = 200;

  private static final double[] EXTREMES = {
    0, -0.0, 1e-300, 0.01, -0.01, 20, 20.5, -30, -31, 50, -50, 700, -700, 1e5, -1e5, 1e30, -1e30
  };

  /** Further settings; the test also has all that the registry lists. */
  private static final List<String> OTHERS =
      List.of(
          "gaussian:sigma=1.0E-5",
          "gaussian:sigma=4.9E-324",
          "laplace:scale=1.7976931348623157E308",
          "student-t:nu=0.3",
          "categorical:levels=7",
          "discretized-logistic:levels=2",
          "discretized-logistic:levels=65536",
          "discretized-logistic-mixture:components=1,levels=16",
          "multinomial:total=37",
          "multinomial:total=1001",
          "multinomial:total=2.147483647E9",
          "composite:0=student-t:nu=4;1=poisson;2-3=multinomial:total=2;4=gaussian-shared;"
              + "5-=categorical:levels=3",
          "composite:0-1=gaussian-optimal;2-5=gaussian-shared;6-=bernoulli");

  @TempDir Path folder;
  private final Random random = new Random(5);

  private static List<String> texts() {
    List<String> texts = new ArrayList<>(OTHERS);
    Likelihoods.all().forEach(likelihood -> texts.add(likelihood.toString()));
    return texts;
  }

  @Test
  void everyLikelihoodHasTheSameBits() throws Exception {
    HostProgram host = new HostProgram(folder);
    for (String text : texts()) {
      Likelihood likelihood = Likelihoods.parse(text);
      assertEquals(text, likelihood.toString());
      for (int row = 0; row < ROWS; row++) {
        ask(host, likelihood, row);
      }
    }
    String said = host.run("x86-64");
    assertEquals("", said);
  }

  private void ask(HostProgram host, Likelihood likelihood, int row) throws Exception {
    int outputs = likelihood.parameters(FEATURES);
    int shared = likelihood.shared(FEATURES);
    double[] parameters = new double[outputs + shared];
    double scale = row % 2 == 0 ? 1 : 5;
    for (int i = 0; i < parameters.length; i++) {
      boolean extreme = row >= ROWS / 2 && random.nextInt(4) == 0;
      parameters[i] =
          extreme
              ? EXTREMES[random.nextInt(EXTREMES.length)]
              : (float) (scale * random.nextGaussian());
    }
    if (row == ROWS - 1) {
      parameters[0] = Double.NaN;
    }
    double[] results = new double[3 + 2 * FEATURES];
    results[1] = outputs;
    results[2] = shared;
    double[] x = new double[FEATURES];
    likelihood.mean(parameters, x);
    System.arraycopy(x, 0, results, 3, FEATURES);
    likelihood.sample(parameters, new Draws(row, Stream.OBSERVATION, 2 * row), x);
    System.arraycopy(x, 0, results, 3 + FEATURES, FEATURES);
    host.ask("observation").text(likelihood.toString()).number(FEATURES).array(parameters);
    host.number((long) row).number(Stream.OBSERVATION.id()).number(2 * row);
    host.expect(likelihood + ", row " + row, results);
  }

  private static final List<String> MALFORMED =
      List.of(
          "",
          ":",
          "bernoulli2",
          "bernoulli:",
          "bernoulli:p=1",
          "gaussian:sigma",
          "gaussian:sigma=",
          "gaussian:sigma=0",
          "gaussian:sigma=-1",
          "gaussian:sigma=NaN",
          "gaussian:sigma=Infinity",
          "gaussian:sigma=1e999",
          "gaussian:sigma=1,sigma=2",
          "gaussian:sigma=1;",
          "student-t:nu=0",
          "categorical:levels=1",
          "categorical:levels=16777217",
          "categorical:levels=2.5",
          "discretized-logistic:levels=65537",
          "discretized-logistic-mixture:components=257",
          "discretized-logistic-mixture:components=0,levels=3",
          "multinomial:total=0",
          "multinomial:total=1e10",
          "composite",
          "composite:",
          "composite:;",
          "composite:0=bernoulli;",
          "composite:0-3=bernoulli;3-=poisson",
          "composite:0-3=bernoulli;5-=poisson",
          "composite:1-=bernoulli",
          "composite:3-1=bernoulli",
          "composite:0-=bernoulli;5-=poisson",
          "composite:0-99999999999=bernoulli",
          "composite:0-2147483646=categorical:levels=16777216",
          "composite:a=bernoulli",
          "composite:0=composite:0=bernoulli",
          "composite:0-4=bernoulli",
          "composite:0-6=bernoulli",
          "composite:7-=bernoulli",
          "\u0000\u00e4\ud83d\ude00=;:,-",
          "gaussian:sigma=" + "1".repeat(100_000));

  @Test
  void malformedTextsAreRefusedByName() throws Exception {
    HostProgram host = new HostProgram(folder);
    for (String text : MALFORMED) {
      assertThrows(
          RuntimeException.class, () -> Likelihoods.parse(text).parameters(FEATURES), text);
      boolean known =
          Likelihoods.entries().stream()
              .anyMatch(entry -> entry.name().equals(LikelihoodText.name(text)));
      askText(host, text).expect(text, known ? INVALID_ARGUMENT : UNSUPPORTED);
    }
    String said = host.runSanitized();
    assertTrue(said.contains("likelihood \"bernoulli2\": expected one of bernoulli, "), said);
    assertTrue(said.contains("column 4 has no likelihood"), said);
    assertEquals(MALFORMED.size(), said.lines().count(), said);
    assertTrue(said.lines().allMatch(line -> line.length() < 600), said);
  }

  private static HostProgram askText(HostProgram host, String text) throws Exception {
    host.ask("observation").text(text).number(FEATURES).array(new double[0]);
    return host.number(0L).number(1).number(0);
  }

  /** Texts of which one to three letters are changed: the same verdict as Java's, and no fault. */
  @Test
  void textsWithChangedLettersHaveTheVerdictOfJava() throws Exception {
    HostProgram host = new HostProgram(folder);
    String letters = "0123456789-=;:,.abeglmnoprstu";
    List<String> texts = texts();
    for (int i = 0; i < 2000; i++) {
      StringBuilder changed = new StringBuilder(texts.get(i % texts.size()));
      for (int k = random.nextInt(3); k >= 0; k--) {
        char letter = letters.charAt(random.nextInt(letters.length()));
        int at = random.nextInt(changed.length());
        if (random.nextBoolean()) {
          changed.setCharAt(at, letter);
        } else {
          changed.insert(at, letter);
        }
      }
      String text = changed.toString();
      askText(host, text).expect(text, verdict(text));
    }
    host.runSanitized();
  }

  private static double[] verdict(String text) {
    try {
      Likelihood likelihood = Likelihoods.parse(text);
      return new double[] {0, likelihood.parameters(FEATURES), likelihood.shared(FEATURES)};
    } catch (IllegalArgumentException e) {
      boolean unknown = String.valueOf(e.getMessage()).startsWith("unknown likelihood");
      return new double[] {unknown ? UNSUPPORTED : INVALID_ARGUMENT};
    } catch (ArithmeticException e) {
      return new double[] {INVALID_ARGUMENT};
    }
  }
}
