// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Compares every text file of the checkout with .editorconfig, since no build machine needs
 * clang-format: line ends, final line, trailing blanks, tabs, length of lines; and the licence's
 * line at the start of each source and script.
 */
final class SourceFormTest {
  private static final Pattern TEXT =
      Pattern.compile(
          ".*\\.(java|c|cpp|h|hpp|cu|cuh|sh|xml|md|map|config|yml|json)|[^.]*"
              + "|\\.(editorconfig|clang-format|gitignore)");

  private static final Pattern COMPILED = Pattern.compile(".*\\.(java|c|cpp|h|hpp|cu|cuh)");

  private static final String LICENCE = "SPDX-License-Identifier: Apache-2.0";

  private static final List<String> FOLDERS =
      List.of("src", "native", "kernels", "tests", "benchmarks", "docs", ".ci", ".mvn");

  private final List<Section> sections = sections(Path.of(".editorconfig"));

  SourceFormTest() throws IOException {}

  /** The settings of the files that a pattern matches, wherever it has no slash by name alone. */
  private record Section(PathMatcher matcher, boolean byName, Map<String, String> settings) {
    boolean matches(Path file) {
      return matcher.matches(byName ? file.getFileName() : file);
    }
  }

  private static List<Section> sections(Path file) throws IOException {
    List<Section> sections = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      int equals = line.indexOf('=');
      if (line.startsWith("[")) {
        String pattern = line.substring(1, line.lastIndexOf(']'));
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        sections.add(new Section(matcher, !pattern.contains("/"), new HashMap<>()));
      } else if (!line.startsWith("#") && equals > 0 && !sections.isEmpty()) {
        Map<String, String> settings = sections.get(sections.size() - 1).settings();
        settings.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
      }
    }
    return sections;
  }

  private Map<String, String> settings(Path file) {
    Map<String, String> all = new HashMap<>();
    sections.stream().filter(s -> s.matches(file)).forEach(s -> all.putAll(s.settings()));
    return all;
  }

  private List<String> problems(Path file, String text) {
    Map<String, String> settings = settings(file);
    List<String> problems = new ArrayList<>();
    if (text.contains("\r") && "lf".equals(settings.get("end_of_line"))) {
      problems.add(file + ": a carriage return; lines end by a line feed alone");
    }
    if (!text.endsWith("\n") && "true".equals(settings.get("insert_final_newline"))) {
      problems.add(file + ": the last line has no end");
    }
    String limit = settings.getOrDefault("max_line_length", "off");
    int most = limit.equals("off") ? Integer.MAX_VALUE : Integer.parseInt(limit);
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      String at = file + ":" + (i + 1) + ": ";
      if (line.contains("\t") && "space".equals(settings.get("indent_style"))) {
        problems.add(at + "a tab; expected spaces");
      }
      if (!line.stripTrailing().equals(line)
          && "true".equals(settings.get("trim_trailing_whitespace"))) {
        problems.add(at + "a blank at the end");
      }
      if (line.length() > most) {
        problems.add(at + line.length() + " characters; expected at most " + most);
      }
    }
    return problems;
  }

  private static List<String> unlicensed(Path file, String text) {
    List<String> lines = text.lines().limit(2).toList();
    if (COMPILED.matcher(file.toString()).matches()) {
      return lines.get(0).equals("// " + LICENCE)
          ? List.of()
          : List.of(file + ":1: expected // " + LICENCE);
    }
    if (text.startsWith("#!")) {
      return lines.get(1).equals("# " + LICENCE)
          ? List.of()
          : List.of(file + ":2: expected # " + LICENCE);
    }
    return List.of();
  }

  /** All text files of the checkout, without the outputs of builds and runs. */
  private static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> top = Files.list(Path.of(""))) {
      top.filter(Files::isRegularFile).forEach(files::add);
    }
    for (String folder : FOLDERS) {
      if (Files.isDirectory(Path.of(folder))) {
        try (Stream<Path> all = Files.walk(Path.of(folder))) {
          all.filter(Files::isRegularFile).forEach(files::add);
        }
      }
    }
    files.removeIf(file -> !TEXT.matcher(file.getFileName().toString()).matches());
    return files;
  }

  @Test
  void everyFileKeepsTheEditorConfig() throws IOException {
    List<String> problems = new ArrayList<>();
    List<Path> files = files();
    for (Path file : files) {
      problems.addAll(problems(file, Files.readString(file, StandardCharsets.UTF_8)));
    }
    assertEquals("", String.join("\n", problems));
    assertTrue(files.contains(Path.of("native/include/vae4j.h")), files.toString());
    assertTrue(files.contains(Path.of("vae4j")), files.toString());
  }

  @Test
  void everySourceNamesItsLicence() throws IOException {
    List<String> problems = new ArrayList<>();
    for (Path file : files()) {
      problems.addAll(unlicensed(file, Files.readString(file, StandardCharsets.UTF_8)));
    }
    assertEquals("", String.join("\n", problems));
  }

  @Test
  void aMissingLicenceIsSeen() {
    Path kernel = Path.of("kernels/add.cu");
    assertEquals(List.of(), unlicensed(kernel, "// " + LICENCE + "\nint i;\n"));
    assertEquals(
        List.of("kernels/add.cu:1: expected // " + LICENCE), unlicensed(kernel, "int i;\n"));
    Path script = Path.of("vae4j");
    assertEquals(List.of(), unlicensed(script, "#!/bin/bash\n# " + LICENCE + "\n"));
    assertEquals(
        List.of("vae4j:2: expected # " + LICENCE), unlicensed(script, "#!/bin/bash\nexit\n"));
    assertEquals(List.of(), unlicensed(Path.of("README.md"), "# vae4j\n"));
  }

  @Test
  void eachProblemIsSeen() {
    Path kernel = Path.of("kernels/add.cu");
    assertEquals(List.of(), problems(kernel, "int i;\n"));
    assertEquals(List.of("kernels/add.cu:2: a tab; expected spaces"), problems(kernel, "a\n\tb\n"));
    assertEquals(List.of("kernels/add.cu:1: a blank at the end"), problems(kernel, "a \n"));
    assertEquals(List.of("kernels/add.cu: the last line has no end"), problems(kernel, "a"));
    assertEquals(
        List.of("kernels/add.cu:1: 111 characters; expected at most 110"),
        problems(kernel, "x".repeat(111) + "\n"));
    assertEquals(1, problems(kernel, "a\r\nb\n").size());
    assertEquals(1, problems(Path.of("tests/cudasim/src/a.cpp"), "x".repeat(121) + "\n").size());
    assertEquals(List.of(), problems(Path.of("README.md"), "x".repeat(200) + "\n"));
  }
}
