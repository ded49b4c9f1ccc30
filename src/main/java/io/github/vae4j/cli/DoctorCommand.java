// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Processors;
import io.github.vae4j.cli.options.BackendArguments;
import io.github.vae4j.cli.options.CommonOptions;
import io.github.vae4j.cli.run.JsonLine;
import io.github.vae4j.cli.run.LibraryNames;
import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.Report;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code vae4j doctor}. */
@Command(
    name = "doctor",
    description =
        "Tries each backend and describes it, or prints why it does not work, and the remedy.",
    footerHeading = "%nExamples:%n",
    footer = {"  ./vae4j doctor", "  ./vae4j doctor --threads 4 --json"})
final class DoctorCommand implements Runnable {
  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private BackendArguments backend = new BackendArguments();

  @Override
  public void run() {
    BackendOptions options = backend.options();
    Report report = common.report();
    Runtime runtime = Runtime.getRuntime();
    Processors processors = Processors.here();
    String java =
        String.format(
            Locale.ROOT,
            "%s %s, %s",
            System.getProperty("java.vm.name"),
            Runtime.version(),
            System.getProperty("java.home"));
    String os =
        String.format(
            Locale.ROOT,
            "%s %s, %s",
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("os.arch"));
    report.line("java       " + java);
    report.line("system     " + os);
    report.line(
        String.format(
            Locale.ROOT,
            "threads    %d, by %s; Java heap up to %s",
            processors.count(),
            processors.rule(),
            Numbers.bytes(runtime.maxMemory())));
    List<Backends.Status> results = Backends.probe(options);
    for (Backends.Status result : results) {
      report.line(
          String.format(
              Locale.ROOT,
              "%-10s %s: %s",
              name(result),
              result.available() ? "works" : "not available",
              result.description()));
    }
    report.object(
        new JsonLine()
            .put("java", java)
            .put("system", os)
            .put("processors", runtime.availableProcessors())
            .put("threads", processors.count())
            .put("threads_rule", processors.rule())
            .put("heap_bytes", runtime.maxMemory())
            .putAll(
                "backends",
                results.stream()
                    .map(
                        result ->
                            new JsonLine()
                                .put("name", name(result))
                                .put("available", result.available())
                                .put("description", LibraryNames.options(result.description())))
                    .toList()));
  }

  private static String name(Backends.Status result) {
    return result.kind().name().toLowerCase(Locale.ROOT);
  }
}
