// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.backend.Tolerance;
import io.github.vae4j.cudasim.CudaSim;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a CUDA test if the emulated device reported an error: an access out of bounds, a race, a
 * leak. On a real device ({@code mvn verify -Pgpu}) it is no more than a {@link CorruptContext}.
 */
public final class EmulatedDevice extends CorruptContext
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {
  /** The system property that is true if the device is emulated. */
  static final String PROPERTY = "vae4j.cuda.emulated";

  /** Whether the device is emulated. */
  public static boolean used() {
    return Boolean.getBoolean(PROPERTY);
  }

  /** The tolerance for the device in use. */
  static Tolerance tolerance(Tolerance documented) {
    return used() ? documented : documented.onHardware();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (used()) {
      CudaSim.load(CudaSim.DEFAULT_FOLDER);
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (used()) {
      CudaSim.clearReport();
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (used()) {
      String report = CudaSim.report();
      CudaSim.setFaults("");
      CudaSim.setSwitches("");
      CudaSim.setOption("quiet", 0);
      CudaSim.newProcess();
      CudaSim.clearReport();
      assertEquals("", report, "the errors that the emulated device reported");
    }
  }
}
