package io.github.vae4j.backend.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Compiles every kernel at package time, with NVRTC and without a GPU: a cubin for each
 * architecture that CUDA 13 supports and is sold, and PTX of the oldest one, which any newer driver
 * translates. Run by Maven with the folder of the sources and the folder of the classes.
 */
public final class KernelBuild {
  /** Turing; Ampere; Ada; Hopper; Blackwell. Binaries also run on later minor versions. */
  static final List<String> ARCHITECTURES =
      List.of("sm_75", "sm_80", "sm_86", "sm_89", "sm_90", "sm_100", "sm_103", "sm_120");

  /** What the shipped PTX is for. */
  static final String PTX_ARCHITECTURE = "compute_75";

  private static final String SUFFIX = ".cu";

  private KernelBuild() {}

  /**
   * Compiles.
   *
   * @param args the folder of the sources, the folder to write {@code sm_90/gather.cubin} and
   *     {@code ptx/gather.ptx} under
   * @throws IOException if a folder cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    List<String> modules = modules(Path.of(args[0]));
    Path out = Path.of(args[1]);
    for (String module : modules) {
      for (String architecture : ARCHITECTURES) {
        write(out.resolve(architecture).resolve(module + ".cubin"), compile(module, architecture));
      }
      write(out.resolve("ptx").resolve(module + ".ptx"), compile(module, PTX_ARCHITECTURE));
    }
    System.out.printf(
        "compiled %d kernel files with NVRTC %s for %s and %s%n",
        modules.size(), Nvrtc.version(), String.join(" ", ARCHITECTURES), PTX_ARCHITECTURE);
  }

  /** The names of all files with kernels, without .cu. */
  static List<String> modules(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .sorted()
          .toList();
    }
  }

  private static byte[] compile(String module, String target) {
    Nvrtc.Compiled compiled = Nvrtc.compile(KernelSources.source(module), Nvrtc.options(target));
    if (!compiled.log().isBlank()) {
      throw new IllegalStateException(
          module + ".cu for " + target + ": expected no warnings, given\n" + compiled.log());
    }
    return compiled.image();
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }
}
