// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainConfig.Binarize;
import java.util.List;
import org.junit.jupiter.api.Test;

class DataProfileTest {
  private static DataProfile of(float... values) {
    return DataProfile.of(DataSets.of(new float[][] {values, {0, 1}}));
  }

  private static List<String> remarks(DataProfile profile, Binarize binarize, int batch) {
    VaeSpec spec = profile.standardModel();
    TrainConfig config = TrainConfig.builder().binarize(binarize).batch(batch).build();
    return profile.remarks(spec, config);
  }

  @Test
  void theLikelihoodFollowsTheValues() {
    assertEquals("bernoulli", of(0, 1).standardModel().likelihood().name());
    assertEquals("bernoulli", of(0.5f, 1).standardModel().likelihood().name());
    assertEquals("gaussian-learned", of(-0.1f, 1).standardModel().likelihood().name());
    assertEquals("gaussian-learned", of(0, 1.001f).standardModel().likelihood().name());
  }

  @Test
  void greyValuesUnderBernoulliAreRemarkedOnce() {
    assertEquals(List.of(), remarks(of(0, 1), Binarize.NONE, 2));
    List<String> grey = remarks(of(0.5f, 1), Binarize.NONE, 2);
    assertEquals(1, grey.size());
    assertTrue(grey.get(0).contains("not a likelihood"), grey.get(0));
    assertEquals(List.of(), remarks(of(0.5f, 1), Binarize.DYNAMIC, 2));
  }

  /** The second column of these rows is the same in both. */
  @Test
  void aConstantColumnIsRemarkedBesideALearnedWidth() {
    List<String> remarks = remarks(of(-5, 1), Binarize.NONE, 2);
    assertEquals(1, remarks.size());
    assertTrue(
        remarks.get(0).startsWith("warning: column 1 (counted from 0) of memory: the same value"),
        remarks.get(0));
  }

  @Test
  void aBatchLargerThanTheDataIsRemarked() {
    List<String> remarks = remarks(of(0, 1), Binarize.NONE, 3);
    assertEquals(1, remarks.size());
    assertTrue(remarks.get(0).contains("--batch 3 is more than the 2 rows"), remarks.get(0));
  }

  @Test
  void mnistIsGrey() {
    try (DataSet mnist = DataSets.open("mnist:test")) {
      DataProfile profile = DataProfile.of(mnist);
      assertTrue(profile.unit() && !profile.binary());
      assertEquals(mnist.image(), profile.standardModel().image());
    }
  }
}
