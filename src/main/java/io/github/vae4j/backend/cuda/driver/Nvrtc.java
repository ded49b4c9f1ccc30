// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static org.bytedeco.cuda.global.nvrtc.*;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.cuda.nvrtc._nvrtcProgram;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.SizeTPointer;
import org.jspecify.annotations.Nullable;

/** NVIDIA's run-time compiler, which compiles a kernel's source to a cubin or PTX. */
final class Nvrtc {
  private static final Pattern PTX_VERSION =
      Pattern.compile("(?m)^\\.version \\d+\\.\\d+$", Pattern.UNIX_LINES);

  /** The first targets after {@link #TURING_PTX}'s language and {@link #HOPPER_PTX}'s. */
  private static final int ADA = 89;

  private static final int BLACKWELL = 100;

  /**
   * The oldest PTX version with all features of our kernels: line numbers of inlined functions need
   * 7.2.
   */
  private static final String TURING_PTX = "7.2";

  /** The oldest PTX with the targets sm_89 and sm_90. */
  private static final String HOPPER_PTX = "7.8";

  private Nvrtc() {}

  /**
   * The result of a compilation.
   *
   * @param image a cubin, or PTX with its terminating zero
   * @param log warnings and requested output of ptxas; may be empty
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Compiled(byte[] image, String log) {}

  /**
   * The options of a compilation: always the same language, line numbers for profilers, and no
   * contraction of products and sums. With contraction ptxas fuses different products and sums in
   * each kernel and for each architecture, so that two kernels, or two devices, that should have
   * the same bits could differ. Kernels call fma where it is useful.
   */
  static List<String> options(String target) {
    return List.of("--gpu-architecture=" + target, "--std=c++17", "--fmad=false", "-lineinfo");
  }

  /** The compiler's version, such as 13.1. */
  static String version() {
    int[] major = new int[1];
    int[] minor = new int[1];
    check(nvrtcVersion(major, minor), "nvrtcVersion", null);
    return major[0] + "." + minor[0];
  }

  /** The inputs of a result in addition to source and options. */
  static String maker() {
    return version() + ", PTX " + TURING_PTX + " " + HOPPER_PTX;
  }

  /**
   * Compiles a source.
   *
   * @param source the source and its headers
   * @param options with an {@code sm_} architecture for a cubin, a {@code compute_} one for PTX
   * @return the image
   * @throws CudaException with the compiler's log
   */
  static Compiled compile(KernelSources.Source source, List<String> options) {
    int target = ptxTarget(options);
    try (PointerScope scope = new PointerScope()) {
      _nvrtcProgram program = new _nvrtcProgram();
      List<String> names = List.copyOf(source.headers().keySet());
      List<String> texts = List.copyOf(source.headers().values());
      check(
          nvrtcCreateProgram(
              program,
              new BytePointer(source.text()),
              new BytePointer(source.name()),
              names.size(),
              strings(texts),
              strings(names)),
          "nvrtcCreateProgram",
          null);
      Compiled compiled;
      try {
        int code = nvrtcCompileProgram(program, options.size(), strings(options));
        String log = log(program);
        check(code, "nvrtcCompileProgram", source.name() + " " + options + "\n" + log);
        compiled = new Compiled(target > 0 ? ptx(program, target) : cubin(program), log);
      } catch (Throwable t) {
        Closing.suppressing(t, () -> destroy(program));
        throw t;
      }
      destroy(program);
      return compiled;
    }
  }

  private static void destroy(_nvrtcProgram program) {
    check(nvrtcDestroyProgram(program), "nvrtcDestroyProgram", null);
  }

  private static PointerPointer<BytePointer> strings(List<String> values) {
    return new PointerPointer<>(values.toArray(String[]::new));
  }

  private static String log(_nvrtcProgram program) {
    SizeTPointer size = new SizeTPointer(1);
    check(nvrtcGetProgramLogSize(program, size), "nvrtcGetProgramLogSize", null);
    BytePointer log = new BytePointer(Math.max(1, size.get())).zero();
    check(nvrtcGetProgramLog(program, log), "nvrtcGetProgramLog", null);
    return Natives.cString(log);
  }

  private static byte[] cubin(_nvrtcProgram program) {
    SizeTPointer size = new SizeTPointer(1);
    check(nvrtcGetCUBINSize(program, size), "nvrtcGetCUBINSize", null);
    byte[] image = new byte[Math.toIntExact(size.get())];
    check(nvrtcGetCUBIN(program, image), "nvrtcGetCUBIN", null);
    return image;
  }

  /** The architecture of the requested PTX, such as 75; 0 for a cubin. */
  private static int ptxTarget(List<String> options) {
    String prefix = "--gpu-architecture=compute_";
    return options.stream()
        .filter(option -> option.startsWith(prefix))
        .mapToInt(option -> Integer.parseInt(option.substring(prefix.length())))
        .findFirst()
        .orElse(0);
  }

  private static byte[] ptx(_nvrtcProgram program, int target) {
    SizeTPointer size = new SizeTPointer(1);
    check(nvrtcGetPTXSize(program, size), "nvrtcGetPTXSize", null);
    byte[] image = new byte[Math.toIntExact(size.get())];
    check(nvrtcGetPTX(program, image), "nvrtcGetPTX", null);
    return withLeastVersion(image, target);
  }

  /**
   * Lowers the version of PTX: NVRTC writes the newest version, independently of the features used,
   * and a driver refuses PTX newer than itself. Targets from Blackwell on need a version nearly as
   * new as NVRTC's.
   */
  private static byte[] withLeastVersion(byte[] ptx, int target) {
    if (target >= BLACKWELL) {
      return ptx;
    }
    String version = ".version " + (target < ADA ? TURING_PTX : HOPPER_PTX);
    Matcher matcher = PTX_VERSION.matcher(new String(ptx, StandardCharsets.ISO_8859_1));
    return matcher.replaceFirst(version).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void check(int code, String call, @Nullable String detail) {
    if (code != NVRTC_SUCCESS) {
      String name = nvrtcGetErrorString(code).getString();
      throw new CudaException(
          call + " failed: " + name + " (" + code + ")" + (detail == null ? "" : ": " + detail),
          call,
          code,
          name);
    }
  }
}
