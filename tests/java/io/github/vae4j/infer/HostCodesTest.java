// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.HostProgram;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Codes, sums of weights and draws of a prior have the same bits in native/src/model. */
final class HostCodesTest {
  private static final int LATENT = 5;
  private static final int ROWS = 300;

  /** The numbers of families in the requests. */
  private static final Map<String, Integer> FAMILIES =
      Map.of("diagonal", -1, "full", -2, "planar:1", 1, "planar:4", 4);

  @TempDir Path folder;
  private final Random random = new Random(4);

  private static VaeSpec.Builder small() {
    return VaeSpec.builder(4).hidden(5).latent(LATENT);
  }

  @Test
  void codesHaveTheSameBits() throws Exception {
    HostProgram host = new HostProgram(folder);
    for (Map.Entry<String, Integer> family : FAMILIES.entrySet()) {
      VaeSpec spec = small().posterior(Posterior.parse(family.getKey())).build();
      PosteriorCodes codes = new PosteriorCodes(spec);
      for (int row = 0; row < ROWS; row++) {
        float[] head = new float[spec.posteriorColumns()];
        for (int i = 0; i < head.length; i++) {
          head[i] = (float) (random.nextGaussian() * (row % 3 == 0 ? 30 : 1));
        }
        if (row == 0) {
          head[LATENT] = Float.NaN;
        }
        float[] mean = new float[LATENT];
        float[] logvar = new float[LATENT];
        double[] results = new double[1 + 2 * LATENT];
        results[0] = codes.read(head, 0, mean, logvar, 0);
        for (int j = 0; j < LATENT; j++) {
          results[1 + j] = mean[j];
          results[1 + LATENT + j] = logvar[j];
        }
        host.ask("code").number(LATENT).number(family.getValue()).array(head);
        host.expect(family.getKey() + ", row " + row, results);
      }
    }
    host.run("x86-64");
  }

  @Test
  void sumsOfWeightsHaveTheSameBits() throws Exception {
    HostProgram host = new HostProgram(folder);
    for (int row = 0; row < ROWS; row++) {
      double[] states = new double[3 * 8];
      for (int at = 0; at < states.length; at += 3) {
        boolean none = random.nextInt(5) == 0;
        states[at] = none ? Double.NEGATIVE_INFINITY : 40 * random.nextGaussian();
        states[at + 1] = none ? 0 : 1 + random.nextDouble();
        states[at + 2] = none ? 0 : 1 + random.nextDouble();
      }
      LogSums sums = new LogSums(new double[] {states[0], states[1], states[2]});
      double[] results = new double[2 * 7];
      for (int k = 0; k < 7; k++) {
        int at = 3 * (k + 1);
        sums.add(new double[] {states[at], states[at + 1], states[at + 2]});
        results[2 * k] = sums.logSum(0);
        results[2 * k + 1] = sums.effectiveSampleSize(0);
      }
      host.ask("log-sums").array(states).expect("log-sums " + row, results);
    }
    host.run("x86-64");
  }

  @Test
  void drawsOfPriorsHaveTheSameBits() throws Exception {
    HostProgram host = new HostProgram(folder);
    askPrior(host, "standard", 1);
    askPrior(host, "mog:3", 0.8);
    askPrior(host, "mog:40", 1.3);
    host.run("x86-64");
  }

  private void askPrior(HostProgram host, String prior, double temperature) throws Exception {
    VaeSpec spec = small().prior(Prior.parse(prior)).build();
    ParameterLayout layout = new ParameterLayout(spec);
    try (Backend backend = new ReferenceBackend();
        Arena arena = new Arena()) {
      float[] weights = new float[layout.length()];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) (3 * random.nextGaussian());
      }
      Buffer all = backend.tensor(arena, layout.length()).buffer();
      all.write(weights);
      Parameters parameters = Parameters.of(layout, all);
      float[] components = new float[0];
      float[] logits = new float[0];
      if (!prior.equals("standard")) {
        components = parameters.tensor(ParameterLayout.COMPONENTS).toFloats();
        logits = parameters.tensor(ParameterLayout.LOGITS).toFloats();
      }
      float[] codes =
          new PriorSampler(backend, spec, parameters).draw(ROWS, 77, temperature).values();
      double[] results = new double[codes.length];
      for (int i = 0; i < codes.length; i++) {
        results[i] = codes[i];
      }
      host.ask("prior").number(77L).number(temperature).number(LATENT).number(ROWS);
      host.array(components).array(logits).expect(prior, results);
    }
  }
}
