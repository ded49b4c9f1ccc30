// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.vae4j.Programs;
import io.github.vae4j.gpu.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The other versions of Java in /usr/lib/jvm and in variables such as JAVA_HOME_21_X64: a service,
 * the launcher, and a few test classes of the suite run on each.
 */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
@Tag("slow")
final class OtherJavaTest {
  private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"([0-9]+)");

  private static final List<String> SMOKE =
      List.of(
          "backend.cpu.NativeProgramsTest",
          "checkpoint.SafeTensorsTest",
          "checkpoint.VaeJsonTest",
          "data.CsvTest");

  @TempDir Path folder;

  /** The homes of the JDKs of 17 and later, by version, without this one. */
  private static Map<Integer, Path> others() throws IOException {
    List<Path> homes = new ArrayList<>();
    System.getenv().entrySet().stream()
        .filter(variable -> variable.getKey().matches("JAVA_HOME_.*"))
        .forEach(variable -> homes.add(Path.of(variable.getValue())));
    Path installed = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(installed)) {
      try (Stream<Path> all = Files.list(installed)) {
        homes.addAll(all.toList());
      }
    }
    Map<Integer, Path> found = new TreeMap<>();
    for (Path home : homes) {
      Path release = home.resolve("release");
      if (Files.isExecutable(home.resolve("bin/java")) && Files.isReadable(release)) {
        Matcher version = VERSION.matcher(Files.readString(release));
        if (version.find() && Integer.parseInt(version.group(1)) >= 17) {
          found.put(Integer.parseInt(version.group(1)), home);
        }
      }
    }
    found.remove(Runtime.version().feature());
    assumeFalse(found.isEmpty(), "no other JDK in /usr/lib/jvm, nor in a variable JAVA_HOME_*");
    return found;
  }

  private static List<String> nativeAccess(int version) {
    return version < 22 ? List.of() : List.of("--enable-native-access=ALL-UNNAMED");
  }

  @Test
  void aServiceHasTheSameResultsAndNoWarning() throws Exception {
    Map<Integer, Path> others = others();
    ServiceFolder service = ServiceFolder.make(folder);
    List<String> expected =
        service.run(Map.of(), service.command(ServiceFolder.here(), List.of(), service.jars()));
    for (Map.Entry<Integer, Path> java : others.entrySet()) {
      List<String> said =
          service.run(
              Map.of(),
              service.command(java.getValue(), nativeAccess(java.getKey()), service.jars()));
      assertEquals(expected, said, "Java " + java.getKey());
    }
  }

  @Test
  void theLauncherGivesNoWarning() throws Exception {
    Map<Integer, Path> others = others();
    Path script = ServiceJars.installed(folder);
    for (Map.Entry<Integer, Path> java : others.entrySet()) {
      String said =
          new Programs(folder)
              .run(
                  Map.of("JAVA_HOME", java.getValue().toString()),
                  List.of(script.toString(), "doctor"));
      assertFalse(said.contains("WARNING"), said);
      assertTrue(said.contains("cpu        works"), said);
    }
  }

  @Test
  void aPartOfTheSuitePasses() throws Exception {
    for (Map.Entry<Integer, Path> java : others().entrySet()) {
      List<String> command = new ArrayList<>();
      command.add(java.getValue().resolve("bin/java").toString());
      command.addAll(List.of("-XX:+UseSerialGC", "-Xmx1g", "-Dvae4j.leaks=stack"));
      command.addAll(nativeAccess(java.getKey()));
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.add(TestRun.class.getName());
      SMOKE.forEach(tests -> command.add("io.github.vae4j." + tests));
      String said = new Programs(folder).run(Map.of(), command);
      assertTrue(said.contains("\"failed\":0"), said);
      assertFalse(said.contains("WARNING"), said);
    }
  }
}
