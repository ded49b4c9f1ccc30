// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.OpCase;
import io.github.vae4j.backend.OpCases;
import io.github.vae4j.backend.OpSuite;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Tolerance;
import io.github.vae4j.backend.cuda.driver.CudaException;
import io.github.vae4j.backend.cuda.driver.KernelBuild;
import io.github.vae4j.backend.cuda.driver.KernelSources;
import io.github.vae4j.cudasim.CudaSim;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The op table detects kernels that go beyond their operands: one line of a kernel's header is
 * wrong, and the placement of the buffers that is there for that mistake shows it.
 */
@Tag("cuda")
@Tag("cudasim")
@ExtendWith(EmulatedDevice.class)
final class BufferMutantsTest {
  private static final String HEADER = "vector.cuh";

  @BeforeEach
  void quiet() {
    CudaSim.setOption("quiet", 1);
  }

  /** The last quad reads one element more: of a sum, only a NaN is noticed. */
  @Test
  void aSumThatReadsASentinelIsNan() throws IOException {
    AssertionError seen =
        assertThrows(
            AssertionError.class,
            () ->
                check(
                    "global_norm",
                    "globalNorm 33 normal",
                    "quad.v[i] = i < count ? p[i] : 0.0f;",
                    "quad.v[i] = i <= count ? p[i] : 0.0f;"));
    String message = String.valueOf(seen.getMessage());
    assertTrue(message.contains("ALIGNED") && message.contains("given NaN"), message);
  }

  /** A quad whose tail is not used: no result shows it, only the end of the allocation. */
  @Test
  void anUnusedReadPastTheEndIsOneInAnAllocationOfExactSize() throws IOException {
    String seen =
        report(
            "add",
            "add 9",
            "if (aligned && count >= 4) {\n    float4 f = *reinterpret_cast<const float4*>(p);",
            "if (aligned) {\n    float4 f = *reinterpret_cast<const float4*>(p);");
    assertTrue(seen.contains("illegal global read of 16 bytes"), seen);
    assertTrue(seen.contains("4 bytes before the end of allocation"), seen);
  }

  /** Views one element off are no multiples of 8 bytes; those two elements off are. */
  @Test
  void aTestForHalfTheAlignmentFailsTwoElementsOff() throws IOException {
    String seen =
        report(
            "add",
            "add 9",
            "return (((unsigned long long)p & 15) | (stride & 3)) == 0;",
            "return (((unsigned long long)p & 7) | (stride & 3)) == 0;");
    assertTrue(seen.contains("not aligned"), seen);
  }

  /** The report of the device about a case, which its mutant makes fail. */
  private static String report(String module, String opCase, String right, String wrong)
      throws IOException {
    assertThrows(CudaException.class, () -> check(module, opCase, right, wrong));
    String report = CudaSim.report();
    // A reported error is fatal, and a context stays corrupt until its process ends.
    CudaSim.clearReport();
    CudaSim.newProcess();
    return report;
  }

  private static void check(String module, String name, String right, String wrong)
      throws IOException {
    KernelSources.Source source = KernelSources.source(module);
    Map<String, String> headers = new TreeMap<>(source.headers());
    String header = Objects.requireNonNull(headers.get(HEADER), HEADER);
    assertEquals(2, header.split(Pattern.quote(right), -1).length, right);
    headers.put(HEADER, header.replace(right, wrong));
    byte[] mutant =
        KernelBuild.ptx(
            new KernelSources.Source(source.name(), source.text(), headers),
            KernelBuild.PTX_ARCHITECTURE);
    String image = "ptx/" + module + ".ptx";
    OpCase opCase =
        OpCases.all().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
    new Suite(asked -> asked.equals(image) ? mutant : KernelSources.image(asked)).check(opCase);
  }

  /** The suite on the device with these modules. */
  private static final class Suite extends OpSuite {
    Suite(KernelSources.Images images) {
      super(() -> CudaBackend.open(Precision.FP32, images), Tolerance.FP32);
    }
  }
}
