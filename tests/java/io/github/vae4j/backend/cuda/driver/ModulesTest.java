// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.BackendUnavailableException;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.cuda.CudaBackend;
import io.github.vae4j.backend.cuda.EmulatedDevice;
import io.github.vae4j.cudasim.CudaSim;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A module is loaded from a cubin, else from PTX, else by NVRTC with a cache. The emulated device
 * accepts no cubin; a fault makes it refuse the jar's PTX, too.
 */
@Tag("cuda")
@Tag("cudasim")
@ExtendWith(EmulatedDevice.class)
final class ModulesTest {
  /** The error of a driver that is older than the compiler of the PTX. */
  private static final int UNSUPPORTED_PTX_VERSION = 222;

  private static final int OUT_OF_MEMORY = 2;

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

  @Test
  void ptxFollowsTheCubin() throws IOException {
    CudaSim.resetCounts();
    CudaBackend.open(Precision.FP32).close();
    assertEquals(2, loads());
    assertEquals(0, cached());
  }

  @Test
  void nvrtcFollowsThePtxAndIsAskedOnce() throws IOException {
    CudaSim.resetCounts();
    CudaSim.setFaults("cuModuleLoadData:2=" + UNSUPPORTED_PTX_VERSION);
    CudaBackend.open(Precision.FP32).close();
    // The jar's cubin and PTX, NVRTC's cubin, NVRTC's PTX.
    assertEquals(4, loads());
    assertEquals(1, cached());
    CudaSim.resetCounts();
    CudaSim.setFaults("cuModuleLoadData:2=" + UNSUPPORTED_PTX_VERSION);
    CudaBackend.open(Precision.FP32).close();
    // The jar's cubin and PTX, the image in the cache.
    assertEquals(3, loads());
    assertEquals(1, cached());
  }

  @Test
  void aDamagedCacheIsReplaced() throws IOException {
    CudaSim.setFaults("cuModuleLoadData:2=" + UNSUPPORTED_PTX_VERSION);
    CudaBackend.open(Precision.FP32).close();
    try (Stream<Path> files = Files.list(cache)) {
      Files.writeString(files.findFirst().orElseThrow(), "damaged");
    }
    for (int loads : new int[] {5, 3}) {
      CudaSim.resetCounts();
      CudaSim.setFaults("cuModuleLoadData:2=" + UNSUPPORTED_PTX_VERSION);
      CudaBackend.open(Precision.FP32).close();
      assertEquals(loads, loads());
    }
    CudaSim.clearReport();
  }

  @Test
  void anotherErrorIsNotAnImageOfTheWrongKind() {
    CudaSim.setFaults("cuModuleLoadData:1=" + OUT_OF_MEMORY);
    BackendUnavailableException e =
        assertThrows(BackendUnavailableException.class, () -> CudaBackend.open(Precision.FP32));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains("cuModuleLoadData failed: CUDA_ERROR_OUT_OF_MEMORY"), message);
  }

  @Test
  void whereNothingLoadsAllThatWasTriedIsSaid() {
    CudaSim.setFaults("cuModuleLoadData:*=" + UNSUPPORTED_PTX_VERSION);
    BackendUnavailableException e =
        assertThrows(BackendUnavailableException.class, () -> CudaBackend.open(Precision.FP32));
    String message = String.valueOf(e.getMessage());
    for (String tried : List.of("cubin for sm_90", "PTX", "NVRTC's sm_90", "NVRTC's compute_90")) {
      assertTrue(
          message.contains(tried + ": CUDA_ERROR_UNSUPPORTED_PTX_VERSION"),
          tried + " in " + message);
    }
  }

  @Test
  void anErrorInASourceIsShown() {
    KernelSources.Source source =
        new KernelSources.Source("broken.cu", "__global__ void f() { undefined(); }", Map.of());
    CudaException e =
        assertThrows(CudaException.class, () -> Nvrtc.compile(source, Nvrtc.options("compute_75")));
    assertEquals("nvrtcCompileProgram", e.call());
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains("identifier \"undefined\" is undefined"), message);
    assertTrue(message.contains("broken.cu"), message);
  }

  @Test
  void anUnknownArchitectureIsAnError() {
    KernelSources.Source source = new KernelSources.Source("k.cu", "", Map.of());
    CudaException e =
        assertThrows(CudaException.class, () -> Nvrtc.compile(source, Nvrtc.options("sm_12")));
    assertTrue(String.valueOf(e.getMessage()).contains("sm_12"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"75, 7.2", "86, 7.2", "89, 7.8", "90, 7.8"})
  void ptxIsOfTheLeastVersion(int target, String version) {
    byte[] image =
        Nvrtc.compile(KernelSources.source("add"), Nvrtc.options("compute_" + target)).image();
    String text = new String(image, StandardCharsets.UTF_8);
    assertTrue(text.contains("\n.version " + version + "\n.target sm_" + target), text);
  }

  @Test
  void ptxIsTextThatEndsInZero() {
    byte[] image = Nvrtc.compile(KernelSources.source("add"), Nvrtc.options("compute_75")).image();
    String text = new String(image, StandardCharsets.UTF_8);
    assertTrue(text.contains(".target sm_75"));
    assertTrue(text.contains(".entry add("));
    assertEquals(0, image[image.length - 1]);
  }

  private static int loads() {
    return CudaSim.profile().get("calls").path("cuModuleLoadData").asInt();
  }

  private long cached() throws IOException {
    try (Stream<Path> files = Files.list(cache)) {
      return files.count();
    }
  }
}
