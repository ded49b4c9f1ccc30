// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.VaeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @Test
  void writesAndReplaces() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeText(file, "one ü");
    assertEquals("one ü", Files.readString(file));
    AtomicFiles.writeText(file, "");
    assertEquals("", Files.readString(file));
    assertEquals(List.of("a.txt"), names());
  }

  @Test
  void theFileIsReadableByWhomAnyNewFileIs() throws IOException {
    Path plain = Files.createFile(folder.resolve("plain"));
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeText(file, "x");
    assertEquals(Files.getPosixFilePermissions(plain), Files.getPosixFilePermissions(file));
  }

  @Test
  void nothingIsSeenUntilAllIsWritten() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeText(file, "old");
    AtomicFiles.write(
        file,
        out -> {
          out.write('n');
          out.flush();
          assertEquals("old", Files.readString(file));
          out.write('w');
        });
    assertEquals("nw", Files.readString(file));
  }

  @Test
  void aFailureMidwayLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeText(file, "old");
    AtomicFiles.Content full =
        out -> {
          out.write(new byte[100_000]);
          throw new IOException("No space left on device");
        };
    VaeException thrown =
        Thrown.says(
            VaeException.class,
            () -> AtomicFiles.write(file, full),
            "cannot write " + file + ": No space left on device; the file that was there is");
    assertTrue(thrown.getCause() instanceof IOException);
    assertEquals("old", Files.readString(file));
    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicFiles.write(
                file,
                out -> {
                  throw new IllegalStateException("a bug");
                }));
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("a.txt"), names());

    Path fresh = folder.resolve("fresh.txt");
    String message =
        String.valueOf(
            assertThrows(VaeException.class, () -> AtomicFiles.write(fresh, full)).getMessage());
    assertFalse(message.contains("unchanged"), message);
    assertEquals(List.of("a.txt"), names());
  }

  @Test
  void aFullDiskIsNamed() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "no /dev/full");
    Thrown.says(
        VaeException.class,
        () -> AtomicFiles.write(full, out -> out.write(new byte[1000])),
        "cannot write /dev/full: No space left on device");
    assertFalse(Files.isRegularFile(full), "the device is still one");
  }

  @Test
  void aDeviceIsWrittenAndNotReplaced() {
    Path device = Path.of("/dev/null");
    assumeTrue(Files.isWritable(device), "no /dev/null");
    AtomicFiles.writeText(device, "x");
    assertFalse(Files.isRegularFile(device));
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Path target = folder.resolve("target.txt");
    AtomicFiles.writeText(target, "old");
    Path link = Files.createSymbolicLink(folder.resolve("link.txt"), target);
    AtomicFiles.writeText(link, "new");
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(target));
  }

  @Test
  void placesThatCannotBeAreNamed() throws IOException {
    Path nowhere = folder.resolve("no").resolve("a.txt");
    Thrown.says(
        VaeException.class,
        () -> AtomicFiles.writeText(nowhere, "x"),
        "cannot write " + nowhere + ": there is no folder " + folder.resolve("no"));
    Path taken = Files.createDirectory(folder.resolve("taken"));
    Thrown.says(
        VaeException.class, () -> AtomicFiles.writeText(taken, "x"), taken + ": it is a folder");
    assertEquals(List.of("taken"), names());
  }

  @Test
  void anInterruptedThreadFinishesItsFile() throws IOException {
    Path file = folder.resolve("a.txt");
    Thread.currentThread().interrupt();
    AtomicFiles.writeText(file, "whole");
    assertTrue(Thread.interrupted(), "the interrupt is still pending");
    assertEquals("whole", Files.readString(file));
  }

  @Test
  void thePreviousFileTakesItsName() throws IOException {
    Path file = folder.resolve("a.txt");
    Path previous = folder.resolve("b.txt");
    AtomicFiles.write(file, out -> out.write('1'), previous);
    assertEquals(List.of("a.txt"), names());
    AtomicFiles.write(file, out -> out.write('2'), previous);
    AtomicFiles.write(file, out -> out.write('3'), previous);
    assertEquals("3", Files.readString(file));
    assertEquals("2", Files.readString(previous));
    assertThrows(
        VaeException.class,
        () ->
            AtomicFiles.write(
                file,
                out -> {
                  throw new IOException("no");
                },
                previous));
    assertEquals("3", Files.readString(file));
    assertEquals("2", Files.readString(previous));
    assertEquals(List.of("a.txt", "b.txt"), names());
  }

  @Test
  void whatKilledWritersLeftIsFound() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeText(file, "x");
    Files.createFile(folder.resolve(".a.txt.0123.tmp"));
    Files.createFile(folder.resolve(".b.txt.0123.tmp"));
    Files.createFile(folder.resolve("a.txt.tmp"));
    AtomicFiles.deleteLeftovers(file);
    assertEquals(List.of(".b.txt.0123.tmp", "a.txt", "a.txt.tmp"), names());
  }

  @Test
  void aLinkWithoutATargetMakesIt() throws IOException {
    Path target = folder.resolve("target.txt");
    Path second = Files.createSymbolicLink(folder.resolve("second"), Path.of("target.txt"));
    Path link = Files.createSymbolicLink(folder.resolve("link.txt"), second);
    AtomicFiles.writeText(link, "new");
    assertTrue(Files.isSymbolicLink(link));
    assertTrue(Files.isSymbolicLink(second));
    assertFalse(Files.isSymbolicLink(target));
    assertEquals("new", Files.readString(target));
    assertEquals(List.of("link.txt", "second", "target.txt"), names());
  }

  @Test
  void aLoopOfLinksIsNamed() throws IOException {
    Path a = folder.resolve("a");
    Files.createSymbolicLink(a, Path.of("b"));
    Files.createSymbolicLink(folder.resolve("b"), Path.of("a"));
    Thrown.says(
        VaeException.class,
        () -> AtomicFiles.writeText(a, "x"),
        "cannot write " + a + ": its links form a loop");
  }

  @Test
  void aPlantedTemporaryFileIsNotFollowed() throws IOException {
    Path victim = Files.writeString(folder.resolve("victim"), "precious");
    for (String name : List.of(".a.png.partial", ".a.png.tmp", "a.png.tmp")) {
      Files.createSymbolicLink(folder.resolve(name), victim);
    }
    AtomicFiles.writeText(folder.resolve("a.png"), "x");
    assertEquals("precious", Files.readString(victim));
  }

  @Test
  void writersAtOnceLeaveOneWholeFile() throws Exception {
    Path file = folder.resolve("a.bin");
    byte[][] contents = {new byte[300_000], new byte[200_000]};
    Arrays.fill(contents[0], (byte) 1);
    Arrays.fill(contents[1], (byte) 2);
    List<Thread> writers = new ArrayList<>();
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    for (byte[] content : contents) {
      Thread writer =
          new Thread(
              () -> {
                for (int i = 0; i < 20; i++) {
                  AtomicFiles.write(file, out -> out.write(content));
                }
              });
      writer.setUncaughtExceptionHandler((thread, e) -> failures.add(e));
      writers.add(writer);
      writer.start();
    }
    for (Thread writer : writers) {
      writer.join();
    }
    assertEquals(List.of(), failures);
    byte[] left = Files.readAllBytes(file);
    assertTrue(Arrays.equals(left, contents[0]) || Arrays.equals(left, contents[1]));
    assertEquals(List.of("a.bin"), names());
  }

  @Test
  void aFileKeepsItsPermissions() throws IOException {
    Path file = Files.createFile(folder.resolve("a.txt"));
    var mine = PosixFilePermissions.fromString("rw-------");
    Files.setPosixFilePermissions(file, mine);
    AtomicFiles.writeText(file, "secret");
    assertEquals(mine, Files.getPosixFilePermissions(file));
  }

  @Test
  void theLongestNameCanBeWritten() throws IOException {
    Path file = folder.resolve("ü".repeat(120) + ".npy");
    AtomicFiles.writeText(file, "x");
    assertEquals("x", Files.readString(file));
  }

  @Test
  void aFolderThatCannotBeIsNamed() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("gone"));
    Path file = link.resolve("a.txt");
    Thrown.says(
        VaeException.class,
        () -> AtomicFiles.createFolderOf(file),
        "cannot write " + file + ": its folder " + link + " cannot be created: it is a link to ",
        "gone, which does not exist");
    Path plain = Files.createFile(folder.resolve("plain"));
    Thrown.says(
        VaeException.class,
        () -> AtomicFiles.createFolderOf(plain.resolve("a.txt")),
        "its folder " + plain + " cannot be created: there is a file of that name");
    AtomicFiles.createFolderOf(folder.resolve("new/deep/a.txt"));
    assertTrue(Files.isDirectory(folder.resolve("new/deep")));
  }
}
