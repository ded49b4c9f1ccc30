package io.github.vae4j.backend.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.ClassProperties;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/**
 * Loads the bindings' native libraries, once in a process, and keeps why one did not load: a second
 * attempt would only say that the first one failed.
 */
final class Natives {
  private Natives() {}

  private static final class DriverHolder {
    static final @Nullable String FAILURE = tryLoad(cudart.class);
  }

  private static final class CublasHolder {
    static final @Nullable String FAILURE = tryLoad(cublas.class);
  }

  private static final class NvrtcHolder {
    static final @Nullable String FAILURE = tryLoad(nvrtc.class);
  }

  /** Why libcuda or libcudart do not load; null if they do. */
  static @Nullable String driver() {
    return DriverHolder.FAILURE;
  }

  /** Why libcublasLt does not load; null if it does. */
  static @Nullable String cublasLt() {
    return CublasHolder.FAILURE;
  }

  /** Why libnvrtc does not load; null if it does. */
  static @Nullable String nvrtc() {
    return NvrtcHolder.FAILURE;
  }

  /** What the dynamic loader said, without the layers above it. */
  private static String reason(LinkageError error) {
    Throwable deepest = error;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = String.valueOf(deepest.getMessage());
    // "/path/to/libjnicudart.so: libcuda.so.1: cannot open ...": the first name is our own binding.
    int second = message.indexOf(": lib");
    return second < 0 ? message : message.substring(second + 2);
  }

  /** Where libraries are looked for. */
  static String searched() {
    String environment = System.getenv("LD_LIBRARY_PATH");
    ClassProperties properties =
        Loader.loadProperties(
            org.bytedeco.cuda.presets.cudart.class, Loader.loadProperties(), true);
    List<String> linkPaths = properties.get("platform.linkpath");
    return String.format(
        Locale.ROOT,
        "looked in LD_LIBRARY_PATH (%s), the system's library path and %s",
        environment == null || environment.isEmpty() ? "not set" : environment,
        String.join(", ", linkPaths));
  }

  /** Where a library of this process was loaded from; its name alone where that is not known. */
  static String loadedFrom(String library) {
    try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
      return mappings
          .map(line -> line.substring(Math.max(0, line.indexOf('/'))))
          .filter(path -> path.contains("/" + library))
          .findFirst()
          .orElse(library);
    } catch (IOException | UncheckedIOException e) {
      return library;
    }
  }

  /** The C string at the start of a buffer: JavaCPP's own getString takes the whole buffer. */
  static String cString(BytePointer buffer) {
    String whole = buffer.getString();
    int end = whole.indexOf('\0');
    return end < 0 ? whole : whole.substring(0, end);
  }

  private static @Nullable String tryLoad(Class<?> bindings) {
    try {
      Loader.load(bindings);
      return null;
    } catch (LinkageError e) {
      return reason(e);
    }
  }
}
