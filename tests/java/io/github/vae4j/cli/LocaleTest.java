// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.JavaCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Output and files are the same to the byte in every locale. */
@Tag("slow")
class LocaleTest {
  /** Language, country and extension: other digits, other points, other cases of letters. */
  private static final List<List<String>> LOCALES =
      List.of(
          List.of("ar", "EG", "u-nu-arab"),
          List.of("fa", "IR", "u-nu-arabext"),
          List.of("bn", "BD", "u-nu-beng"),
          List.of("mr", "IN", "u-nu-deva"),
          List.of("tr", "TR", ""),
          List.of("de", "DE", ""));

  @TempDir Path folder;

  /** The commands of a locale in one JVM; the first argument is a folder. */
  public static void main(String[] arguments) throws IOException {
    Main.configure();
    Path place = Path.of(arguments[0]);
    String data = Cli.binaryRows(place);
    String run = place.resolve("run").toString();
    String model = "--model=" + run;
    try (PrintWriter log = new PrintWriter(Files.newBufferedWriter(place.resolve("log")))) {
      for (List<String> command :
          List.of(
              List.of(
                  "train",
                  data,
                  "--out=" + run,
                  "--epochs=2",
                  "--hidden=8",
                  "--latent=2",
                  "--validation=0.5"),
              List.of("evaluate", model, data, "--iw-samples=5", "--mi=20"),
              List.of("evaluate", model, data, "--json"),
              List.of("score", model, data, "--out=" + place.resolve("scores.csv")),
              List.of("encode", model, data, "--out=" + place.resolve("codes.csv")),
              List.of("sample", model, "-n=2000000000", "--out=" + place.resolve("x.csv")),
              List.of("inspect", model),
              List.of("inspect", model, "--json"))) {
        List<String> all = new ArrayList<>(command);
        if (!command.get(0).equals("inspect")) {
          all.add("--backend=reference");
        }
        int code = Main.run(all.toArray(String[]::new), log, log);
        log.println(command.get(0) + ": " + code);
      }
    }
  }

  private Map<String, String> results(List<String> locale) throws Exception {
    Path place = Files.createDirectories(folder.resolve("place"));
    List<String> options = new ArrayList<>(Subprocess.SHORT);
    options.add("-Duser.language=" + locale.get(0));
    options.add("-Duser.country=" + locale.get(1));
    options.add("-Duser.extensions=" + locale.get(2));
    options.add("-Xmx512m");
    List<String> command = JavaCommand.of(options, LocaleTest.class, List.of(place.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(place)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        if (Files.isRegularFile(file) && file.toString().matches(".*(log|json|jsonl|csv)")) {
          files.put(place.relativize(file).toString(), untimed(Files.readString(file)));
        }
        Files.delete(file);
      }
    }
    return files;
  }

  /** The text without times and rates, and without numbers that depend on the heap. */
  private static String untimed(String text) {
    return text.replaceAll("[0-9.,]+ (rows|row samples)/s(, [0-9.]+ s)?", "RATE")
        .replaceAll("\"(seconds|rows_per_second|row_samples_per_second)\": ?[0-9.E-]+", "TIME")
        .replaceAll(", in [0-9:]+", ", in TIME")
        .replaceAll(" *[0-9.]+ (bytes|KiB)  ", " SIZE  ")
        .replaceAll("\"(checkpoint[a-z.]*|metrics.jsonl|training.png)\":[0-9]+", "SIZE");
  }

  @Test
  void allAreAlike() throws Exception {
    Map<String, String> plain = results(List.of("", "", ""));
    String log = String.valueOf(plain.get("log"));
    for (String command : List.of("train", "evaluate", "score", "encode", "inspect")) {
      assertTrue(log.contains(command + ": 0"), log);
    }
    assertTrue(log.contains("sample: 2"), log);
    assertEquals(
        List.of(
            "codes.csv",
            "log",
            "rows.csv",
            "run/calibration.json",
            "run/metrics.jsonl",
            "run/reference.json",
            "run/vae.json",
            "scores.csv"),
        List.copyOf(plain.keySet()));
    for (List<String> locale : LOCALES) {
      Map<String, String> other = results(locale);
      for (Map.Entry<String, String> file : plain.entrySet()) {
        assertEquals(file.getValue(), other.get(file.getKey()), locale + " " + file.getKey());
      }
    }
  }
}
