// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.dnn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.cuda.CudaBackend;
import io.github.vae4j.backend.cuda.EmulatedDevice;
import io.github.vae4j.tensor.Arena;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * An operand that is not at a multiple of 16 bytes is copied before or after the convolution: each
 * operand of each pass alone gives the same bits. In the op table all operands of a case lie there.
 */
@Tag("cuda")
@Tag("cudasim")
@ExtendWith(EmulatedDevice.class)
final class ConvolutionAlignmentTest {
  @Test
  void eachOperandMayLieAnywhere() {
    try (Backend backend = CudaBackend.open(Precision.FP32)) {
      List<float[]> aligned = run(backend, -1);
      for (int shifted = 0; shifted < aligned.size(); shifted++) {
        List<float[]> found = run(backend, shifted);
        for (int i = 0; i < aligned.size(); i++) {
          assertArrayEquals(aligned.get(i), found.get(i), i + " where " + shifted + " is shifted");
        }
      }
    }
  }

  private static List<float[]> run(Backend backend, int shifted) {
    try (Arena arena = new Arena()) {
      ConvNet net = new ConvNet(backend, arena, shifted);
      net.run();
      return net.values();
    }
  }
}
