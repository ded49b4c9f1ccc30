// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.JavaCommand;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.BackendUnavailableException;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.cuda.CudaBackend;
import io.github.vae4j.backend.cuda.EmulatedDevice;
import io.github.vae4j.backend.cuda.dnn.WithoutCudnn;
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

/** Each failed check names its cause and the remedy. */
@Tag("cuda")
@Tag("cudasim")
@Tag("slow")
@ExtendWith(EmulatedDevice.class)
final class ProbeTest {
  private static final int NO_PERMISSION = 304;
  private static final String PACKAGES = "lib/python3.12/site-packages/nvidia/";

  /** The folder into which the build copies the real NVRTC. */
  private static final Path NVRTC = Path.of("target", "nvrtc").toAbsolutePath();

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
      assertTrue(text.matches(".*cuBLASLt 13\\.\\d+\\.\\d+ \\(" + cublas + ", .*\\), .*"), text);
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
    // Turing has no TF32 either; there TF32 means float32, as documented.
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

  /** Runs in another JVM, whose library path has a driver but no cuBLAS. */
  @Test
  void noCublas(@TempDir Path folder) throws IOException, InterruptedException {
    Setting setting = new Setting(folder).driverWith("libcudart.so.13");
    if (setting.finds("libcublas.so.13")) {
      return;
    }
    assertSays(
        setting.doctor(),
        "cuda       not available: cuBLASLt is missing: libcublas",
        "cannot open shared object file",
        "looked, in this order, in LD_LIBRARY_PATH (" + setting.driver + ")",
        "VIRTUAL_ENV (not set)",
        "/usr/local/cuda/lib64",
        "of these exist " + setting.driver,
        "install cuBLAS 13 (libcublas.so.13 and libcublasLt.so.13",
        "cpu        works");
  }

  /** Dense layers run without cuDNN; a convolution names what is missing. */
  @Test
  void noCudnn(@TempDir Path folder) throws IOException, InterruptedException {
    Setting setting =
        new Setting(folder).driverWith("libcudart.so.13", "libcublasLt.so.13", "libcublas.so.13");
    if (setting.finds("libcudnn_graph.so.9")) {
      return;
    }
    String[] missing = {
      "cuDNN is missing, which convolutions need: libcudnn_",
      "cannot open shared object file",
      "looked, in this order, in LD_LIBRARY_PATH (" + setting.driver + ")",
      "nvidia/cudnn/lib",
      "install cuDNN 9 for CUDA 13 (libcudnn_graph.so.9"
    };
    String doctor = setting.doctor();
    assertSays(doctor, "cuda       works: cudasim (emulated)", "no convolutions: cuDNN is missing");
    assertSays(doctor, missing);
    assertSays(doctor, "or use --backend cpu");
    String program = setting.outputOf(WithoutCudnn.class, List.of());
    assertSays(program, "dense works", "dense still works");
    assertSays(program, missing);
    assertSays(program, "or use BackendOptions.kind cpu");
    assertFalse(program.contains("a convolution compiles"), program);
  }

  @Test
  void noCudaRuntime(@TempDir Path folder) throws IOException, InterruptedException {
    Setting setting = new Setting(folder).driverWith();
    if (setting.finds("libcudart.so.13")) {
      return;
    }
    assertSays(
        setting.doctor(),
        "cuda       not available: the CUDA runtime is missing: libcudart.so.13: cannot open",
        "LD_LIBRARY_PATH (" + setting.driver + ")",
        "install the CUDA 13 runtime (libcudart.so.13");
  }

  @Test
  void noNvrtcWhereNoCompiledKernelFits(@TempDir Path folder)
      throws IOException, InterruptedException {
    Setting setting =
        new Setting(folder)
            .driverWith("libcudart.so.13", "libcublasLt.so.13", "libcublas.so.13")
            .with("VAE4J_CUDASIM_FAULTS", "cuModuleLoadData:*=222");
    if (setting.finds("libnvrtc.so.13")) {
      return;
    }
    assertSays(
        setting.doctor(),
        "cuda       not available: cudasim (emulated)",
        "add.cu: no compiled form fits this device and driver",
        "PTX: CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
        "NVRTC: libnvrtc.so.13: cannot open",
        "LD_LIBRARY_PATH (" + setting.driver + ")",
        "install NVRTC 13 (libnvrtc.so.13");
  }

