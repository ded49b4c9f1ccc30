package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.BackendUnavailableException;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.cli.Main;
import io.github.vae4j.cudasim.CudaSim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Each step of the ladder says its reason and the mend. */
@Tag("cuda")
@Tag("cudasim")
@ExtendWith(EmulatedDevice.class)
final class ProbeTest {
  private static final int NO_PERMISSION = 304;

  @AfterEach
  void aCommonDevice() {
    CudaSim.setOption("driver", 13000);
    CudaSim.setOption("capability", 90);
    CudaSim.setOption("devices", 1);
  }

  @Test
  void describesTheDevice() {
    try (Backend backend = CudaBackend.open(Precision.TF32)) {
      String text = backend.description();
      assertTrue(text.startsWith("cudasim (emulated) (compute capability 9.0, 8.0 GiB)"), text);
      assertTrue(text.contains("driver for CUDA 13.0"), text);
      assertTrue(text.matches(".*, [\\d,]+ of 8,589,934,592 bytes are free, .*"), text);
      Path cublas = CudaSim.DEFAULT_FOLDER.resolve("libcublasLt.so.13");
      assertTrue(text.matches(".*cuBLASLt 13\\.\\d+\\.\\d+ \\(" + cublas + "\\).*"), text);
      assertTrue(text.endsWith("matrix products in tf32"), text);
    }
  }

  @Test
  void anOldDriver() {
    CudaSim.setOption("driver", 12080);
    String reason = reason(Precision.FP32);
    assertTrue(reason.contains("it supports CUDA 12.8, and CUDA 13.0 is needed"), reason);
    assertTrue(reason.contains("driver 580 or newer"), reason);
  }

  @Test
  void theOldestDriverThatWorks() {
    CudaSim.setOption("driver", 13000);
    CudaBackend.open(Precision.FP32).close();
  }

  @Test
  void noDevice() {
    CudaSim.setOption("devices", 0);
    String reason = reason(Precision.FP32);
    assertTrue(reason.contains("no CUDA device"), reason);
    assertTrue(reason.contains("CUDA_VISIBLE_DEVICES is not set"), reason);
    assertTrue(reason.contains("nvidia-smi"), reason);
  }

  @Test
  void anOldDevice() {
    CudaSim.setOption("capability", 70);
    String reason = reason(Precision.FP32);
    assertTrue(reason.contains("compute capability 7.0"), reason);
    assertTrue(reason.contains("expected compute capability 7.5 or more"), reason);
  }

  @Test
  void bf16NeedsAmpere() {
    CudaSim.setOption("capability", 75);
    String reason = reason(Precision.BF16);
    assertTrue(reason.contains("bfloat16 needs compute capability 8.0"), reason);
    // Turing has no TF32 either; asked for, it is float32, as documented.
    CudaBackend.open(Precision.TF32).close();
    CudaBackend.open(Precision.FP32).close();
  }

  @Test
  void aDriverThatDoesNotStart() {
    CudaSim.setOption("quiet", 1);
    CudaSim.setFaults("cuInit:1=" + NO_PERMISSION);
    String reason = reason(Precision.FP32);
    CudaSim.setOption("quiet", 0);
    assertTrue(reason.contains("cuInit failed: CUDA_ERROR_OPERATING_SYSTEM (304)"), reason);
  }

  @Test
  void anExplicitChoiceIsNotReplaced() {
    CudaSim.setOption("devices", 0);
    BackendOptions cuda = new BackendOptions(Kind.CUDA, 0, Precision.FP32);
    BackendUnavailableException e =
        assertThrows(BackendUnavailableException.class, () -> Backends.open(cuda));
    assertTrue(String.valueOf(e.getMessage()).startsWith("backend cuda is not available: no CUDA"));
    try (Backend other = Backends.open(BackendOptions.auto())) {
      assertEquals("cpu", other.name());
    }
  }

  @Test
  void autoTakesTheDeviceWhereThereIsOne() {
    try (Backend backend = Backends.open(BackendOptions.auto())) {
      assertEquals("cuda", backend.name());
    }
  }

  /** In a JVM of its own, whose library path has a driver but no cuBLAS. */
  @Test
  void noCublas(@TempDir Path folder) throws IOException, InterruptedException {
    if (isInstalled("libcublas.so")) {
      return;
    }
    String output = doctor(folder, Map.of(), "libcuda.so.1", "libcudart.so.13");
    assertSays(
        output,
        "cuda       not available: cuBLASLt is missing: libcublas",
        "cannot open shared object file",
        "LD_LIBRARY_PATH (" + folder + ")",
        "/usr/local/cuda/lib64",
        "install cuBLAS 13",
        "cpu        works");
  }

  @Test
  void noCudaRuntime(@TempDir Path folder) throws IOException, InterruptedException {
    if (isInstalled("libcudart.so")) {
      return;
    }
    String output = doctor(folder, Map.of(), "libcuda.so.1");
    assertSays(
        output,
        "cuda       not available: the CUDA runtime is missing: libcudart.so.13: cannot open",
        "LD_LIBRARY_PATH (" + folder + ")",
        "install the CUDA 13 runtime (libcudart.so.13");
  }

  @Test
  void noNvrtcWhereNoCompiledKernelFits(@TempDir Path folder)
      throws IOException, InterruptedException {
    if (isInstalled("libnvrtc.so")) {
      return;
    }
    String output =
        doctor(
            folder,
            Map.of("VAE4J_CUDASIM_FAULTS", "cuModuleLoadData:*=222"),
            "libcuda.so.1",
            "libcudart.so.13",
            "libcublasLt.so.13",
            "libcublas.so.13");
    assertSays(
        output,
        "cuda       not available: cudasim (emulated)",
        "fill.cu: no compiled form fits this device and driver",
        "PTX: CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
        "NVRTC: libnvrtc.so.13: cannot open",
        "LD_LIBRARY_PATH (" + folder + ")",
        "install NVRTC 13");
  }

  private static void assertSays(String output, String... parts) {
    for (String part : parts) {
      assertTrue(output.contains(part), () -> part + " in " + output);
    }
  }

  /** What {@code vae4j doctor} prints where only these libraries of CUDA are found. */
  private static String doctor(Path folder, Map<String, String> environment, String... libraries)
      throws IOException, InterruptedException {
    for (String library : libraries) {
      Files.copy(CudaSim.DEFAULT_FOLDER.resolve(library), folder.resolve(library));
    }
    Map<String, String> all = new HashMap<>(environment);
    all.put("LD_LIBRARY_PATH", folder.toString());
    return run(folder, all, Main.class.getName(), "doctor");
  }

  private static boolean isInstalled(String library) throws IOException {
    for (Path folder : List.of(Path.of("/usr/local/cuda/lib64"), Path.of("/usr/lib64"))) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          if (files.anyMatch(f -> f.getFileName().toString().startsWith(library))) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static String run(
      Path folder, Map<String, String> environment, String main, String argument)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.bytedeco.javacpp.cachedir=" + folder.resolve("javacpp"),
                "-cp",
                System.getProperty("java.class.path"),
                main,
                argument)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    int status = builder.start().waitFor();
    String text = Files.readString(output);
    assertEquals(0, status, text);
    return text;
  }

  private static String reason(Precision precision) {
    return String.valueOf(
        assertThrows(BackendUnavailableException.class, () -> CudaBackend.open(precision))
            .getMessage());
  }
}
