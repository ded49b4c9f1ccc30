// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.service;

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
import java.util.List;
import java.util.Map;

/**
 * A folder with two small models and the jars of a service.
 *
 * @param folder the folder
 * @param jars the class path of {@link Service}: the program, vae4j's two jars, the others
 */
record ServiceFolder(Path folder, List<Path> jars) {
  static ServiceFolder make(Path folder) throws Exception {
    VaeSpec spec = VaeSpec.builder(16).hidden(8).latent(2).build();
    try (Vae vae =
        Vae.create(spec, new BackendOptions(BackendOptions.Kind.REFERENCE, 1, Precision.FP32), 1)) {
      vae.save(folder.resolve("model.safetensors"));
    }
    StringBuilder text = new StringBuilder("amount,land\n");
    for (int i = 0; i < 60; i++) {
      text.append(20 + i * 7 % 13 / 2.0).append(i % 3 == 0 ? ",FR\n" : ",DE\n");
    }
    Path data = Files.writeString(folder.resolve("table.csv"), text);
    try (Table table = Table.open(data.toString(), TableOptions.defaults())) {
      TableModel.train(table, TableTraining.defaults().epochs(2)).save(folder.resolve("run"));
    }
    List<Path> jars = new ArrayList<>();
    jars.add(ServiceJars.program(folder, Service.class));
    jars.add(ServiceJars.runtime(folder));
    jars.add(ServiceJars.natives(folder));
    jars.addAll(ServiceJars.ofRepository());
    return new ServiceFolder(folder, jars);
  }

  /** The folder of this Java. */
  static Path here() {
    return Path.of(System.getProperty("java.home"));
  }

  /** The arguments of {@link Service}. */
  List<String> models() {
    return List.of(
        folder.resolve("model.safetensors").toString(), folder.resolve("run").toString());
  }

  static String path(List<Path> entries) {
    return String.join(File.pathSeparator, entries.stream().map(Path::toString).toList());
  }

  /** The command line of a service. */
  List<String> command(Path java, List<String> options, List<Path> classPath) {
    List<String> command = new ArrayList<>();
    command.add(java.resolve("bin/java").toString());
    command.add("-XX:+UseSerialGC");
    command.addAll(options);
    command.addAll(List.of("-cp", path(classPath), Service.class.getName()));
    command.addAll(models());
    return command;
  }

  /** Runs a command and returns the lines of its output without those of SLF4J. */
  List<String> run(Map<String, String> environment, List<String> command) throws Exception {
    return new Programs(folder)
        .run(environment, command)
        .lines()
        .filter(line -> !line.startsWith("SLF4J"))
        .toList();
  }
}
