// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import io.github.vae4j.backend.BackendUnavailableException;
import io.github.vae4j.backend.PrivateFolder;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/**
 * The folder into which JavaCPP unpacks the libraries: ~/.javacpp/cache, or a folder of a
 * predictable name in the temporary folder where that cannot be written. JavaCPP loads a file that
 * is there already if its size and time are right.
 */
final class NativeFolder {
  private NativeFolder() {}

  /** Refuses a folder that another user may have filled, before anything is loaded from it. */
  static void require(List<String> resources) {
    PrivateFolder.chooseCache();
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
      if (cache.startsWith(Path.of(System.getProperty("java.io.tmpdir")))) {
        for (String resource : resources) {
          verify(resource);
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
   * The reason of a failure to load, with the fault of the folder if there is one, and the remedy.
   */
  static String failure(LinkageError error) {
    return fault(error.getMessage()) + PrivateFolder.REMEDY;
  }

  private static String fault(@Nullable String message) {
    try {
      String unusable = PrivateFolder.unusable(Loader.getCacheDir().toPath());
      return unusable == null ? String.valueOf(message) : unusable;
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Compares an unpacked library with the packed one, and unpacks it again if it differs. */
  private static void verify(String resource) throws IOException {
    URL url = Native.class.getResource(resource);
    if (url == null || !(url.openConnection() instanceof JarURLConnection connection)) {
      return;
    }
    long packed = connection.getJarEntry().getCrc();
    File file = Loader.cacheResource(url);
    if (crc(file.toPath()) != packed) {
      Files.delete(file.toPath());
      long again = crc(Loader.cacheResource(url).toPath());
      if (again != packed) {
        throw new IOException(file + " differs from the packed library");
      }
    }
  }

  private static long crc(Path file) throws IOException {
    try (CheckedInputStream in = new CheckedInputStream(Files.newInputStream(file), new CRC32())) {
      in.transferTo(OutputStream.nullOutputStream());
      return in.getChecksum().getValue();
    }
  }
}
