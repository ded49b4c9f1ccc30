// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.BackendUnavailableException;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.cuda.CudaBackend;
import io.github.vae4j.backend.cuda.EmulatedDevice;
import io.github.vae4j.cudasim.CudaSim;
import io.github.vae4j.cudasim.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each call of NVRTC fails once, while a kernel is compiled at run time. The emulated device's
 * library makes the call fail and passes the other calls to the real compiler.
 */
@Tag("cuda")
@Tag("cudasim")
@ExtendWith(EmulatedDevice.class)
final class NvrtcFaultTest {
  private static final int OUT_OF_MEMORY = 1;

  /** The fault for which neither the jar's cubin nor its PTX is accepted. */
  private static final String NO_IMAGE = "cuModuleLoadData:2=222";

  @TempDir Path cache;

  @BeforeEach
  void anEmptyCache() {
    System.setProperty(KernelCache.FOLDER_PROPERTY, cache.toString());
    CudaSim.setOption("quiet", 1);
  }

  @AfterEach
  void theUsersCache() {
    System.clearProperty(KernelCache.FOLDER_PROPERTY);
  }

  @TestFactory
  Stream<DynamicTest> eachCallFails() throws IOException {
    CudaSim.resetCounts();
    CudaSim.setFaults(NO_IMAGE);
    CudaBackend.open(Precision.FP32).close();
    Map<String, Integer> calls = Faults.calls();
    calls.keySet().removeIf(call -> !call.startsWith("nvrtc"));
    // A cubin and PTX are compiled: both use the common calls, and each has two of its own.
    assertEquals(10, calls.size(), () -> "distinct calls: " + calls);
    List<DynamicTest> tests = new ArrayList<>();
    calls.forEach(
        (call, count) -> {
          for (int number = 1; number <= count; number++) {
            int at = number;
            tests.add(DynamicTest.dynamicTest(call + " number " + at, () -> failsAt(call, at)));
          }
        });
    return tests.stream();
  }

  private void failsAt(String call, int number) throws IOException {
    forget();
    int before = Faults.alive();
    CudaSim.resetCounts();
    CudaSim.setFaults(NO_IMAGE + "," + call + ":" + number + "=" + OUT_OF_MEMORY);
    BackendUnavailableException e =
        assertThrows(BackendUnavailableException.class, () -> CudaBackend.open(Precision.FP32));
    CudaException cause = assertInstanceOf(CudaException.class, e.getCause());
    assertEquals(call, cause.call());
    assertEquals(OUT_OF_MEMORY, cause.code());
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(call + " failed: NVRTC_ERROR_OUT_OF_MEMORY"), message);
    int failedCreation = call.equals("nvrtcCreateProgram") ? 1 : 0;
    assertEquals(
        count("nvrtcCreateProgram") - failedCreation,
        count("nvrtcDestroyProgram"),
        "each program is destroyed, or was tried to be");
    assertEquals(before, Faults.alive(), "allocations that are left");
    assertEquals("", CudaSim.report());
    CudaSim.setFaults(NO_IMAGE);
    CudaBackend.open(Precision.FP32).close();
  }

  private static int count(String call) {
    return Faults.calls().getOrDefault(call, 0);
  }

  /** Empties the cache, so that the kernel is compiled again. */
  private void forget() throws IOException {
    try (Stream<Path> files = Files.list(cache)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }
}
