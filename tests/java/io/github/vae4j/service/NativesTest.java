// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The unpacked libraries of a service, on systems that hinder that; each service is a JVM. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
@Tag("slow")
final class NativesTest {
  @TempDir static Path folder;

  private static final List<ServiceFolder> SERVICES = new ArrayList<>();
  private static final List<String> EXPECTED = new ArrayList<>();

  @TempDir Path place;

  @BeforeAll
  static void makeService() throws Exception {
    SERVICES.add(ServiceFolder.make(folder));
    EXPECTED.addAll(run(List.of(), Map.of(), List.of("-Duser.home=" + folder)));
    assertEquals("backend cpu", EXPECTED.get(0), EXPECTED.toString());
  }

  private static List<String> run(
      List<String> before, Map<String, String> environment, List<String> options) throws Exception {
    ServiceFolder service = SERVICES.get(0);
    List<String> command = new ArrayList<>(before);
    command.addAll(service.command(ServiceFolder.here(), options, service.jars()));
    command.add("cpu");
    return service.run(environment, command);
  }

  private static List<Path> libraries(Path cache) throws IOException {
    try (Stream<Path> all = Files.walk(cache)) {
      return all.filter(file -> file.getFileName().toString().contains(".so"))
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .toList();
    }
  }

  /** Changes libraries, which keep their size and their times. */
  private static Map<Path, FileTime> alter(List<Path> libraries) throws IOException {
    Map<Path, FileTime> times = new HashMap<>();
    for (Path library : libraries) {
      FileTime time = Files.getLastModifiedTime(library);
      try (RandomAccessFile file = new RandomAccessFile(library.toFile(), "rw")) {
        file.write(new byte[4096]);
      }
      Files.setLastModifiedTime(library, time);
      times.put(library, time);
    }
    return times;
  }

  /** JavaCPP looks at the size and the time of a file. */
  @Test
  void aLibraryThatWasAlteredOrCutOffIsReplaced() throws Exception {
    List<String> home = List.of("-Duser.home=" + place);
    run(List.of(), Map.of(), home);
    List<Path> libraries = libraries(place.resolve(".javacpp"));
    assertTrue(libraries.size() >= 6, libraries.toString());
    Map<Path, FileTime> times = alter(libraries);
    assertEquals(EXPECTED, run(List.of(), Map.of(), home));
    for (Path library : libraries) {
      assertEquals(times.get(library), Files.getLastModifiedTime(library), library.toString());
    }
    for (Path library : libraries) {
      try (RandomAccessFile file = new RandomAccessFile(library.toFile(), "rw")) {
        file.setLength(file.length() / 2);
      }
    }
    assertEquals(EXPECTED, run(List.of(), Map.of(), home));
  }

  @Test
  void processesThatStartAtOnceShareTheFolder() throws Exception {
    startAtOnce();
    alter(libraries(place.resolve(".javacpp")));
    startAtOnce();
  }

