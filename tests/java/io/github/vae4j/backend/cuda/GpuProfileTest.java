// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.cuda.GpuProfile.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The counts of a step do not grow, and docs/gpu-profile.md has them. */
@Tag("cuda")
@Tag("cudasim")
@ExtendWith(EmulatedDevice.class)
final class GpuProfileTest {
  private static final Path PAGE = Path.of("docs", "gpu-profile.md");

  /** The page has the reasons. */
  private static final Set<String> SHORT_OF_THE_GOALS =
      Set.of("activation_backward_identity", "swap_axes_tiles");

  @TempDir Path folder;

  @Test
  void stepsAreOneGraphLaunchOfLeanKernels() throws IOException {
    ProfiledNet mlp = new ProfiledMlp();
    List<GpuProfile> dense = List.of(GpuProfile.of(mlp, 128), GpuProfile.of(mlp, 1024));
    for (GpuProfile profile : dense) {
      assertEquals(16, profile.launches());
      assertEquals(11, profile.matrixProducts());
      assertEquals(CudaProgram.RUNS, profile.steps());
      assertEquals(5, profile.kernels().size());
    }
    GpuProfile conv64 = GpuProfile.of(new ProfiledConv64(folder), 8);
    assertEquals(23, conv64.convolutions());
    assertEquals(1, conv64.steps());
    List<GpuProfile> profiles = new ArrayList<>(dense);
    profiles.add(conv64);
    for (GpuProfile profile : profiles) {
      assertEquals(1, profile.graphLaunches());
      assertEquals(Map.of("cuMemcpyHtoDAsync", 1, "cuGraphLaunch", 1), profile.hostCalls());
      for (Kernel kernel : profile.kernels()) {
        String name = kernel.name() + " at batch " + profile.batch();
        if (SHORT_OF_THE_GOALS.contains(kernel.name())) {
          continue;
        }
        assertEquals(0, kernel.bankConflicts(), name + ": bank conflicts");
        assertTrue(kernel.overCompulsory() <= 1.05, name + ": " + kernel.overCompulsory());
        assertTrue(kernel.sectorEfficiency() >= 0.95, name + ": " + kernel.sectorEfficiency());
      }
    }
    String page = GpuProfilePage.of(dense, conv64);
    if (Boolean.getBoolean("vae4j.cuda.profile.write")) {
      Files.writeString(PAGE, page);
    }
    assertEquals(page, Files.readString(PAGE), PAGE + " is out of date: see its second paragraph");
  }
}
