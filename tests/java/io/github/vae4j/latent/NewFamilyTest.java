// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.latent;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.latent.NovelSources.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The library has one more posterior and one more prior, {@link NovelSources}. If all tables have
 * their entries, each use computes them by these entries, or refuses by name those that do not have
 * the properties that it needs. If one table lacks its entry, the uses that need the table refuse
 * every model, since its class does not load.
 */
@Tag("slow")
final class NewFamilyTest {
  private static final String STANDARD = "diagonal, standard";
  private static final String POSTERIOR = "novel, standard";
  private static final String MAPPED = "novel:mapped, standard";
  private static final String PRIOR = "diagonal, novel";

  /** Uses on both backends that do not ask the posterior: chains from p(z), and its draws. */
  private static final Set<String> WITHOUT_POSTERIOR = onEach("annealing", "sample");

  /** Uses that need the code of a row's posterior. */
  private static final Set<String> OF_CODES =
      union(
          onEach("evaluate", "encode", "reconstruct", "information", "fit a sampler"),
          Set.of("command train", "command resume"));

  /** Uses that need free means and variances, or components that are posteriors. */
  private static final Set<String> OF_FREE_POSTERIOR = onEach("optimize", "pseudo-inputs");

  /** Uses that need a posterior which is a diagonal Gaussian. */
  private static final Set<String> OF_DIAGONAL_POSTERIOR =
      onEach(
          "free bits",
          "capacity",
          "doubly reparameterized",
          "total correlation",
          "information",
          "fit a sampler");

  /** Uses that need the standard normal as prior. */
  private static final Set<String> OF_STANDARD_PRIOR =
      onEach(
          "free bits",
          "capacity",
          "doubly reparameterized",
          "discrepancy",
          "annealing",
          "information",
          "optimize",
          "second layer");

  /**
   * The answer of a use.
   *
   * @param asked the tables whose entries of a new family were called
   * @param text the result, or the reasons of a refusal
   */
  private record Answer(Set<String> asked, String text) {
    boolean refused() {
      return text.startsWith("refused:");
    }

    boolean refusedByTable(String type) {
      return refused() && text.contains(type + " table: there is no function for [Novel]");
    }

    /** The discrepancy's message names the expected prior only. */
    boolean refusedByName() {
      return refused()
          && !text.contains("there is no function")
          && text.matches(".*((posterior|prior|given|model's is) novel|mmd: expected 0).*");
    }
  }

  /** The answers of the uses, by model, from a process of its own. */
  private record Asking(Process process, Path output) {
    Map<String, Map<String, Answer>> answers() throws IOException, InterruptedException {
      boolean ended = process.waitFor(100, TimeUnit.SECONDS);
      String said = Files.readString(output);
      assertTrue(ended, () -> "still running after: " + said);
      assertEquals(0, process.exitValue(), said);
      Map<String, Map<String, Answer>> answers = new LinkedHashMap<>();
      for (String line : said.lines().toList()) {
        String[] fields = line.split("\t", 4);
        assertEquals(4, fields.length, line);
        Set<String> asked = new TreeSet<>(List.of(fields[2].split(" ", -1)));
        asked.remove("");
        answers
            .computeIfAbsent(fields[0], model -> new LinkedHashMap<>())
            .put(fields[1], new Answer(asked, fields[3]));
      }
      return answers;
    }
  }

