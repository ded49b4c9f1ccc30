// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cudasim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Builds the emulated CUDA device, runs its tests, and calls its control functions. */
@Tag("cuda")
@Tag("cudasim")
class CudasimTest {
  private static final Pattern SUMMARY = Pattern.compile("(\\d+) passed, (\\d+) failed\\s*$");

  @BeforeAll
  static void build() throws Exception {
    CudaSim.build(CudaSim.DEFAULT_FOLDER);
  }

  @Test
  void itsOwnTestsPass() throws Exception {
    String output = CudaSim.run(CudaSim.DEFAULT_FOLDER.resolve("cudasim-tests").toString());
    Matcher summary = SUMMARY.matcher(output);
    assertTrue(summary.find(), output);
    assertEquals("0", summary.group(2), output);
    assertTrue(Integer.parseInt(summary.group(1)) >= 80, output);
  }

  @Test
  void javaReachesTheControlFunctions() {
    CudaSim.load(CudaSim.DEFAULT_FOLDER);
    CudaSim.setOption("quiet", 1);
    CudaSim.setFaults("cuMemAlloc:3=2,launch:1=719");
    CudaSim.setFaults("");
    CudaSim.clearReport();
    assertThrows(IllegalArgumentException.class, () -> CudaSim.setFaults("cuMemAlloc"));
    assertTrue(CudaSim.report().contains("expected call:number=code, given 'cuMemAlloc'"));
    CudaSim.clearReport();
    assertEquals("", CudaSim.report());
    assertThrows(IllegalArgumentException.class, () -> CudaSim.setOption("colour", 1));
    assertThrows(IllegalArgumentException.class, () -> CudaSim.setSwitches("lt.mask=blue"));
    assertTrue(CudaSim.report().contains("it has zero positive"));
    CudaSim.setSwitches("lt.mask=positive");
    CudaSim.setSwitches("");
    CudaSim.clearReport();
    CudaSim.resetCounts();
    JsonNode profile = CudaSim.profile();
    assertEquals(0, profile.get("launches").asInt());
    assertTrue(profile.get("memory").has("peakBytes"));
    CudaSim.setOption("quiet", 0);
  }
}
