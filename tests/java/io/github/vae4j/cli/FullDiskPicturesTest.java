// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is full while decoded pictures are written. A limit on the size of files stands for
 * it: a write beyond the limit fails in the middle.
 */
@EnabledOnOs(OS.LINUX)
@Tag("slow")
class FullDiskPicturesTest {
  private static final int LIMIT_KIB = 64;
  private static final int COUNT = 400;
  private static final int SIDE = 16;

  /** Folders whose files have fewer bytes are not kept. */
  private static final long KEPT_BYTES = 1 << 26;

  @TempDir Path root;
  private Path pictures = Path.of("");
  private Path caches = Path.of("");

  @BeforeEach
  void write() throws IOException {
    pictures = Files.createDirectories(root.resolve("pictures"));
    caches = root.resolve("caches");
    for (int i = 0; i < COUNT; i++) {
      int type = i == 0 ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_BYTE_GRAY;
      BufferedImage image = new BufferedImage(SIDE, SIDE, type);
      image.setRGB(i % SIDE, 1, 0xff909090);
      ImageIO.write(image, "png", pictures.resolve(i + ".png").toFile());
    }
    // Bytes after the last chunk of a PNG have no meaning.
    try (RandomAccessFile file = new RandomAccessFile(pictures.resolve("1.png").toFile(), "rw")) {
      file.setLength(KEPT_BYTES);
    }
  }

  private Subprocess.Ended train(String... properties) throws Exception {
    List<String> options =
        Stream.concat(
                Stream.of(
                    "-XX:-UsePerfData", "-Djava.awt.headless=true", "-Dvae4j.data.cache=" + caches),
                Stream.of(properties))
            .toList();
    return Subprocess.shell(
            root,
            "ulimit -f " + LIMIT_KIB + " && exec \"$@\"",
            options,
            "train",
            "--data=" + pictures + "/",
            "--out=" + root.resolve("run"),
            "--hidden=2",
            "--latent=1",
            "--epochs=1",
            "--channels=1",
            "--backend=reference")
        .join();
  }

  private List<Path> kept() throws IOException {
    try (Stream<Path> files = Files.list(caches)) {
      return files.toList();
    }
  }

  @Test
  void picturesThatFitIntoMemoryAreReadThere() throws Exception {
    Subprocess.Ended ended = train();
    assertEquals(0, ended.code(), ended.err());
    assertTrue(
        ended.err().contains("its decoded pictures are not kept: cannot write"), ended.err());
    assertTrue(
        ended.err().contains("1 of " + COUNT + " pictures have transparent pixels"), ended.err());
    assertEquals(List.of(), kept());
  }

  @Test
  void othersAreAnErrorWithBothReasons() throws Exception {
    Subprocess.Ended ended = train("-Dvae4j.data.resident=0");
    assertEquals(1, ended.code(), ended.err());
    assertTrue(
        ended.err().contains("does not fit into memory, and its decoded pictures are not kept"),
        ended.err());
    assertTrue(ended.err().contains("-Dvae4j.data.cache=FOLDER"), ended.err());
    assertEquals(List.of(), kept());
  }
}