  /** Starts a process that tries the uses of models: "posterior, prior, pattern of uses". */
  private static Asking ask(Path folder, String classPath, String... models) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-Djava.awt.headless=true");
    // An error in a class leaves memory open, which the log would report for each use.
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=off");
    command.addAll(List.of("-cp", classPath, FamilyUses.class.getName(), folder.toString()));
    for (String model : models) {
      command.addAll(List.of(model.split(", ", 3)));
    }
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    return new Asking(builder.redirectOutput(output.toFile()).start(), output);
  }

  private static Set<String> uses(Map<String, Answer> answers, Predicate<Answer> which) {
    Set<String> uses = new TreeSet<>();
    answers.forEach(
        (use, answer) -> {
          if (which.test(answer)) {
            uses.add(use);
          }
        });
    return uses;
  }

  private static Set<String> asking(Map<String, Answer> answers, Table table) {
    return uses(answers, answer -> answer.asked().contains(table.field()));
  }

  /** The uses of these names on both backends. */
  private static Set<String> onEach(String... names) {
    Set<String> uses = new TreeSet<>();
    for (String name : names) {
      uses.add(name + " on reference");
      uses.add(name + " on cpu");
    }
    return uses;
  }

  private static Set<String> union(Set<String> uses, Set<String> more) {
    Set<String> all = new TreeSet<>(uses);
    all.addAll(more);
    return all;
  }

  private static Set<String> without(Set<String> uses, Set<String> others) {
    Set<String> rest = new TreeSet<>(uses);
    rest.removeAll(others);
    return rest;
  }

  @Test
  void tablesAreThoseOfTheLibrary() throws IOException {
    Pattern declaration = Pattern.compile("SealedTable<(Posterior|Prior), [^=;]*> (\\w+) =");
    Set<String> found = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        declaration
            .matcher(Files.readString(file))
            .results()
            .forEach(match -> found.add(match.group(1) + " " + match.group(2)));
      }
    }
    Set<String> known = new TreeSet<>();
    Table.all().forEach(table -> known.add(table.type() + " " + table.field()));
    assertEquals(known, found);
  }

  @Test
  void eachUseComputesANewFamilyByItsEntriesOrRefusesIt(@TempDir Path folder) throws Exception {
    Path all = Files.createDirectory(folder.resolve("all"));
    Map<Table, Asking> without = new LinkedHashMap<>();
    List<Process> started = new ArrayList<>();
    try {
      NovelSources.whole(all);
      Asking whole =
          ask(
              all,
              NovelSources.classPath(all),
              STANDARD + ", .*",
              POSTERIOR + ", .*",
              MAPPED + ", (?!command).*",
              PRIOR + ", .*",
              "novel as diagonal, standard, save",
              "novel as other, standard, save",
              "diagonal, novel as standard, save",
              "diagonal, novel as mog:2, save");
      started.add(whole.process());
      for (Table table : Table.all()) {
        Path own = Files.createDirectory(folder.resolve(table.field()));
        NovelSources.without(table, own, all);
        // A table is the same for both backends. Commands are slow, and what follows a refused
        // training has no run.
        String closed = table.equals(Table.POSTERIORS) ? "command (?!train)" : "command";
        String open = "(?!" + closed + "|.* on cpu).*";
        // No other use asks the tables of graphs.
        boolean graph = table.source().startsWith("export/");
        String uses =
            model(table) + ", " + (graph ? FamilyUses.EXPORT + "|save|score on reference" : open);
        Asking asking = ask(own, NovelSources.classPath(own, all), uses);
        started.add(asking.process());
        without.put(table, asking);
      }
      Map<String, Map<String, Answer>> complete = whole.answers();
      checkComplete(complete);
      checkSaved(complete);
      for (Map.Entry<Table, Asking> each : without.entrySet()) {
        String model = model(each.getKey());
        Map<String, Answer> answers = requireNonNull(each.getValue().answers().get(model));
        checkIncomplete(each.getKey(), requireNonNull(complete.get(model)), answers);
        if (each.getKey().equals(Table.POSTERIORS)) {
          contains(
              requireNonNull(answers.get("command train")).text(),
              "vae4j: error: IllegalStateException: Posterior table: there is no function for");
        }
      }
    } finally {
      started.forEach(Process::destroyForcibly);
    }
  }

  private static String model(Table table) {
    return table.type().equals("Posterior") ? POSTERIOR : PRIOR;
  }

  /** The default families, in the same process, are refused nowhere. */
  private static void checkComplete(Map<String, Map<String, Answer>> complete) {
    Map<String, Answer> standard = requireNonNull(complete.get(STANDARD));
    assertEquals(Set.of(), uses(standard, Answer::refused));
    assertEquals(Set.of(), uses(standard, answer -> !answer.asked().isEmpty()));

    Map<String, Answer> posterior = requireNonNull(complete.get(POSTERIOR));
    checkRefused(posterior, OF_FREE_POSTERIOR);
    Set<String> rest =
        without(standard.keySet(), union(WITHOUT_POSTERIOR, Set.of(FamilyUses.EXPORT)));
    assertEquals(without(rest, OF_FREE_POSTERIOR), asking(posterior, Table.POSTERIORS));
    assertEquals(OF_CODES, asking(posterior, Table.READERS));
    assertEquals(Set.of(FamilyUses.EXPORT), asking(posterior, Table.POSTERIOR_GRAPHS));

    Map<String, Answer> mapped = requireNonNull(complete.get(MAPPED));
    Set<String> refused = union(OF_FREE_POSTERIOR, OF_DIAGONAL_POSTERIOR);
    checkRefused(mapped, refused);
    // No command has an option for this posterior, so that none was asked.
    rest.removeIf(use -> use.startsWith("command"));
    assertEquals(without(rest, refused), asking(mapped, Table.POSTERIORS));
    Set<String> ofCodes = without(OF_CODES, refused);
    ofCodes.removeIf(use -> use.startsWith("command"));
    assertEquals(ofCodes, asking(mapped, Table.READERS));

    Map<String, Answer> prior = requireNonNull(complete.get(PRIOR));
    checkRefused(prior, OF_STANDARD_PRIOR);
    Set<String> draws = onEach("sample");
    assertEquals(draws, asking(prior, Table.DRAWS));
    assertEquals(Set.of(FamilyUses.EXPORT), asking(prior, Table.PRIOR_GRAPHS));
    rest = without(standard.keySet(), union(draws, Set.of(FamilyUses.EXPORT)));
    assertEquals(without(rest, OF_STANDARD_PRIOR), asking(prior, Table.PRIORS));
  }

  private static void checkRefused(Map<String, Answer> answers, Set<String> uses) {
    assertEquals(uses, uses(answers, Answer::refused));
    answers
        .values()
        .forEach(answer -> assertEquals(answer.refused(), answer.refusedByName(), answer.text()));
  }

  /** A model is read as it was written, or not written. */
  private static void checkSaved(Map<String, Map<String, Answer>> complete) {
    for (String model : List.of(STANDARD, POSTERIOR, MAPPED, PRIOR)) {
      assertEquals("true", saved(complete, model));
    }
    contains(saved(complete, "novel as diagonal, standard"), "cannot be saved: it is read as");
    contains(
        saved(complete, "novel as other, standard"), "other cannot be saved: posterior: expec");
    contains(saved(complete, "diagonal, novel as standard"), "cannot be saved: it is read as");
    contains(saved(complete, "diagonal, novel as mog:2"), "cannot be saved: it is read as");
  }

  private static String saved(Map<String, Map<String, Answer>> complete, String model) {
    return requireNonNull(requireNonNull(complete.get(model)).get("save")).text();
  }

  private static void contains(String text, String part) {
    assertTrue(text.contains(part), text);
  }

  /** All uses that ask a complete table refuse without its entry; open ones answer as with it. */
  private static void checkIncomplete(
      Table table, Map<String, Answer> complete, Map<String, Answer> answers) {
    Set<String> closed = uses(answers, answer -> answer.refusedByTable(table.type()));
    Set<String> asking = asking(complete, table);
    asking.retainAll(answers.keySet());
    assertFalse(asking.isEmpty(), answers::toString);
    assertEquals(Set.of(), without(asking, closed), answers::toString);
    answers.forEach(
        (use, answer) -> {
          Answer other = requireNonNull(complete.get(use));
          if (!closed.contains(use) && !use.startsWith("command")) {
            assertEquals(other.text(), answer.text(), table + ": " + use);
          }
        });
  }
}
