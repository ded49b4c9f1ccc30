// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C while scores were written left a hidden file beside them. */
final class ExitWhileWritingTest {
  @TempDir Path folder;

  @Test
  void nothingStaysBehindAndTheOldFileIsAsItWas() throws Exception {
    Path own = Files.createDirectories(folder.resolve("own"));
    Path file = Files.writeString(own.resolve("scores.csv"), "old");
    ChildJvm.Ended ended = ChildJvm.run(folder, ExitWhileWriting.class, file.toString());
    assertEquals(ExitWhileWriting.CODE, ended.code(), ended.err());
    try (Stream<Path> files = Files.list(own)) {
      assertEquals(1, files.count());
    }
    assertEquals("old", Files.readString(file));
  }
}
