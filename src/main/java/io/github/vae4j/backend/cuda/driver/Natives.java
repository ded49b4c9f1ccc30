// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the bindings' native libraries, once in a process, and keeps why one did not load: a second
 * attempt would only say that the first one failed.
 *
 * <p>CUDA's own libraries are loaded first, from {@link LibraryFolders}; the bindings then take
 * what is loaded. What we do not find JavaCPP looks for in /usr/local/cuda and the dynamic loader
 * in its own places. libcuda.so.1 belongs to the driver, so that only the dynamic loader looks for
 * it.
 */
final class Natives {
  private static final Logger LOG = LoggerFactory.getLogger(Natives.class);

  private static final Pattern LINKED =
      Pattern.compile("lib(cudart|cublas|cublasLt|nvrtc|nvrtc-builtins)\\.so.*");

  /** More than JavaCPP's folders lie below its cache: the jar's name and the bindings' package. */
  private static final int CACHE_DEPTH = 8;

  private static final LibraryFolders FOLDERS = LibraryFolders.ofThisMachine();

  private Natives() {}

  /**
   * A library of CUDA.
   *
   * @param file its name
   * @param key JavaCPP's name of it, so that JavaCPP knows that it is loaded
   */
  private record Library(String file, String key) {
    static final Library CUDART = new Library("libcudart.so.13", "cudart@.13");
    static final Library CUBLAS_LT = new Library("libcublasLt.so.13", "cublasLt@.13");
    static final Library CUBLAS = new Library("libcublas.so.13", "cublas@.13");
    static final Library NVRTC = new Library("libnvrtc.so.13", "nvrtc@.13");
  }

  private static final class DriverHolder {
    static final @Nullable String FAILURE = tryLoad(cudart.class, Library.CUDART);
  }

  private static final class CublasHolder {
    static final @Nullable String FAILURE =
        tryLoad(cublas.class, Library.CUBLAS_LT, Library.CUBLAS);
  }

  private static final class NvrtcHolder {
    static final @Nullable String FAILURE = tryLoad(nvrtc.class, Library.NVRTC);
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

  /** Where the driver's library is looked for: by the dynamic loader alone. */
  static String searchedForDriver() {
    return "looked in " + FOLDERS.setting("LD_LIBRARY_PATH") + " and the system's library path";
  }

  /** Where CUDA's own libraries are looked for. */
  static String searched() {
    return FOLDERS.toString();
  }

  /** Where CUDA's libraries of this process were loaded from. */
  static String loaded() {
    return Stream.of("libcublasLt.so", "libcublas.so", "libcudart.so", "libnvrtc.so", "libcuda.so")
        .map(Natives::loadedFrom)
        .filter(path -> path.startsWith("/"))
        .collect(joining(", "));
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

  private static @Nullable String tryLoad(Class<?> bindings, Library... libraries) {
    forgetLinks();
    preload(bindings, List.of(libraries));
    try {
      Loader.load(bindings);
      return null;
    } catch (LinkageError e) {
      return reason(e);
    }
  }

  /** Loads libraries that belong together from one folder; where none has them, does nothing. */
  private static void preload(Class<?> bindings, List<Library> libraries) {
    List<Path> folders = FOLDERS.holding(libraries.stream().map(Library::file).toList());
    if (folders.isEmpty()) {
      return;
    }
    for (Library library : libraries) {
      if (library.equals(Library.NVRTC)) {
        loadBuiltins(folders.get(0));
      }
      URL[] urls = folders.stream().map(f -> url(f.resolve(library.file))).toArray(URL[]::new);
      try {
        Loader.loadLibrary(bindings, urls, library.key);
      } catch (UnsatisfiedLinkError e) {
        // The bindings may find another; if not, they say what they miss.
        LOG.warn("{} of {} does not load: {}", library.file, folders, reason(e));
      }
    }
  }

  /**
   * The library that NVRTC opens by its name alone when it first compiles: the dynamic loader does
   * not look beside libnvrtc for it.
   */
  private static void loadBuiltins(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> file.getFileName().toString().startsWith("libnvrtc-builtins.so.13."))
          .findFirst()
          .ifPresent(file -> System.load(file.toString()));
    } catch (IOException | UncheckedIOException | UnsatisfiedLinkError e) {
      LOG.warn("libnvrtc-builtins.so of {} does not load: {}", folder, e.getMessage());
    }
  }

  /**
   * Removes the links that JavaCPP made beside its own libraries in an earlier process, to what was
   * loaded there: the dynamic loader would follow them to a toolkit that this process was not told
   * of. JavaCPP makes those of this process anew.
   */
  private static void forgetLinks() {
    try {
      Path cache = Loader.getCacheDir().toPath();
      try (Stream<Path> links =
          Files.find(
              cache,
              CACHE_DEPTH,
              (path, attributes) ->
                  attributes.isSymbolicLink()
                      && LINKED.matcher(path.getFileName().toString()).matches())) {
        for (Path link : links.toList()) {
          Files.deleteIfExists(link);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("links in JavaCPP's cache stay: {}", e.getMessage());
    }
  }

  private static URL url(Path file) {
    try {
      return file.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException("no URL of " + file, e);
    }
  }
}
