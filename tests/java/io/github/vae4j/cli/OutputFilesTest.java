// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that commands write, where they cannot be written whole. */
@EnabledOnOs(OS.LINUX)
class OutputFilesTest {
  @TempDir static Path shared;
  @TempDir Path folder;

  private static String model = "";

  @BeforeAll
  static void train() throws IOException {
    model = "--model=" + shared.resolve("run");
    Cli.ok(
        "train",
        Cli.imageRows(shared),
        "--out=" + shared.resolve("run"),
        "--backend=reference",
        "--latent=2",
        "--hidden=4",
        "--epochs=1");
  }

  @Test
  void anotherEndingIsRefusedWithThoseOfTheCommand() {
    String data = "--data=x.csv";
    Map<List<String>, String> commands =
        Map.of(
            List.of("score", data), ".csv or .parquet",
            List.of("impute", data), ".csv or .parquet",
            List.of("encode", data), ".npy, .csv or .parquet",
            List.of("sample"), ".png, .npy, .csv or .parquet",
            List.of("decode", "--codes=z.npy"), ".png, .npy, .csv or .parquet",
            List.of("traverse"), ".png, .gif, .npy, .csv or .parquet");
    commands.forEach(
        (command, ends) -> {
          for (String out : List.of(folder.toString(), "x.jpg")) {
            Cli.fails(
                2,
                List.of(
                    "--out", "expected a name that ends in " + ends + ", given \"" + out + "\""),
                Cli.with(command, model, "--out=" + out));
          }
        });
  }

  /** Whatever the locale of the build is, the letter is made by the shell. */
  @ParameterizedTest
  @ValueSource(strings = {"sample --out=", "encode --out=x.npy --data="})
  void aNameThatTheLocaleCannotHaveIsRefusedWithTheRemedy(String command) throws Exception {
    Subprocess.Ended ended =
        Subprocess.shell(
                folder,
                "export LC_ALL=C; exec \"$@\" " + command + "$(printf 'x\\303\\244.csv') " + model,
                List.of())
            .join();
    assertEquals(2, ended.code(), ended.err());
    assertTrue(ended.err().contains("set LC_ALL=C.UTF-8"), ended.err());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> !name.startsWith("std"))
          .sorted()
          .toList();
    }
  }

  /** As on a full disk: no file may have more than 16 KiB. */
  @ParameterizedTest
  @ValueSource(strings = {"x.npy", "x.csv", "x.png"})
  void aDiskThatIsFullLeavesTheOldFile(String name) throws Exception {
    Path file = Files.writeString(folder.resolve(name), "old");
    Subprocess.Ended ended =
        Subprocess.shell(
                folder,
                "ulimit -f 16; exec \"$@\"",
                List.of("-XX:-UsePerfData"),
                "sample",
                model,
                "--backend=reference",
                "--draw",
                "-n",
                "4000",
                "--out=" + file)
            .join();
    assertEquals(1, ended.code(), ended.err());
    assertTrue(
        ended
            .err()
            .contains(
                "vae4j: error: cannot write "
                    + file
                    + ": File too large; the file that was there is unchanged"),
        ended.err());
    assertEquals("old", Files.readString(file));
    assertEquals(List.of(name), names());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.npy", "x.csv", "x.png"})
  void aFullDeviceBehindALinkIsAnErrorAndStaysALink(String name) throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "no /dev/full");
    Path link = Files.createSymbolicLink(folder.resolve(name), full);
    Cli.fails(
        1,
        List.of("cannot write " + link + ": No space left on device"),
        "sample",
        model,
        "--backend=reference",
        "--out=" + link);
    assertTrue(Files.isSymbolicLink(link));
  }

  @Test
  void aLinkToStandardOutputIsWrittenThrough() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("x.csv"), Path.of("/dev/stdout"));
    Subprocess.Ended ended =
        Subprocess.shell(
                folder,
                "\"$@\"",
                List.of(),
                "sample",
                model,
                "--backend=reference",
                "-n",
                "3",
                "--out=" + link)
            .join();
    assertEquals(0, ended.code(), ended.err());
    List<String> lines = ended.out().lines().toList();
    assertEquals(5, lines.size(), ended.out());
    assertTrue(lines.get(0).startsWith("x0,x1,"), ended.out());
    assertEquals("wrote 3 rows to " + link, lines.get(4));
  }
}
