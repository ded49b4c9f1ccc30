// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.files;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The folders of this user. */
public final class UserFolders {
  private UserFolders() {}

  /**
   * The home folder.
   *
   * @return the folder; null if the JVM knows none, when its property user.home is "?", or has a
   *     name that the JVM cannot use: under the locale POSIX one with letters beyond ASCII
   */
  public static @Nullable Path home() {
    String home = System.getProperty("user.home", "");
    try {
      return home.startsWith("/") ? Path.of(home) : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /**
   * The folder of files that vae4j can make again: {@code $XDG_CACHE_HOME/vae4j}, else {@code
   * ~/.cache/vae4j}.
   *
   * @return the folder, which may be missing; null if the JVM knows no home folder
   */
  public static @Nullable Path caches() {
    String caches = System.getenv("XDG_CACHE_HOME");
    Path home = home();
    if (caches != null && caches.startsWith("/")) {
      return Path.of(caches).resolve("vae4j");
    }
    return home == null ? null : home.resolve(".cache").resolve("vae4j");
  }
}
