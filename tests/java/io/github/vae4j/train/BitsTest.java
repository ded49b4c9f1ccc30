// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Estimator;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.Objective.Bound;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Hashes of the parameters of ten models after 30 steps, recorded before the engine was redesigned,
 * which must change no bit. The hashes of the cpu backend are those of one processor, because
 * oneDNN chooses its code by the processor; on others they are not compared.
 */
final class BitsTest {
  private static final Path RECORDED = Path.of("tests/resources/io/github/vae4j/train/bits.txt");
  private static final int ROWS = 60;

  private record Trained(VaeSpec spec, Objective objective, DataSet rows) {}

  @ParameterizedTest
  @EnumSource(names = {"REFERENCE", "CPU"})
  void theSameAsBefore(Kind kind) throws IOException, NoSuchAlgorithmException {
    String where = kind == Kind.CPU ? processor() : "any machine";
    String section = kind.name().toLowerCase(Locale.ROOT) + ", " + where + ":";
    Map<String, String> given = new TreeMap<>();
    for (Map.Entry<String, Trained> model : models().entrySet()) {
      given.put(model.getKey(), hash(kind, model.getValue()));
    }
    StringBuilder text = new StringBuilder(section).append('\n');
    given.forEach((name, hash) -> text.append(name).append(' ').append(hash).append('\n'));
    String recorded = Files.readString(RECORDED);
    assumeTrue(recorded.contains(section), () -> "not recorded for " + section + "\n" + text);
    int start = recorded.indexOf(section);
    int end = recorded.indexOf("\n\n", start);
    assertEquals(recorded.substring(start, end + 1), text.toString());
  }

  private static Map<String, Trained> models() {
    DataSet mnist = DataSets.head(DataSets.open("mnist:test"), ROWS);
    VaeSpec.Builder small = VaeSpec.builder(784).hidden(16).latent(5).activation(Activation.TANH);
    Objective two = Objective.of(Bound.elbo(2));
    Map<String, Trained> models = new TreeMap<>();
    models.put("relu", new Trained(VaeSpec.builder(784).hidden(24).latent(4).build(), two, mnist));
    models.put(
        "iwae",
        new Trained(
            VaeSpec.builder(784).hidden(16, 12).latent(5).activation(Activation.TANH).build(),
            Objective.of(Bound.iwae(5)),
            mnist));
    models.put(
        "dreg",
        new Trained(
            VaeSpec.builder(784).hidden(16).activation(Activation.SILU).latent(5).build(),
            Objective.of(new Bound(Objective.Kind.IWAE, 3, 2, 0, Estimator.DOUBLY_REPARAMETERIZED)),
            mnist));
    models.put(
        "planar", new Trained(small.posterior(Posterior.parse("planar:2")).build(), two, mnist));
    models.put(
        "full-mog",
        new Trained(
            small.posterior(Posterior.FULL).prior(Prior.parse("mog:3")).build(), two, mnist));
    models.put(
        "vamp",
        new Trained(
            small.posterior(Posterior.DIAGONAL).prior(Prior.parse("vamp:4")).build(), two, mnist));
    models.put("top", new Trained(small.prior(Prior.STANDARD).top(3, 6).build(), two, mnist));
    models.put(
        "conditional",
        new Trained(
            VaeSpec.builder(784).hidden(16).latent(3).condition(new Condition.Labels(10)).build(),
            Objective.elbo().withFreeBits(0.1),
            mnist));
    models.put(
        "missing-penalties",
        new Trained(
            VaeSpec.builder(6)
                .hidden(8)
                .latent(2)
                .likelihood(Likelihoods.parse("gaussian-learned"))
                .build(),
            two.withPenalties(5, 2),
            DataSets.ofMissing(table(true))));
    models.put(
        "capacity",
        new Trained(
            VaeSpec.builder(6)
                .hidden(8)
                .activation(Activation.GELU)
                .latent(2)
                .likelihood(Likelihoods.parse("gaussian-optimal"))
                .build(),
            Objective.elbo().withCapacity(new Objective.Capacity(3, 5)),
            DataSets.of(table(false))));
    return models;
  }

  private static Matrix table(boolean missing) {
    Matrix table = Matrix.zeros(ROWS, 6);
    for (int i = 0; i < table.values().length; i++) {
      table.values()[i] = missing && i % 7 == 3 ? Float.NaN : (i * 37 % 101) / 50f - 1;
    }
    return table;
  }

  private static String hash(Kind kind, Trained model) throws NoSuchAlgorithmException {
    TrainConfig config =
        TrainConfig.builder()
            .epochs(10)
            .batch(20)
            .objective(model.objective())
            .optimizer(new TrainConfig.Optimizer(0.01, 0.9, 0.999, 1e-8, 0.01, true, 5))
            .binarize(
                model.spec().features() == 784
                    ? TrainConfig.Binarize.DYNAMIC
                    : TrainConfig.Binarize.NONE)
            .emaDecay(0.99)
            .seed(11)
            .build();
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (Vae vae =
        Vae.create(model.spec(), new BackendOptions(kind, 1, Precision.FP32), config.seed())) {
      Trainer.Result result = vae.train(model.rows(), null, config, TrainListener.NONE);
      assertEquals(10, result.epochs().size());
      try (Trainer trainer = vae.trainer(model.rows(), null, config, TrainListener.NONE)) {
        trainer.run(() -> false);
        for (float weight : trainer.weights()) {
          digest.update(ByteBuffer.allocate(4).putFloat(weight).flip());
        }
      }
      Matrix codes = vae.encode(model.rows()).mean();
      for (float code : codes.values()) {
        digest.update(ByteBuffer.allocate(4).putFloat(code).flip());
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 12);
    }
  }

  private static String processor() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8);
    String name =
        lines.stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).trim())
            .findFirst()
            .orElse("unknown");
    boolean wide = lines.stream().anyMatch(line -> line.contains(" avx512f "));
    return name + (wide ? " with AVX-512" : "");
  }
}
