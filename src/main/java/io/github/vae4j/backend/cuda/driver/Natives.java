// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import static java.util.stream.Collectors.joining;

import io.github.vae4j.backend.BackendUnavailableException;
import io.github.vae4j.backend.NativeLoading;
import io.github.vae4j.backend.PrivateFolder;
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
import org.bytedeco.cuda.global.cudnn;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the bindings' native libraries, once in a process, and stores the reason of a failure: a
 * second attempt would only report that the first one failed.
 *
 * <p>CUDA's libraries are loaded first, from {@link LibraryFolders}; the bindings then use the
 * loaded ones, also where another class loader of the process loaded them. JavaCPP searches for
 * missing libraries in /usr/local/cuda, and the dynamic loader in its folders. libcuda.so.1 belongs
 * to the driver, so that only the dynamic loader searches for it.
 */
final class Natives {
  private static final Logger LOG = LoggerFactory.getLogger(Natives.class);

  private static final Pattern LINKED =
      Pattern.compile("lib(cudart|cublas|cublasLt|cudnn[a-z_]*|nvrtc|nvrtc-builtins)\\.so.*");

  /**
   * An upper bound of the depth of JavaCPP's folders below its cache: the jar's name and the
   * bindings' package.
   */
  private static final int CACHE_DEPTH = 8;

  private static final LibraryFolders FOLDERS = LibraryFolders.ofThisMachine();

  private Natives() {}

  /**
   * A library of CUDA.
   *
   * @param file its name
   * @param key JavaCPP's name of it, by which JavaCPP finds that it is loaded
   * @param opened the starts of the names of libraries that it opens by name
   */
  private record Library(String file, String key, List<String> opened) {
    static final Library CUDART = new Library("libcudart.so.13", "cudart@.13");
    static final Library CUBLAS_LT = new Library("libcublasLt.so.13", "cublasLt@.13");
    static final Library CUBLAS = new Library("libcublas.so.13", "cublas@.13");
    static final Library NVRTC =
        new Library("libnvrtc.so.13", "nvrtc@.13", List.of("libnvrtc-builtins.so.13."));
    static final Library CUDNN_GRAPH = new Library("libcudnn_graph.so.9", "cudnn_graph@.9");
    static final Library CUDNN_OPS = new Library("libcudnn_ops.so.9", "cudnn_ops@.9");
    static final Library CUDNN_ADV = new Library("libcudnn_adv.so.9", "cudnn_adv@.9");
    static final Library CUDNN_CNN =
        new Library(
            "libcudnn_cnn.so.9",
            "cudnn_cnn@.9",
            List.of(
                "libcudnn_engines_precompiled.so.9",
                "libcudnn_engines_runtime_compiled.so.9",
                "libcudnn_heuristic.so.9"));

    Library(String file, String key) {
      this(file, key, List.of());
    }
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

  private static final class CudnnHolder {
    static final @Nullable String FAILURE =
        tryLoad(
            cudnn.class,
            Library.CUDNN_GRAPH,
            Library.CUDNN_OPS,
            Library.CUDNN_ADV,
            Library.CUDNN_CNN);
  }

  /** Whether the class path has the native part of the bindings. */
  static boolean present() {
    return cudart.class.getResource("/org/bytedeco/cuda/linux-x86_64/libjnicudart.so") != null;
  }

  /** The reason why libcuda or libcudart do not load; null if they do. */
  static @Nullable String driver() {
    return DriverHolder.FAILURE;
  }

  /** The reason why libcublasLt does not load; null if it does. */
  static @Nullable String cublasLt() {
    return CublasHolder.FAILURE;
  }

  /** The reason why libnvrtc does not load; null if it does. */
  static @Nullable String nvrtc() {
    return NvrtcHolder.FAILURE;
  }

  /** The reason why cuDNN does not load; null if it does. */
  static @Nullable String cudnn() {
    return CudnnHolder.FAILURE;
  }

