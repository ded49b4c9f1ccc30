// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The folders in which CUDA 13 and cuDNN 9 may be: first those of the user's environment variables,
 * then those of toolkits and of Python's packages. NVIDIA's packages for Python put CUDA's
 * libraries into one folder, {@code nvidia/cu13/lib} beside their modules, and cuDNN's into {@code
 * nvidia/cudnn/lib}; the dynamic loader searches neither.
 *
 * <p>The working folder is not searched, because any user who can write there could otherwise
 * choose the code that runs.
 */
final class LibraryFolders {
  private static final List<String> ANNOUNCED =
      List.of("LD_LIBRARY_PATH", "CUDA_HOME", "CUDA_PATH", "CONDA_PREFIX", "VIRTUAL_ENV");

  private static final List<String> WHEELS = List.of("nvidia/cu13/lib", "nvidia/cudnn/lib");
  private static final String TARGET = "targets/x86_64-linux/lib";
  private static final String TOOLKIT = "cuda-13";

  /** Versions of one folder, newest first: cuda-13.10 is after cuda-13.9. */
  private static final Comparator<Path> NEWEST_FIRST =
      Comparator.comparingInt(LibraryFolders::minor).thenComparing(Path::toString).reversed();

  private final Map<String, String> environment;
  private final Map<Path, Path> found = new LinkedHashMap<>();

  private LibraryFolders(Path root, Map<String, String> environment) {
    this.environment = environment;
    paths("LD_LIBRARY_PATH").forEach(this::add);
    for (String toolkit : List.of("CUDA_HOME", "CUDA_PATH")) {
      paths(toolkit).forEach(this::addToolkit);
    }
    for (Path prefix : paths("CONDA_PREFIX")) {
      add(prefix.resolve("lib"));
      add(prefix.resolve(TARGET));
      addPackages(prefix);
    }
    paths("VIRTUAL_ENV").forEach(this::addPackages);
    addToolkit(root.resolve("usr/local/cuda"));
    matching(root.resolve("usr/local"), TOOLKIT + "*").forEach(this::addToolkit);
    add(root.resolve("usr/lib64"));
    add(root.resolve("usr/lib/x86_64-linux-gnu"));
    paths("PATH").forEach(this::addInterpreter);
    paths("HOME").forEach(home -> addPackages(home.resolve(".local")));
    addPackages(root.resolve("usr/local"));
    addPackages(root.resolve("usr"));
  }

  /** The folders of this machine. */
  static LibraryFolders ofThisMachine() {
    return new LibraryFolders(Path.of("/"), System.getenv());
  }

  /** The folders of a machine whose files are below a root. */
  static LibraryFolders of(Path root, Map<String, String> environment) {
    return new LibraryFolders(root, environment);
  }

  /** The folders that exist, in the order in which they are searched. */
  List<Path> existing() {
    return List.copyOf(found.values());
  }

  /** The folders that have all of these files, in the order in which they are searched. */
  List<Path> holding(List<String> files) {
    return existing().stream()
        .filter(folder -> files.stream().allMatch(file -> Files.exists(folder.resolve(file))))
        .toList();
  }

  /** The folders that were searched, and those of them that exist. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "looked, in this order, in %s, %s, the %s of the python3 on PATH and of the system's, and"
            + " the system's library path; of these exist %s",
        ANNOUNCED.stream().map(this::setting).collect(Collectors.joining(", ")),
        "/usr/local/cuda/lib64, /usr/local/cuda-13*/lib64, /usr/lib64, /usr/lib/x86_64-linux-gnu",
        "site-packages/" + String.join(" and ", WHEELS),
        found.isEmpty()
            ? "none"
            : existing().stream().map(Path::toString).collect(Collectors.joining(", ")));
  }

  /** A variable of the environment and its value, for messages. */
  String setting(String name) {
    String value = environment.getOrDefault(name, "");
    return name + " (" + (value.isEmpty() ? "not set" : value) + ")";
  }

  private void add(Path folder) {
    if (Files.isDirectory(folder)) {
      // By the targets of links: /usr/local/cuda is a link to one of its neighbours.
      found.putIfAbsent(real(folder), folder);
    }
  }

  private void addToolkit(Path toolkit) {
    add(toolkit.resolve("lib64"));
    add(toolkit.resolve(TARGET));
  }

  /**
   * The folders of NVIDIA's libraries among the packages of an environment, or of an installation.
   */
  private void addPackages(Path prefix) {
    for (Path python : matching(prefix.resolve("lib"), "python3*")) {
      for (String packages : List.of("site-packages", "dist-packages")) {
        WHEELS.forEach(wheels -> add(python.resolve(packages).resolve(wheels)));
      }
    }
  }

  /**
   * The packages of a folder's interpreter, which is not started: those of the environment of the
   * folder, and of the installation that is the target of the environment's link.
   */
  private void addInterpreter(Path programs) {
    for (String name : List.of("python3", "python")) {
      Path interpreter = programs.resolve(name);
      if (Files.isExecutable(interpreter)) {
        addPrefix(interpreter);
        addPrefix(real(interpreter));
      }
    }
  }

  private void addPrefix(Path interpreter) {
    Path programs = interpreter.getParent();
    Path prefix = programs == null ? null : programs.getParent();
    if (prefix != null) {
      addPackages(prefix);
    }
  }

  /** The paths of a variable; empty if it is not set. */
  private List<Path> paths(String variable) {
    List<Path> paths = new ArrayList<>();
    for (String text : environment.getOrDefault(variable, "").split(File.pathSeparator, -1)) {
      // The loader takes an empty path for the working folder, which is not searched.
      Path path = text.isEmpty() ? null : path(text);
      if (path != null) {
        paths.add(path);
      }
    }
    return paths;
  }

  /** A path; null where no file can have the name. */
  private static @Nullable Path path(String text) {
    try {
      return Path.of(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /** The target of links; the path itself if they have no target or may not be read. */
  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path;
    }
  }

  private static List<Path> matching(Path folder, String glob) {
    List<Path> paths = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
        entries.forEach(paths::add);
      } catch (IOException | UncheckedIOException e) {
        // A folder that may not be read is treated as empty.
        return List.of();
      }
    }
    paths.sort(NEWEST_FIRST);
    return paths;
  }

  /** The number after the last point of a folder's name; 0 if there is none. */
  private static int minor(Path folder) {
    String name = folder.getFileName().toString();
    String digits = name.substring(name.lastIndexOf('.') + 1);
    return digits.matches("\\d{1,6}") ? Integer.parseInt(digits) : 0;
  }
}
