// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.BackendUnavailableException;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.cuda.CudaBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;

/** Without a driver, each attempt gives the same reason and the same remedy. */
@DisabledIf("hasDriver")
final class NoDriverTest {
  static boolean hasDriver() {
    return Natives.driver() == null;
  }

  @Test
  void saysWhatIsMissingWhereItWasLookedForAndHowToMendIt() {
    String first = failure();
    assertTrue(first.contains("libcuda.so.1: cannot open shared object file"), first);
    assertTrue(first.contains("looked in LD_LIBRARY_PATH ("), first);
    assertTrue(first.contains("and the system's library path"), first);
    assertTrue(first.contains("install the NVIDIA driver, 580 or newer"), first);
    assertEquals(first, failure());
  }

  private static String failure() {
    return String.valueOf(
        assertThrows(BackendUnavailableException.class, () -> CudaBackend.open(Precision.FP32))
            .getMessage());
  }
}
