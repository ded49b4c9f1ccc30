// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import io.github.vae4j.VaeException;
import io.github.vae4j.backend.BackendUnavailableException;
import io.github.vae4j.backend.NativeLoading;
import io.github.vae4j.backend.PrivateFolder;
import io.github.vae4j.files.AtomicFiles;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/**
 * The folder into which JavaCPP unpacks the libraries: ~/.javacpp/cache, or a folder of a
 * predictable name in the temporary folder where that cannot be written. JavaCPP takes a file that
 * is there already if its size and time are right; this class also compares its checksum.
 */
final class NativeFolder {
  private static final String LIBRARY = "/libvae4j.so";
  private static final String OF_JAVACPP = "/org/bytedeco/javacpp/linux-x86_64/libjnijavacpp.so";
  private static final Path MAPPED = Path.of("/proc/self/maps");

  private NativeFolder() {}

  /** Refuses a folder that another user may have filled, before anything is loaded from it. */
  static void require(List<String> resources) {
    NativeLoading.prepare();
    try {
      Path cache = Loader.getCacheDir().toPath();
      String open = PrivateFolder.openToOthers(cache);
      if (open != null) {
        throw new BackendUnavailableException(
            "its native libraries would be loaded from a folder that other users may have filled ("
                + open
                + ")"
                + PrivateFolder.REMEDY);
      }
      for (String resource : resources) {
        if (resource.endsWith(LIBRARY)) {
          refuseOther(resource);
        }
      }
      if (mapped().isEmpty()) {
        verify(Loader.class.getResource(OF_JAVACPP));
        for (String resource : resources) {
          verify(Native.class.getResource(resource));
        }
      }
    } catch (IOException e) {
      throw new BackendUnavailableException(
          "its native libraries cannot be unpacked ("
              + fault(e.getMessage())
              + ")"
              + PrivateFolder.REMEDY,
          e);
    }
  }

  /**
   * The reason of a failure to load and its remedy. JavaCPP passes over a library that does not
   * load, and then reports another one, which needs it.
   */
  static String failure(LinkageError error, List<String> resources) {
    try {
      String unusable = PrivateFolder.unusable(Loader.getCacheDir().toPath());
      if (unusable != null) {
        return unusable + PrivateFolder.REMEDY;
      }
      for (String resource : resources) {
        URL url = Native.class.getResource(resource);
        if (url == null) {
          return resource.substring(resource.lastIndexOf('/') + 1)
              + " is not on the class path, which must have io.github.vae4j:vae4j and"
              + " org.bytedeco:dnnl, each with the classifier linux-x86_64";
        }
        String reason = reason(Loader.cacheResource(url));
        if (reason != null) {
          return reason;
        }
      }
    } catch (IOException e) {
      return e.getMessage() + PrivateFolder.REMEDY;
    }
    return error + PrivateFolder.REMEDY;
  }

  /** The reason why a library does not load, with the remedy; null if it does. */
  private static @Nullable String reason(File library) {
    try {
      NativeLoading.run(() -> System.load(library.getPath()));
      return null;
    } catch (UnsatisfiedLinkError e) {
      String message = String.valueOf(e.getMessage());
      if (message.contains("another classloader")) {
        return null;
      }
      if (message.contains("--enable-native-access")) {
        return message;
      }
      // The JVM puts the path before the message of the dynamic loader, which begins with it.
      message = message.replace(library + ": " + library, library.getPath());
      return message.contains("failed to map segment")
          ? message
              + "; free memory, or raise the limit of this process (ulimit -v), if the folder may"
              + " execute"
          : message + "; if the file is damaged, delete it: it is unpacked again";
    }
  }

  private static String fault(@Nullable String message) {
    try {
      Path cache = Loader.getCacheDir().toPath();
      String unusable = PrivateFolder.unusable(cache);
      return unusable == null ? "into " + cache + ": " + message : unusable;
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /**
   * Refuses the library of another version of vae4j, which another class loader has loaded: the
   * dynamic loader knows a library by its name, and would give the first one to both.
   */
  private static void refuseOther(String resource) throws IOException {
    URL url = Native.class.getResource(resource);
    if (url == null) {
      return;
    }
    Path own = Loader.cacheResource(url).toPath().toRealPath();
    for (Path other : mapped()) {
      if (Files.exists(other) && !other.equals(own) && crc(other) != crc(own)) {
        throw new BackendUnavailableException(
            "another class loader of this JVM has loaded libvae4j of another version, "
                + other
                + ", and a process can have one only; give both applications the same vae4j, or a"
                + " JVM each");
      }
    }
  }

  /** The libraries of the name that this process has loaded. */
  private static Set<Path> mapped() throws IOException {
    if (Files.notExists(MAPPED)) {
      return Set.of();
    }
    Set<Path> libraries = new HashSet<>();
    // Decoded without an error for other lines, whose files may have names that are not UTF-8.
    String lines = new String(Files.readAllBytes(MAPPED), StandardCharsets.UTF_8);
    for (String line : lines.lines().filter(each -> each.endsWith(LIBRARY)).toList()) {
      Path library = named(line.substring(line.indexOf('/')));
      if (library != null) {
        libraries.add(library);
      }
    }
    return libraries;
  }

  /** A path; null if Java, which then did not load the file, cannot name it under this locale. */
  private static @Nullable Path named(String path) {
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /**
   * Compares an unpacked library with the packed one, and replaces it if it differs; also the
   * copies of it, with a number in their names, that JavaCPP makes for further class loaders.
   */
  private static void verify(@Nullable URL url) throws IOException {
    if (url == null || !(url.openConnection() instanceof JarURLConnection connection)) {
      return;
    }
    connection.setUseCaches(false);
    Path file = Loader.cacheResource(url).toPath();
    try (JarFile jar = connection.getJarFile()) {
      JarEntry packed = connection.getJarEntry();
      if (crc(file) != packed.getCrc()) {
        replace(file, jar, packed);
      }
      deleteOtherCopies(file, packed);
    }
  }

  /** The file gets its time before its name: JavaCPP in another process unpacks it otherwise. */
  private static void replace(Path file, JarFile jar, JarEntry packed) throws IOException {
    try {
      AtomicFiles.writeWithTime(
          file, out -> copy(jar, packed, out), FileTime.fromMillis(packed.getTime()));
    } catch (VaeException e) {
      throw new IOException(file + " differs from the packed library, and " + e.getMessage(), e);
    }
    if (crc(file) != packed.getCrc()) {
      throw new IOException(file + " differs from the packed library");
    }
  }

  private static void deleteOtherCopies(Path file, JarEntry packed) throws IOException {
    String name = String.valueOf(file.getFileName());
    Pattern copy = Pattern.compile(Pattern.quote(name.replaceAll("\\.so.*", "")) + "[0-9]+\\.so.*");
    try (Stream<Path> beside = Files.list(file.resolveSibling("."))) {
      for (Path other : beside.toList()) {
        if (copy.matcher(String.valueOf(other.getFileName())).matches()
            && crc(other) != packed.getCrc()) {
          Files.deleteIfExists(other);
        }
      }
    }
  }

  private static void copy(JarFile jar, JarEntry packed, OutputStream out) throws IOException {
    try (InputStream in = jar.getInputStream(packed)) {
      in.transferTo(out);
    }
  }

  /** Reads the file: a mapping would be kept until the next collection of garbage. */
  private static long crc(Path file) throws IOException {
    CRC32 checksum = new CRC32();
    byte[] block = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(block); count >= 0; count = in.read(block)) {
        checksum.update(block, 0, count);
      }
    }
    return checksum.getValue();
  }
}
