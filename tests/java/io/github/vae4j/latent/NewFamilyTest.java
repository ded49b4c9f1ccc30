// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A family of the test's own is a member of the sealed type, has a name that is read, and says of
 * itself all that earns a family more. No table has it, so whatever looks at the family is refused.
 */
final class NewFamilyTest {
  private static final String POSTERIOR =
      """
        record Novel(String name) implements Posterior {
          @Override public int columns(int latent) { return 2 * latent; }
          @Override public boolean diagonal() { return true; }
          @Override public String toString() { return name; }
        }
      """;

  private static final String PRIOR =
      """
        record Novel(String name) implements Prior {
          @Override public int posteriors() { return 0; }
          @Override public List<Parameter> parameters(VaeSpec spec) { return List.of(); }
          @Override public String toString() { return name; }
        }
      """;

  /** The library beside a changed source, which comes first. */
  private static String classPath(Path changed) throws IOException {
    return String.join(
        File.pathSeparator,
        changed.toString(),
        "target/classes",
        "target/test-classes",
        Files.readString(Path.of("target/classpath.txt")));
  }

  /**
   * Compiles a sealed type with one member more, of which each name that begins with novel is one.
   */
  private static void add(String type, String member, Path folder) throws IOException {
    Path original = Path.of("src/main/java/io/github/vae4j/model", type + ".java");
    String source = Files.readString(original);
    String parser = "static " + type + " parse(String text) {\n";
    assertTrue(source.contains(parser), source);
    String changed =
        source
            .replace(
                parser,
                parser
                    + "if (text.startsWith(\"novel\")) return new Novel(text.replaceFirst(\"novel as \", \"\"));\n")
            .replaceFirst("}\\s*$", member + "}\n");
    Path file = folder.resolve(type + ".java");
    Files.writeString(file, changed);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    assertNotNull(compiler, "the tests run on a JDK");
    StringWriter said = new StringWriter();
    List<String> options = List.of("-proc:none", "-d", folder.toString(), "-cp", classPath(folder));
    boolean compiled =
        compiler
            .getTask(
                said,
                null,
                null,
                options,
                null,
                compiler.getStandardFileManager(null, null, null).getJavaFileObjects(file))
            .call();
    assertTrue(compiled, said.toString());
  }

  /** The answer at each door. */
  private static Map<String, String> ask(Path folder, String... families) throws Exception {
    Path output = folder.resolve("output.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true"));
    // An error in a class leaves memory open: the log would say so of each door.
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=off");
    command.addAll(List.of("-cp", classPath(folder), FamilyDoors.class.getName()));
    command.add(folder.toString());
    command.addAll(List.of(families));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertTrue(process.waitFor(100, TimeUnit.SECONDS), "still running: " + command);
    Map<String, String> answers = new LinkedHashMap<>();
    for (String line : Files.readAllLines(output)) {
      int tab = line.indexOf('\t');
      assertTrue(tab > 0, () -> "not an answer: " + line);
      answers.put(line.substring(0, tab), line.substring(tab + 1));
    }
    assertEquals(0, process.exitValue(), answers::toString);
    return answers;
  }

  /** The doors that refused, each for a reason that names the family or its table. */
  private static Set<String> refused(Map<String, String> answers, String type) {
    Set<String> refused = new TreeSet<>();
    answers.forEach(
        (door, answer) -> {
          if (answer.startsWith("refused:")) {
            refused.add(door);
            boolean named =
                answer.contains(type + " table: there is no function for [Novel]")
                    || answer.contains(type.toLowerCase(Locale.ROOT) + " novel");
            assertTrue(named, () -> door + ": " + answer);
          }
        });
    return refused;
  }

  private static Set<String> without(Set<String> doors, String... open) {
    Set<String> closed = new TreeSet<>(doors);
    closed.removeAll(Set.of(open));
    return closed;
  }

  /** A model can be written and read without being computed. */
  @Test
  void allDoorsAreClosedToIt(@TempDir Path folder) throws Exception {
    Map<String, String> standard = FamilyDoors.open(folder, "diagonal", "standard");
    assertEquals(Set.of(), refused(standard, "Posterior"));

    Path first = Files.createDirectory(folder.resolve("posterior"));
    add("Posterior", POSTERIOR, first);
    Map<String, String> posterior =
        ask(first, "novel", "standard", "novel as full", "standard", "novel as other", "standard");
    String said = String.valueOf(posterior.get("command train"));
    String error = "vae4j: error: IllegalStateException: Posterior table: there is no function for";
    assertTrue(said.contains(error), said);
    String saved = String.valueOf(posterior.remove("save novel as full, standard"));
    assertTrue(saved.contains("Novel cannot be saved: it is read as"), saved);
    saved = String.valueOf(posterior.remove("save novel as other, standard"));
    assertTrue(saved.contains("posterior other cannot be saved: posterior: expected"), saved);
    // Chains from p(z) and draws of it have no part of the posterior.
    assertEquals(
        without(standard.keySet(), "save and load", "annealing", "sample"),
        refused(posterior, "Posterior"));
    assertEquals(standard.get("annealing"), posterior.get("annealing"));
    assertEquals(standard.get("sample"), posterior.get("sample"));
    assertEquals("true", posterior.get("save and load"));

    Path second = Files.createDirectory(folder.resolve("prior"));
    add("Prior", PRIOR, second);
    Map<String, String> prior = ask(second, "diagonal", "novel");
    assertEquals(without(standard.keySet(), "save and load"), refused(prior, "Prior"));
    assertEquals("true", prior.get("save and load"));
  }
}
