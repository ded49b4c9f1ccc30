// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.latent;

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
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The library with one more posterior and one more prior, both named Novel, in the sealed types and
 * in the tables. A name that begins with {@code novel} is read as a Novel, {@code novel as X} as
 * one whose name is X. A Novel posterior declares that it is a diagonal Gaussian unless its name
 * ends with {@code :mapped}. Its entries are those of the default families, and note that they are
 * called.
 */
final class NovelSources {
  private static final Path LIBRARY = Path.of("src/main/java/io/github/vae4j");

  private static final String POSTERIOR =
      """
        record Novel(String name) implements Posterior {
          @Override public int columns(int latent) { return 2 * latent; }
          @Override public boolean diagonal() { return !name.endsWith(":mapped"); }
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

  private NovelSources() {}

  /**
   * A table of the library.
   *
   * @param source of its class, without the ending
   * @param field its name
   * @param type Posterior or Prior
   * @param result of the new family's entry: the default family's, for the argument {@code given}
   */
  record Table(String source, String field, String type, String result) {
    static final Table POSTERIORS =
        new Table(
            "latent/Families",
            "POSTERIORS",
            "Posterior",
            "diagonal(given, new Posterior.Diagonal())");

    static final Table PRIORS = new Table("latent/Families", "PRIORS", "Prior", "List.of()");

    static final Table READERS =
        new Table("infer/PosteriorCodes", "READERS", "Posterior", "given::asItIs");

    static final Table DRAWS =
        new Table("infer/PriorSampler", "DRAWS", "Prior", "given.standard()");

    static final Table POSTERIOR_GRAPHS =
        new Table("export/PosteriorGraphs", "POSTERIOR_GRAPHS", "Posterior", "new Diagonal()");

    static final Table PRIOR_GRAPHS =
        new Table("export/PriorGraphs", "PRIOR_GRAPHS", "Prior", "given.ratio()");

    /** All tables of posteriors and priors. */
    static List<Table> all() {
      return List.of(POSTERIORS, PRIORS, READERS, DRAWS, POSTERIOR_GRAPHS, PRIOR_GRAPHS);
    }

    /** The source with an entry for the new family. */
    private String into(String text) {
      int start = text.indexOf("> " + field + " =");
      int end = text.indexOf(".complete();", start);
      assertTrue(start > 0 && end > start, () -> "no table " + field + " in: " + text);
      String entry =
          ".with(%s.Novel.class, (given, novel) -> { System.setProperty(\"%s\", \"\"); return %s; })"
              .formatted(type, FamilyUses.ASKED + field, result);
      return text.substring(0, end) + entry + text.substring(end);
    }
  }

  /** A sealed type with the novel member. */
  private static String type(String type, String member) throws IOException {
    String source = source("model/" + type);
    String parser = "static " + type + " parse(String text) {\n";
    assertTrue(source.contains(parser), source);
    String read =
        "if (text.startsWith(\"novel\")) return new Novel(text.replaceFirst(\"novel as \", \"\"));\n";
    return source.replace(parser, parser + read).replaceFirst("}\\s*$", member + "}\n");
  }

  private static String source(String name) throws IOException {
    return Files.readString(LIBRARY.resolve(name + ".java"));
  }

  /** The library beside changed classes, which come first. */
  static String classPath(Path... changed) throws IOException {
    List<String> parts = new ArrayList<>();
    for (Path folder : changed) {
      parts.add(folder.toString());
    }
    parts.add("target/classes");
    parts.add("target/test-classes");
    parts.add(Files.readString(Path.of("target/classpath.txt")));
    return String.join(File.pathSeparator, parts);
  }

  /** Compiles into a folder the sealed types, and all tables with an entry for the new families. */
  static void whole(Path folder) throws IOException {
    Map<String, String> sources = new LinkedHashMap<>();
    sources.put("model/Posterior", type("Posterior", POSTERIOR));
    sources.put("model/Prior", type("Prior", PRIOR));
    for (Table table : Table.all()) {
      sources.put(table.source(), tables(table.source(), null));
    }
    compile(sources, folder, classPath(folder));
  }

  /** Compiles into a folder the class of a table without an entry for its new family. */
  static void without(Table table, Path folder, Path whole) throws IOException {
    Map<String, String> sources = Map.of(table.source(), tables(table.source(), table));
    compile(sources, folder, classPath(folder, whole));
  }

  /** A class whose tables have an entry for the new families, but for one. */
  private static String tables(String name, @Nullable Table incomplete) throws IOException {
    String text = source(name);
    for (Table table : Table.all()) {
      if (table.source().equals(name) && !table.equals(incomplete)) {
        text = table.into(text);
      }
    }
    return text;
  }

  private static void compile(Map<String, String> sources, Path folder, String classPath)
      throws IOException {
    List<Path> files = new ArrayList<>();
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = folder.resolve(Path.of(source.getKey() + ".java").getFileName());
      files.add(Files.writeString(file, source.getValue()));
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    assertNotNull(compiler, "the tests run on a JDK");
    StringWriter said = new StringWriter();
    List<String> options =
        List.of("-proc:none", "-implicit:none", "-d", folder.toString(), "-cp", classPath);
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(said, null, null, options, null, manager.getJavaFileObjectsFromPaths(files))
              .call();
      assertTrue(compiled, said.toString());
    }
  }
}
