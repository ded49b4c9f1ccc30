// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A service with the jars of docs/services.md and no others, in a JVM of its own. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
final class ServiceTest {
  /** Bytes of all jars but those with natives. */
  private static final long MOST = 3_000_000;

  @TempDir Path folder;

  private static List<String> lines(
      ServiceFolder service, List<String> options, List<Path> classPath) throws Exception {
    return service.run(Map.of(), service.command(ServiceFolder.here(), options, classPath));
  }

  @Test
  void theDocumentsListWhatThePomPassesOn() throws Exception {
    Map<String, Long> documented = new LinkedHashMap<>(ServiceJars.documented());
    documented.keySet().removeIf(name -> name.startsWith("vae4j-"));
    Map<String, Long> found = new LinkedHashMap<>();
    TreeSet<String> direct = new TreeSet<>(ServiceJars.passedOn());
    for (Path jar : ServiceJars.ofRepository()) {
      String name = jar.getFileName().toString();
      found.put(name, Files.size(jar));
      direct.remove(
          name.replaceAll("-[0-9][0-9.]*(-[0-9][0-9.]*)?(-linux-x86_64)?\\.jar", "")
              + (name.contains("-linux-x86_64") ? " linux-x86_64" : ""));
    }
    assertEquals(new TreeMap<>(documented), new TreeMap<>(found));
    assertEquals(new TreeSet<>(), direct, "dependencies that docs/services.md does not list");
  }

  @Test
  void theZipOfTheCommandLineLeavesTheJarOfServicesOut() throws Exception {
    assertEquals(
        1,
        ServiceJars.nodes(
                "src/main/assembly/cli.xml", "//exclude[.='io.github.vae4j:vae4j:jar:runtime:*']")
            .getLength());
  }

  @Test
  void theJarsWithoutNativesAreSmall() throws Exception {
    long bytes = Files.size(ServiceJars.runtime(folder));
    for (Path jar : ServiceJars.ofRepository()) {
      bytes += jar.toString().contains("linux-x86_64") ? 0 : Files.size(jar);
    }
    assertTrue(bytes < MOST, bytes + " bytes");
  }

  @Test
  void theJarsOfAServiceGiveTheResultsOfAllJars() throws Exception {
    ServiceFolder made = ServiceFolder.make(folder);
    List<String> service = lines(made, List.of(), made.jars());
    assertEquals("backend cpu", service.get(0), service.toString());
    assertTrue(
        service
            .get(5)
            .startsWith(
                "cuda backend cuda is not available: its classes are not on the class path"),
        service.toString());
    List<Path> all = new ArrayList<>(List.of(made.jars().get(0), Path.of("target/classes")));
    all.addAll(ServiceJars.classPath());
    List<String> complete =
        lines(made, List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=off"), all);
    assertEquals(9, service.size(), service.toString());
    assertEquals(without(complete, "cuda"), without(service, "cuda"));
  }

  private static List<String> without(List<String> lines, String start) {
    return lines.stream().filter(line -> !line.startsWith(start)).toList();
  }
}
