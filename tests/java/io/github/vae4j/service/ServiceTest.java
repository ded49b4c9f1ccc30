// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Programs;
import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableOptions;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.table.TableModel;
import io.github.vae4j.table.TableTraining;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A service with the jars of docs/services.md and no others, in a JVM of its own. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
final class ServiceTest {
  /** Bytes of all jars but those with natives. */
  private static final long MOST = 3_000_000;

  @TempDir static Path folder;

  private static Path model = Path.of("");
  private static Path run = Path.of("");
  private static Path runtime = Path.of("");
  private static final List<Path> JARS = new ArrayList<>();

  @BeforeAll
  static void makeModelsAndJars() throws Exception {
    model = folder.resolve("model.safetensors");
    VaeSpec spec = VaeSpec.builder(16).hidden(8).latent(2).build();
    try (Vae vae =
        Vae.create(spec, new BackendOptions(BackendOptions.Kind.REFERENCE, 1, Precision.FP32), 1)) {
      vae.save(model);
    }
    StringBuilder text = new StringBuilder("amount,land\n");
    for (int i = 0; i < 60; i++) {
      text.append(20 + i * 7 % 13 / 2.0).append(i % 3 == 0 ? ",FR\n" : ",DE\n");
    }
    Path data = Files.writeString(folder.resolve("table.csv"), text);
    run = folder.resolve("run");
    try (Table table = Table.open(data.toString(), TableOptions.defaults())) {
      TableModel.train(table, TableTraining.defaults().epochs(2)).save(run);
    }
    runtime = ServiceJars.runtime(folder);
    JARS.add(ServiceJars.program(folder, Service.class));
    JARS.add(runtime);
    JARS.add(ServiceJars.natives(folder));
    JARS.addAll(ServiceJars.ofRepository());
  }

  private static List<String> run(Path java, List<String> options, List<Path> classPath)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(java.resolve("bin/java").toString());
    command.add("-XX:+UseSerialGC");
    command.addAll(options);
    command.add("-cp");
    command.add(String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList()));
    command.addAll(List.of(Service.class.getName(), model.toString(), run.toString()));
    return new Programs(folder)
        .run(Map.of(), command)
        .lines()
        .filter(line -> !line.startsWith("SLF4J"))
        .toList();
  }

  private static Path here() {
    return Path.of(System.getProperty("java.home"));
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
  void theJarsWithoutNativesAreSmall() throws Exception {
    long bytes = Files.size(runtime);
    for (Path jar : ServiceJars.ofRepository()) {
      bytes += jar.toString().contains("linux-x86_64") ? 0 : Files.size(jar);
    }
    assertTrue(bytes < MOST, bytes + " bytes");
  }

  @Test
  void theJarsOfAServiceGiveTheResultsOfAllJars() throws Exception {
    List<String> service = run(here(), List.of(), JARS);
    assertEquals("backend cpu", service.get(0), service.toString());
    assertTrue(
        service
            .get(5)
            .startsWith(
                "cuda backend cuda is not available: its classes are not on the class path"),
        service.toString());
    List<Path> all = new ArrayList<>(List.of(JARS.get(0), Path.of("target/classes")));
    for (String jar :
        Files.readString(Path.of("target/classpath.txt")).split(File.pathSeparator, -1)) {
      all.add(Path.of(jar.strip()));
    }
    List<String> complete =
        run(here(), List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=off"), all);
    assertEquals(9, service.size(), service.toString());
    assertEquals(without(complete, "cuda"), without(service, "cuda"));
  }

  private static List<String> without(List<String> lines, String start) {
    return lines.stream().filter(line -> !line.startsWith(start)).toList();
  }
}
