// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.checkpoint.SafeTensors.TensorType;
import io.github.vae4j.checkpoint.SamplerFile.Kind;
import io.github.vae4j.likelihood.GaussianShared;
import io.github.vae4j.model.InitialWeights;
import io.github.vae4j.model.Initializer;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.sampler.GaussianMixture;
import io.github.vae4j.sampler.TwoStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplerFileTest {
  private static final float[] WEIGHTS = {1, 2, 3};
  private static final GaussianMixture MIXTURE =
      new GaussianMixture(
          new double[] {0.25, 0.75},
          new double[][] {{-2, 0.1}, {2, 1}},
          new double[][] {{0.8, 0, 0.5, 0.4}, {0.5, 0, 0, 0.7}});

  @TempDir Path folder;

  @Test
  void aMixtureComesBackToTheBit() {
    Path file = Kind.GMM.beside(folder);
    assertEquals(folder.resolve("sampler.gmm.safetensors"), file);
    assertEquals(file, Kind.GMM.beside(folder.resolve("model.safetensors")));
    SamplerFile.save(file, MIXTURE, WEIGHTS);
    GaussianMixture back = (GaussianMixture) SamplerFile.load(file, WEIGHTS, 2);
    assertArrayEquals(MIXTURE.weights(), back.weights());
    assertTrue(Arrays.deepEquals(MIXTURE.means(), back.means()));
    assertTrue(Arrays.deepEquals(MIXTURE.factors(), back.factors()));
  }

  @Test
  void aSecondStageComesBackToTheBit() {
    VaeSpec spec =
        VaeSpec.builder(4).hidden(7, 5).latent(4).likelihood(new GaussianShared()).build();
    float[] weights = InitialWeights.draw(new ParameterLayout(spec), Initializer.HE, 3);
    Path file = Kind.TWO_STAGE.beside(folder);
    SamplerFile.save(file, new TwoStage(spec, weights), WEIGHTS);
    TwoStage back = (TwoStage) SamplerFile.load(file, WEIGHTS, 4);
    assertEquals(spec, back.spec());
    assertArrayEquals(weights, back.weights());
  }

  @Test
  void filesThatCannotBeUsedAreRefused() throws IOException {
    Path file = Kind.GMM.beside(folder);
    refused(file, WEIGHTS, 2, "there is no such file");
    SamplerFile.save(file, MIXTURE, WEIGHTS);
    refused(file, new float[] {1, 2, 4}, 2, "fitted to other weights", "fit it again");
    refused(file, WEIGHTS, 3, "2 dimensions, those of the model 3");

    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 2] ^= 1;
    Files.write(file, bytes);
    refused(file, WEIGHTS, 2, "damaged");

    new SafeTensorsWriter().tensor("x", TensorType.F64, sink -> sink.doubles(1), 1).write(file);
    refused(file, WEIGHTS, 2, "no vae4j.sampler");
  }

  private static void refused(Path file, float[] weights, int latent, String... parts) {
    Thrown.says(CheckpointException.class, () -> SamplerFile.load(file, weights, latent), parts);
  }
}
