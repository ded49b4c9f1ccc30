// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.PrivateFolder;
import io.github.vae4j.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder of the unpacked libraries: of another user, not writable, without a home. */
final class NativeFolderTest {
  @TempDir Path folder;

  @Test
  void aFolderThatOthersCanWriteIsRefused() throws IOException, InterruptedException {
    Path shared = allow(Files.createDirectory(folder.resolve("shared")), "rwxrwxrwx");
    Path own = Files.createDirectory(shared.resolve("own"));
    Path cache = Files.createDirectory(own.resolve("cache"));
    assertNull(PrivateFolder.openToOthers(cache));
    allow(own, "rwxrwxr-x");
    assertEquals(own + " can be written by other users", PrivateFolder.openToOthers(cache));
    ChildJvm.Ended ended = doctor("-D" + PrivateFolder.CACHE_PROPERTY + "=" + cache);
    assertTrue(
        ended.out().contains("from a folder that other users may have filled (" + own),
        ended.out());
    assertTrue(ended.out().contains("; set -D" + PrivateFolder.CACHE_PROPERTY), ended.out());
    allow(own, "rwxr-xr-x");
    allow(cache, "rwxr-xrwx");
    assertNotNull(PrivateFolder.openToOthers(cache));
  }

  /** Once only a folder below one that all can write was looked at. */
  @Test
  void aFolderThatOthersCanWriteIsRefusedAlsoWhereTheyCannotMakeOne() throws IOException {
    Path cache = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "cache");
    try {
      assertNull(PrivateFolder.openToOthers(cache));
      allow(cache, "rwxrwxrwx");
      assertEquals(cache + " can be written by other users", PrivateFolder.openToOthers(cache));
    } finally {
      Files.delete(cache);
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamedWithTheRemedy() throws IOException, InterruptedException {
    assertNotNull(PrivateFolder.unusable(Path.of("/proc/vae4j")));
    assertNull(PrivateFolder.unusable(folder.resolve("new")));
    Path file = Files.createFile(folder.resolve("file"));
    ChildJvm.Ended ended =
        doctor(
            "-D" + PrivateFolder.CACHE_PROPERTY + "=" + file,
            "-Duser.home=" + file,
            "-Djava.io.tmpdir=" + file);
    assertTrue(ended.out().contains("cpu        not available: its native libraries"), ended.out());
    assertTrue(ended.out().contains("; set -D" + PrivateFolder.CACHE_PROPERTY), ended.out());
  }

  @Test
  void withoutAHomeNoFolderOfThatNameIsMade() throws IOException, InterruptedException {
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    ChildJvm.Ended ended = doctor("-Duser.home=?", "-Djava.io.tmpdir=" + temporary);
    assertTrue(ended.out().contains("cpu        works"), ended.out());
    assertFalse(Files.exists(Path.of("?")), "a folder ?");
    try (var made = Files.list(temporary)) {
      assertTrue(made.anyMatch(p -> p.getFileName().toString().startsWith(".javacpp-")));
    }
  }

  private static Path allow(Path path, String permissions) throws IOException {
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private ChildJvm.Ended doctor(String... options) throws IOException, InterruptedException {
    return ChildJvm.run(folder, List.of(), Map.of(), List.of(options), Main.class, "doctor");
  }
}
