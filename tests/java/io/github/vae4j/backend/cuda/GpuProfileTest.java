// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.cuda.GpuProfile.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The counts of a step do not grow, and docs/gpu-profile.md has them. */
@Tag("cuda")
@Tag("cudasim")
@ExtendWith(EmulatedDevice.class)
final class GpuProfileTest {
  private static final Path PAGE = Path.of("docs", "gpu-profile.md");

  @Test
  void stepsAreOneGraphLaunchOfLeanKernels() throws IOException {
    List<GpuProfile> profiles = List.of(GpuProfile.of(128), GpuProfile.of(1024));
    for (GpuProfile profile : profiles) {
      assertEquals(16, profile.launches());
      assertEquals(11, profile.matrixProducts());
      assertEquals(8, profile.steps());
      assertEquals(1, profile.graphLaunches());
      assertEquals(Map.of("cuMemcpyHtoDAsync", 1, "cuGraphLaunch", 1), profile.hostCalls());
      assertEquals(5, profile.kernels().size());
      for (Kernel kernel : profile.kernels()) {
        String name = kernel.name() + " at batch " + profile.batch();
        assertEquals(0, kernel.bankConflicts(), name + ": bank conflicts");
        assertTrue(kernel.overCompulsory() <= 1.05, name + ": " + kernel.overCompulsory());
        assertTrue(kernel.sectorEfficiency() >= 0.95, name + ": " + kernel.sectorEfficiency());
      }
    }
    String page = GpuProfilePage.of(profiles);
    if (Boolean.getBoolean("vae4j.cuda.profile.write")) {
      Files.writeString(PAGE, page);
    }
    assertEquals(page, Files.readString(PAGE), PAGE + " is out of date: see its second paragraph");
  }
}