  /**
   * The libraries are in the folders of NVIDIA's Python packages, which are not in LD_LIBRARY_PATH.
   * The real NVRTC is among them; it is needed, because the driver refuses the PTX of the jar.
   */
  @Test
  void wheelsOfAVirtualEnvironmentAreFound(@TempDir Path folder)
      throws IOException, InterruptedException {
    Setting setting = new Setting(folder).driverWith();
    Path wheels = wheels(folder.resolve("venv"));
    link(NVRTC, wheels, "libnvrtc");
    setting
        .with("VIRTUAL_ENV", folder.resolve("venv").toString())
        .with("VAE4J_CUDASIM_FAULTS", "cuModuleLoadData:2=222");
    assertSays(
        setting.doctor(),
        "cuda       works: cudasim (emulated)",
        wheels.resolve("libcublasLt.so.13") + ", " + wheels.resolve("libcublas.so.13"),
        ", " + wheels.resolve("libcudart.so.13"),
        ", " + NVRTC.resolve("libnvrtc.so.13").toRealPath(),
        ", " + setting.driver.resolve("libcuda.so.1"),
        "cuDNN 9.19.0 (" + wheels.resolve("../../cudnn/lib/libcudnn_graph.so.9").normalize() + ")");
    assertSays(setting.outputOf(WithoutCudnn.class, List.of()), "a convolution compiles");
  }

  /** JavaCPP keeps links to the libraries it loaded; the dynamic loader would follow the links. */
  @Test
  void whatMovedIsFoundInItsNewPlaceAndNotInItsOldOne(@TempDir Path folder)
      throws IOException, InterruptedException {
    Setting setting = new Setting(folder).driverWith();
    if (setting.finds("libcublas.so.13")) {
      return;
    }
    Path before = folder.resolve("before");
    wheels(before);
    assertSays(setting.with("VIRTUAL_ENV", before.toString()).doctor(), "cuda       works");
    Path after = Files.move(before, folder.resolve("after"));
    String moved = setting.with("VIRTUAL_ENV", after.toString()).doctor();
    assertSays(moved, "cuda       works", after + "/lib/python3.12");
    // The libraries still exist, but no variable names their folder.
    assertSays(
        setting.with("VIRTUAL_ENV", "").doctor(),
        "cuda       not available: cuBLASLt is missing: libcublas");
  }

  /** Makes a Python environment with the emulated device's libraries; returns their folder. */
  private static Path wheels(Path prefix) throws IOException {
    Path folder = prefix.resolve(PACKAGES + "cu13/lib");
    Files.createDirectories(folder);
    for (String library : List.of("libcudart.so.13", "libcublasLt.so.13", "libcublas.so.13")) {
      Files.copy(CudaSim.DEFAULT_FOLDER.resolve(library), folder.resolve(library));
    }
    Path cudnn = Files.createDirectories(prefix.resolve(PACKAGES + "cudnn/lib"));
    for (String part : List.of("graph", "ops", "adv", "cnn")) {
      String library = "libcudnn_" + part + ".so.9";
      Files.copy(CudaSim.DEFAULT_FOLDER.resolve(library), cudnn.resolve(library));
    }
    return folder;
  }

  private static void link(Path from, Path to, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith(prefix)) {
          Files.createSymbolicLink(to.resolve(file.getFileName()), file.toRealPath());
        }
      }
    }
  }

  private static void assertSays(String output, String... parts) {
    for (String part : parts) {
      assertTrue(output.contains(part), () -> part + " in " + output);
    }
  }

  /** The environment of another JVM, which does not inherit the variables of this one. */
  private static final class Setting {
    private final Path folder;
    private final Path driver;
    private final Map<String, String> environment = new HashMap<>();

    Setting(Path folder) {
      this.folder = folder;
      this.driver = folder.resolve("driver");
    }

    /** Sets a library path with only libcuda and the given libraries. */
    Setting driverWith(String... libraries) throws IOException {
      Files.createDirectories(driver);
      Files.copy(CudaSim.DEFAULT_FOLDER.resolve("libcuda.so.1"), driver.resolve("libcuda.so.1"));
      for (String library : libraries) {
        Files.copy(CudaSim.DEFAULT_FOLDER.resolve(library), driver.resolve(library));
      }
      return with("LD_LIBRARY_PATH", driver.toString());
    }

    Setting with(String variable, String value) {
      environment.put(variable, value);
      return this;
    }

    /** Whether this machine has a library in a folder that the JVM would search. */
    boolean finds(String library) {
      return !LibraryFolders.of(Path.of("/"), environment).holding(List.of(library)).isEmpty();
    }

    /** The output of {@code vae4j doctor}. */
    String doctor() throws IOException, InterruptedException {
      return outputOf(Main.class, List.of("doctor"));
    }

    /** The output of a program that ends with 0. */
    String outputOf(Class<?> main, List<String> arguments)
        throws IOException, InterruptedException {
      Path output = folder.resolve("output");
      List<String> options =
          List.of(
              "-Dorg.bytedeco.javacpp.cachedir=" + folder.resolve("javacpp"),
              "-Dvae4j.cuda.cache=" + folder.resolve("kernels"));
      ProcessBuilder builder =
          new ProcessBuilder(JavaCommand.of(options, main, arguments))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      int status = builder.start().waitFor();
      String text = Files.readString(output);
      assertEquals(0, status, text);
      return text;
    }
  }

  private static String reason(Precision precision) {
    return String.valueOf(
        assertThrows(BackendUnavailableException.class, () -> CudaBackend.open(precision))
            .getMessage());
  }
}
