// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.files.UserFolders;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder from which code is loaded: another user must not be able to put files there, and the
 * system must let this process write and execute them.
 */
public final class PrivateFolder {
  /** The system property of the folder into which JavaCPP unpacks libraries. */
  public static final String CACHE_PROPERTY = "org.bytedeco.javacpp.cachedir";

  /** The way out of a fault of that folder, for messages. */
  public static final String REMEDY =
      "; set -D"
          + CACHE_PROPERTY
          + "=FOLDER to a folder of this user that is writable and executable";

  private PrivateFolder() {}

  /**
   * Chooses JavaCPP's folder where the JVM knows no home folder: JavaCPP would make a folder of the
   * name "?" in the present folder. To be called before the first use of JavaCPP.
   *
   * @throws BackendUnavailableException if the JVM cannot use the name of the temporary folder
   */
  public static void chooseCache() {
    if (System.getProperty(CACHE_PROPERTY) == null && UserFolders.home() == null) {
      String temporary = System.getProperty("java.io.tmpdir");
      try {
        Path cache = Path.of(temporary, ".javacpp-" + user(), "cache");
        System.setProperty(CACHE_PROPERTY, cache.toString());
      } catch (InvalidPathException e) {
        throw new BackendUnavailableException(
            "this Java cannot use the names of its home folder and of its temporary folder, "
                + temporary
                + " (its names of files are in "
                + System.getProperty("sun.jnu.encoding")
                + "); set the environment variable LC_ALL=C.UTF-8, or -D"
                + CACHE_PROPERTY
                + "=FOLDER to a folder of ASCII letters",
            e);
      }
    }
  }

  /** The user's name; the number where the system has no name for it. */
  private static String user() {
    String name = System.getProperty("user.name", "?");
    if (!name.equals("?")) {
      return name.replaceAll("\\W", "_");
    }
    try {
      return String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException e) {
      return "user";
    }
  }

  /**
   * The reason why another user may have put files into a folder.
   *
   * @param folder an existing folder
   * @return the reason; null if the folder is this user's own
   * @throws IOException if the attributes of the folder cannot be read
   */
  public static @Nullable String openToOthers(Path folder) throws IOException {
    if (Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_WRITE)) {
      return folder + " can be written by other users";
    }
    Path shared = sharedAbove(folder.toAbsolutePath().normalize());
    if (shared == null) {
      return null;
    }
    UserPrincipal user = Files.getOwner(Path.of("/proc/self"));
    Path at = shared;
    for (Path name : shared.relativize(folder.toAbsolutePath().normalize())) {
      at = at.resolve(name);
      PosixFileAttributes attributes =
          Files.readAttributes(at, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      String owner = attributes.owner().getName();
      if (!attributes.owner().equals(user) && !owner.equals("root")) {
        return at + " belongs to " + owner + ", and this process runs as " + user.getName();
      }
      Set<PosixFilePermission> allowed = attributes.permissions();
      if (!attributes.isSymbolicLink()
          && (allowed.contains(PosixFilePermission.GROUP_WRITE)
              || allowed.contains(PosixFilePermission.OTHERS_WRITE))) {
        return at + " can be written by other users";
      }
    }
    return null;
  }

  /** The deepest folder above in which every user can make files, such as /tmp; null if none. */
  private static @Nullable Path sharedAbove(Path folder) throws IOException {
    for (Path above = folder.getParent(); above != null; above = above.getParent()) {
      if (Files.getPosixFilePermissions(above).contains(PosixFilePermission.OTHERS_WRITE)) {
        return above;
      }
    }
    return null;
  }

  /**
   * The reason why libraries cannot be stored in a folder and loaded from it.
   *
   * @param folder the folder; it may be missing
   * @return the reason; null if none was found
   */
  public static @Nullable String unusable(Path folder) {
    try {
      Files.createDirectories(folder);
      Path trial = Files.createTempFile(folder, "vae4j", ".trial");
      try {
        Files.write(trial, new byte[1 << 16]);
      } finally {
        Files.deleteIfExists(trial);
      }
    } catch (IOException e) {
      String reason = e.getMessage();
      return folder + " cannot be written (" + e.getClass().getSimpleName() + ": " + reason + ")";
    }
    return mountedWithoutExecution(folder)
        ? folder + " is on a file system that is mounted noexec"
        : null;
  }

  private static boolean mountedWithoutExecution(Path folder) {
    try (Stream<String> mounts = Files.lines(Path.of("/proc/mounts"))) {
      FileStore store = Files.getFileStore(folder);
      Path real = folder.toRealPath();
      return mounts
          .map(line -> line.split(" ", -1))
          .filter(fields -> fields.length > 3 && fields[0].equals(store.name()))
          .filter(fields -> real.startsWith(Path.of(fields[1].replace("\\040", " "))))
          .anyMatch(fields -> Stream.of(fields[3].split(",", -1)).anyMatch("noexec"::equals));
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
