// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A run continues after any failure of its stages. */
@EnabledOnOs(OS.LINUX)
final class GpuRunTest {
  @TempDir Path folder;

  private static Stage shell(String name, int seconds, String script) {
    return Stage.of(1, name, seconds, List.of("bash", "-c", script, "bash"));
  }

  private Results run(long seconds, Stage... stages) throws IOException, InterruptedException {
    Path out = Files.createDirectories(folder.resolve("out"));
    Path logs = Files.createDirectories(folder.resolve("work/logs"));
    new GpuRun(out, logs, seconds, Results.start("2026-11-27", true, seconds))
        .take(List.of(stages));
    return Results.read(out.resolve("results.json"));
  }

  private static ObjectNode stage(Results results, String name) {
    return Objects.requireNonNull(results.stage(name));
  }

  private static String status(Results results, String name) {
    return stage(results, name).path("status").asText();
  }

  @Test
  void aStageThatFailsHangsOrCannotStartIsNoEnd() throws Exception {
    Results results =
        run(
            60,
            shell("broken", 9, "echo '{\"passed\":1,\"failed\":2}'; echo what happened; exit 7"),
            shell("hanging", 1, "echo '{\"before\":1}'; sleep 60"),
            Stage.of(2, "missing", 9, List.of("/no/such/program")),
            shell("absent", 9, "exit 0").needing("no-such-tool"),
            shell("good", 9, "echo '{\"found\":3}'; echo PRODUCT a; echo b").keeping("^PRODUCT "));
    assertEquals("red", status(results, "broken"));
    assertEquals(7, stage(results, "broken").path("code").asInt());
    assertEquals("what happened", stage(results, "broken").path("why").asText());
    assertEquals("stopped", status(results, "hanging"));
    assertEquals("after 1 s", stage(results, "hanging").path("why").asText());
    assertEquals(1, results.objects("hanging").get(0).path("before").asInt());
    assertEquals("red", status(results, "missing"));
    assertEquals("skipped", status(results, "absent"));
    assertEquals(
        "there is no no-such-tool on this machine", stage(results, "absent").path("why").asText());
    assertEquals("green", status(results, "good"));
    assertEquals(3, results.first("found").asInt());
    assertEquals("[\"PRODUCT a\"]", Json.text(stage(results, "good").path("lines")));
    assertEquals("complete", results.head().path("ended").asText());
    String summary = Files.readString(folder.resolve("out/summary.md"));
    assertTrue(summary.contains("- 1 broken: red"), summary);
    assertTrue(summary.contains("1 green, 2 red, 1 skipped, 1 stopped; complete"), summary);
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      assertEquals(
          List.of("logs.tgz", "results.json", "summary.md"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void afterAFatalErrorItGoesOnWithoutThatCaseTwiceAtMost() throws Exception {
    String counts = "echo \"{\\\"fatal\\\":\\\"case $#\\\"}\"; exit 3";
    Results often = run(60, shell("often", 9, counts).resuming());
    assertEquals("red", status(often, "often"));
    assertEquals(
        List.of("case 0", "case 2", "case 4"),
        often.objects("often").stream().map(object -> object.path("fatal").asText()).toList());

    String once =
        "[ $# = 0 ] && { echo '{\"fatal\":\"a b\"}'; exit 3; }; echo \"{\\\"got\\\":\\\"$1 $2\\\"}\"";
    Results results = run(60, shell("once", 9, once).resuming());
    assertEquals("--without a b", results.first("got").asText());
    // It passed but for the case that was fatal.
    assertEquals("red", status(results, "once"));
    assertEquals("run again --without a b", stage(results, "once").path("why").asText());
    assertEquals(1, run(60, shell("never", 9, once)).objects("never").size());
  }

  @Test
  void whatHasNoTimeLeftIsSkipped() throws Exception {
    Results results = run(6, shell("long", 60, "sleep 60"), shell("late", 60, "exit 0"));
    assertEquals("stopped", status(results, "long"));
    assertEquals("skipped", status(results, "late"));
    assertEquals("no time was left", stage(results, "late").path("why").asText());
  }

  @Test
  void whileAStageRunsTheResultsSayWhich() throws Exception {
    Path seen = folder.resolve("seen.json");
    Path out = folder.resolve("out/results.json");
    run(60, shell("first", 9, "cp " + out + " " + seen));
    Results then = Results.read(seen);
    assertEquals("running", status(then, "first"));
    assertEquals("cut", then.head().path("ended").asText());
  }

  @Test
  void aLogIsCut() throws Exception {
    run(60, shell("loud", 30, "echo start; yes | head -c 3000000; echo end"));
    String log = Files.readString(folder.resolve("work/logs/loud.log"));
    assertTrue(log.length() < 600_000, "length " + log.length());
    assertTrue(log.startsWith("start\n") && log.endsWith("end\n"), "both ends are kept");
  }

  /** A test that has moved would be missed on a card alone. */
  @Test
  void eachTestThatIsNamedIsThere() throws Exception {
    String list = Files.readString(Path.of("tests/java/io/github/vae4j/gpu/StageList.java"));
    List<String> names =
        Pattern.compile("\"([a-z.]+\\.[A-Z]\\w+Test)\"")
            .matcher(list)
            .results()
            .map(found -> found.group(1))
            .toList();
    assertTrue(names.size() > 5, names.toString());
    for (String name : names) {
      Class.forName("io.github.vae4j." + name, false, GpuRunTest.class.getClassLoader());
    }
  }

  @Test
  void stagesAreChosenByNumberAndName() {
    List<Stage> all = List.of(shell("a", 1, ""), shell("b", 1, ""), Stage.of(2, "c", 1, List.of()));
    assertEquals(all, GpuRun.chosen(all, "all"));
    assertEquals(List.of(all.get(1), all.get(2)), GpuRun.chosen(all, "2,b"));
    assertEquals(
        "--stages: no stage is called d; there are 1 to 8 and a, b, c",
        assertThrows(IllegalArgumentException.class, () -> GpuRun.chosen(all, "1,d")).getMessage());
    assertNull(Place.find("no-such-tool"));
  }

  @Test
  void wrongUsageIsSaid() throws Exception {
    assertUsage("OUT, the folder for the results, is missing");
    assertUsage("SECONDS: expected a whole number, given soon", "out", "soon");
    assertUsage("unknown option --fast", "--fast", "out");
    assertUsage("too many arguments: 3", "out", "2", "3");
    assertUsage("--stages: give numbers or names, as in 2,5", "out", "--stages");
  }

  private static void assertUsage(String message, String... arguments) throws Exception {
    Process process =
        new ProcessBuilder(
                Stream.concat(Stream.of("bash", "tests/gpu/run.sh"), Stream.of(arguments)).toList())
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(2, process.waitFor(), text);
    assertEquals(
        "run.sh: %s\nusage: tests/gpu/run.sh [--emulated] OUT [SECONDS] [--stages LIST]\n"
            .formatted(message),
        text);
  }
}