  /** The message of the dynamic loader, without those of the layers above it. */
  private static String reason(LinkageError error) {
    Throwable deepest = error;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = String.valueOf(deepest.getMessage());
    // "/path/to/libjnicudart.so: libcuda.so.1: cannot open ...": the first name is our binding.
    int second = message.indexOf(": lib");
    return second < 0 ? message : message.substring(second + 2);
  }

  /** The places that are searched for the driver's library, by the dynamic loader only. */
  static String searchedForDriver() {
    return "looked in " + FOLDERS.setting("LD_LIBRARY_PATH") + " and the system's library path";
  }

  /** The places that are searched for CUDA's libraries. */
  static String searched() {
    return FOLDERS.toString();
  }

  /** The files of the CUDA libraries of this process. */
  static String loaded() {
    return Stream.of("libcublasLt.so", "libcublas.so", "libcudart.so", "libnvrtc.so", "libcuda.so")
        .map(Natives::loadedFrom)
        .filter(path -> path.startsWith("/"))
        .collect(joining(", "));
  }

  /** The file of a loaded library of this process; only its name if the file is not known. */
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

  private static boolean isLoaded(String library) {
    return loadedFrom(library).startsWith("/");
  }

  /** The C string at the start of a buffer: JavaCPP's own getString takes the whole buffer. */
  static String cString(BytePointer buffer) {
    String whole = buffer.getString();
    int end = whole.indexOf('\0');
    return end < 0 ? whole : whole.substring(0, end);
  }

  private static @Nullable String tryLoad(Class<?> bindings, Library... libraries) {
    return NativeLoading.exclusively(() -> new Loaded(load(bindings, List.of(libraries)))).failure;
  }

  /** The end of an attempt to load: the reason of its failure, null if there is none. */
  private record Loaded(@Nullable String failure) {}

  private static @Nullable String load(Class<?> bindings, List<Library> libraries) {
    try {
      NativeLoading.prepare();
      Path cache = Loader.getCacheDir().toPath();
      String open = PrivateFolder.openToOthers(cache);
      if (open != null) {
        return open + PrivateFolder.REMEDY;
      }
    } catch (IOException e) {
      return e.getMessage() + PrivateFolder.REMEDY;
    } catch (BackendUnavailableException e) {
      return e.getMessage();
    }
    forgetLinks();
    try {
      NativeLoading.run(
          () -> {
            preload(bindings, libraries);
            Loader.load(bindings);
          });
      return null;
    } catch (LinkageError e) {
      return reason(e);
    }
  }

  /**
   * Loads libraries that belong together from one folder; does nothing if no folder has them all.
   */
  private static void preload(Class<?> bindings, List<Library> libraries) {
    List<Path> folders = FOLDERS.holding(libraries.stream().map(Library::file).toList());
    if (folders.isEmpty()) {
      return;
    }
    for (Library library : libraries) {
      library.opened().forEach(name -> loadOpened(folders.get(0), name));
      if (isLoaded(library.file)) {
        // By another class loader: the JVM refuses to load it, and the dynamic loader finds it.
        continue;
      }
      URL[] urls = folders.stream().map(f -> url(f.resolve(library.file))).toArray(URL[]::new);
      try {
        Loader.loadLibrary(bindings, urls, library.key);
      } catch (UnsatisfiedLinkError e) {
        // The bindings may find another one; if not, they report the missing library.
        LOG.warn("{} of {} does not load: {}", library.file, folders, reason(e));
      }
    }
  }

  /**
   * Loads a library that another one opens by its name when it first needs it: the dynamic loader
   * does not search the folder of the other one.
   */
  private static void loadOpened(Path folder, String name) {
    if (isLoaded(name)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> file.getFileName().toString().startsWith(name))
          .findFirst()
          .ifPresent(file -> System.load(file.toString()));
    } catch (IOException | UncheckedIOException | UnsatisfiedLinkError e) {
      LOG.warn("{} of {} does not load: {}", name, folder, e.getMessage());
    }
  }

  /**
   * Removes the links that JavaCPP made beside its libraries in an earlier process to the libraries
   * of that process: the dynamic loader would follow them to a toolkit that this process did not
   * choose. JavaCPP makes new links for this process.
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