  private void startAtOnce() throws Exception {
    ServiceFolder service = SERVICES.get(0);
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      List<String> command =
          service.command(ServiceFolder.here(), List.of("-Duser.home=" + place), service.jars());
      processes.add(
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .redirectOutput(place.resolve("out" + i).toFile())
              .start());
    }
    for (int i = 0; i < processes.size(); i++) {
      assertEquals(0, processes.get(i).waitFor());
      assertEquals(EXPECTED, Files.readAllLines(place.resolve("out" + i)));
    }
  }

  @Test
  void applicationsThatStartAtOnceInOneJvmShareTheFolder() throws Exception {
    List<String> said = loaders(4, SERVICES.get(0).jars(), List.of());
    assertEquals(4, Collections.frequency(said, "backend cpu"), said.toString());
    assertEquals(
        4, Collections.frequency(said, EXPECTED.get(EXPECTED.size() - 1)), said.toString());
  }

  /** As in a folder of libraries that the applications of a server share. */
  @Test
  void aJavaCppThatApplicationsShareIsRefusedWithTheRemedy() throws Exception {
    List<Path> shared =
        SERVICES.get(0).jars().stream().filter(j -> j.toString().contains("javacpp-")).toList();
    List<String> said = loaders(2, SERVICES.get(0).jars(), shared);
    assertEquals(2, said.size(), said.toString());
    for (String line : said) {
      assertTrue(
          line.startsWith(
              "refused: backend cpu is not available: JavaCPP is in another class loader than vae4j"),
          line);
      assertTrue(line.contains("; put the jars of vae4j, JavaCPP"), line);
    }
  }

  private List<String> loaders(int count, List<Path> own, List<Path> shared) throws Exception {
    ServiceFolder service = SERVICES.get(0);
    List<String> command = new ArrayList<>();
    command.add(ServiceFolder.here().resolve("bin/java").toString());
    command.add("-Duser.home=" + place);
    command.addAll(List.of("-cp", "target/test-classes", Loaders.class.getName()));
    command.addAll(
        List.of(String.valueOf(count), ServiceFolder.path(own), ServiceFolder.path(shared)));
    command.addAll(service.models());
    command.add("cpu");
    return service.run(Map.of(), command);
  }

  /** Under this locale Java knows no name of a file beyond ASCII; JavaCPP made a folder "??". */
  @Test
  void aHomeBeyondAsciiUnderThePosixLocale() throws Exception {
    requireUtf8();
    Path home = Files.createDirectory(place.resolve("home"));
    Path temporary = Files.createDirectory(place.resolve("t"));
    Map<String, String> posix = Map.of("LC_ALL", "C");
    String named = home + "/J\u00fcrgen \u00c9";
    assertEquals(
        EXPECTED,
        run(List.of(), posix, List.of("-Duser.home=" + named, "-Djava.io.tmpdir=" + temporary)));
    try (Stream<Path> made = Files.list(home)) {
      assertEquals(List.of(), made.toList());
    }
    List<String> none =
        run(List.of(), posix, List.of("-Duser.home=?", "-Djava.io.tmpdir=" + named));
    assertEquals(1, none.size(), none.toString());
    assertTrue(none.get(0).contains("set the environment variable LC_ALL=C.UTF-8"), none.get(0));
  }

  @Test
  void spacesAndLettersBeyondAsciiInAllPaths() throws Exception {
    requireUtf8();
    Path named = Files.createDirectories(place.resolve("J\u00fcrgen \u00c9/x y"));
    assertEquals(
        EXPECTED, run(List.of(), Map.of("LC_ALL", "C.UTF-8"), List.of("-Duser.home=" + named)));
  }

  /** The temporary folder of a user without home is mounted so that nothing in it can execute. */
  @Test
  void aTemporaryFolderWithoutExecution() throws Exception {
    List<String> said = mounted("noexec,size=200m", "-Duser.home=?");
    assertEquals(1, said.size(), said.toString());
    assertTrue(
        said.get(0).contains("is on a file system that is mounted noexec; set -D"), said.get(0));
  }

  @Test
  void aDiskThatIsFull() throws Exception {
    List<String> said = mounted("size=8m", "-Duser.home=?");
    assertEquals(1, said.size(), said.toString());
    assertTrue(said.get(0).contains("No space left on device"), said.get(0));
    assertTrue(said.get(0).contains("; set -D"), said.get(0));
  }

  @Test
  void aHomeThatIsReadOnly() throws Exception {
    assertEquals(EXPECTED, mounted("ro", "-Duser.home=" + place.resolve("mount")));
    assertFalse(Files.exists(place.resolve("mount/.javacpp")));
  }

  /** Runs a service whose temporary folder, or home folder, is a file system in memory. */
  private List<String> mounted(String options, String home) throws Exception {
    requireRoot("unshare");
    Path mount = Files.createDirectory(place.resolve("mount"));
    Path temporary = home.contains("mount") ? Files.createDirectory(place.resolve("t")) : mount;
    Process trial =
        new ProcessBuilder("unshare", "-m", "mount", "-t", "tmpfs", "none", mount.toString())
            .redirectErrorStream(true)
            .start();
    String refused = new String(trial.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assumeTrue(trial.waitFor() == 0, "cannot mount here: " + refused);
    return run(
        List.of(
            "unshare",
            "-m",
            "bash",
            "-c",
            "mount -t tmpfs -o " + options + " none " + mount + " && exec \"$@\"",
            "bash"),
        Map.of(),
        List.of(home, "-Djava.io.tmpdir=" + temporary));
  }

  private static void requireUtf8() {
    String names = System.getProperty("sun.jnu.encoding", "");
    assumeTrue(names.equals("UTF-8"), "the names of files are in " + names + " here");
  }

  private static void requireRoot(String program) {
    assumeTrue(System.getProperty("user.name").equals("root"), program + " needs root");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin", program)), "needs " + program);
  }
}
