// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Compiles every kernel, with NVRTC and without a GPU: a cubin for each architecture that CUDA 13
 * supports and that is sold, and PTX for the oldest one, which any newer driver translates. A
 * warning fails the build. The output of ptxas for each kernel is kept for KernelCompileTest, and
 * unchanged kernels are not compiled again. There is one thread per processor: NVRTC allows several
 * threads if each has its own program. Maven runs it for the jar with the classifier kernels and
 * for the CUDA suite.
 */
public final class KernelBuild {
  /** Turing; Ampere; Ada; Hopper; Blackwell. Binaries also run on later minor versions. */
  public static final List<String> ARCHITECTURES =
      List.of("sm_75", "sm_80", "sm_86", "sm_89", "sm_90", "sm_100", "sm_103", "sm_120");

  /** The architecture of the shipped PTX. */
  public static final String PTX_ARCHITECTURE = "compute_75";

  /** The folder of the sources, from the root of the project. */
  static final Path SOURCES = Path.of("kernels");

  /** The folder of logs and earlier results, from the root of the project. */
  static final Path WORK = Path.of("target", "kernels");

  private static final String SUFFIX = ".cu";

  private final Path out;
  private final String version = Nvrtc.version();
  private final KernelCache made = new KernelCache(WORK.resolve("made"));

  private KernelBuild(Path out) {
    this.out = out;
  }

  /**
   * Compiles.
   *
   * @param args the folder to write {@code sm_90/gather.cubin} and {@code ptx/gather.ptx} under
   * @throws Exception if a folder cannot be read or written, or a kernel does not compile
   */
  public static void main(String[] args) throws Exception {
    KernelBuild build = new KernelBuild(Path.of(args[0]));
    List<String> modules = modules();
    List<Callable<String>> compilations = new ArrayList<>();
    for (String module : modules) {
      for (String architecture : ARCHITECTURES) {
        String result = architecture + "/" + module + ".cubin";
        compilations.add(() -> build.compile(module, architecture, result));
      }
      compilations.add(() -> build.compile(module, PTX_ARCHITECTURE, "ptx/" + module + ".ptx"));
    }
    run(compilations);
    System.out.printf(
        "%d kernel files compiled by NVRTC %s for %s and %s%n",
        modules.size(), build.version, String.join(" ", ARCHITECTURES), PTX_ARCHITECTURE);
  }

  /** Fails with the first failure in the order of the list, not of time. */
  private static void run(List<Callable<String>> compilations)
      throws InterruptedException, ExecutionException {
    ExecutorService threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      for (Future<String> each : threads.invokeAll(compilations)) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** The names of all files with kernels, without .cu. */
  public static List<String> modules() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .sorted()
          .toList();
    }
  }

  /** The file with the output of ptxas for a source's kernels. */
  public static Path log(String module, String architecture) {
    return WORK.resolve(architecture).resolve(module + ".log");
  }

  /** Compiles a source to PTX by NVRTC. */
  public static byte[] ptx(KernelSources.Source source, String architecture) {
    return Nvrtc.compile(source, Nvrtc.options(architecture)).image();
  }

  private String compile(String module, String target, String result) throws IOException {
    KernelSources.Source source = KernelSources.source(module);
    List<String> options = new ArrayList<>(Nvrtc.options(target));
    if (!target.equals(PTX_ARCHITECTURE)) {
      options.add("--ptxas-options=-v");
    }
    String key = KernelCache.key(source, options, Nvrtc.maker());
    byte[] image = made.get(key);
    byte[] log = made.get(key + "-log");
    if (image == null || log == null) {
      Nvrtc.Compiled compiled = Nvrtc.compile(source, options);
      if (compiled.log().contains("warning")) {
        throw new IllegalStateException(module + ".cu for " + target + ":\n" + compiled.log());
      }
      image = compiled.image();
      log = compiled.log().getBytes(StandardCharsets.UTF_8);
      made.put(key, image);
      made.put(key + "-log", log);
    }
    write(log(module, target), log);
    write(out.resolve(result), image);
    return result;
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }
}
