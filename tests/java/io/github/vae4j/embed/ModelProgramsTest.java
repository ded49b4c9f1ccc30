// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.model.VaeSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ModelProgramsTest {
  private static final VaeSpec SMALL = VaeSpec.builder(6).hidden(7).latent(3).build();

  private static List<String> linesFrom(String text, String first, int count) {
    List<String> lines = text.lines().toList();
    int at = lines.indexOf(first);
    return lines.subList(at, at + count);
  }

  @Test
  void opsHaveTheSizesOfABatchAsVariables() {
    String text = ModelPrograms.of(SMALL);
    assertEquals(
        List.of(
            "plan decode",
            "buffer f32 3B",
            "buffer f32 6B",
            "buffer f32 7B",
            "tensor z b0+0(B,3)",
            "tensor output b1+0(B,6)",
            "program decode",
            "dense x=b0+0(B,3) weight=w+128(3,7) bias=w+160(7) preactivation=- y=b2+0(B,7)"
                + " activation='relu'",
            "dense x=b2+0(B,7) weight=w+176(7,6) bias=w+224(6) preactivation=- y=b1+0(B,6)"
                + " activation='identity'"),
        linesFrom(text, "plan decode", 9));
    assertTrue(
        text.contains(
            "reparameterize stats=b2+0(B,6) z=b3+0(B,L,3) kl=b4+0(B)"
                + " kl_per_dimension=- log_ratio=b5+0(B,L) control=b1+0(8) seed=S stream=5"
                + " row_offset=0\n"),
        text);
    assertTrue(text.contains("parameter encoder.0.weight 0 1 6 7 7,6\n"), text);
  }

  @Test
  void aMaskThatRowsLackIsABufferOfOnes() {
    String text = ModelPrograms.of(SMALL.withMaskInput(true));
    assertTrue(text.contains("buffer f32 6B 1.0\n"), text);
  }

  /** A program that depended on the sizes in another way than a formula does would be refused. */
  @Test
  void everyModelHasPrograms() {
    for (VaeSpec spec : EmbeddedModels.all()) {
      String text = ModelPrograms.of(spec);
      assertTrue(text.startsWith("vae4j-programs 1\n"), text);
      assertTrue(text.chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 127)), text);
    }
  }
}
