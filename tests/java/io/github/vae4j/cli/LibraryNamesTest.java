// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.cli.run.LibraryNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The library names its own settings, and the commands their options. */
class LibraryNamesTest {
  private static final Path LIBRARY = Path.of("src/main/java/io/github/vae4j");
  private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\\n]|\\\\.)*\"");
  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z0-9-]*");

  /** A setting of a class in a message, with the class before it. */
  private static final Pattern SETTING =
      Pattern.compile(
          "(?:Options|Config|Optimizer|Run|Request|Views|Numerals|Reading|Absent|Spec)\\.[A-Za-z]+");

  @Test
  void settingsBecomeOptions() {
    assertEquals(
        "give --layout nchw (x)", LibraryNames.options("give ArrayOptions.layout nchw (x)"));
    assertEquals(
        "--decimal , --thousands . reads it",
        LibraryNames.options("Numerals.decimal , Numerals.thousands . reads it"));
    assertEquals(
        "with --overwrite, or", LibraryNames.options("with OpenRun.create(overwrite), or"));
    assertEquals("by --image-size, as", LibraryNames.options("by PictureOptions.of, as"));
    assertEquals("give --na.", LibraryNames.options("give Reading.missing."));
  }

  @Test
  void namesOfFilesStay() {
    for (String text :
        List.of("a/OpenRun.resume", "MyArrayOptions.layout", "OpenRun.resume.csv", "no name")) {
      assertEquals(text, LibraryNames.options(text));
    }
  }

  /** The strings of each source of the library, without the commands. */
  private static List<String> strings() throws IOException {
    List<String> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(LIBRARY)) {
      for (Path file :
          files
              .filter(path -> path.toString().endsWith(".java"))
              .filter(path -> !path.startsWith(LIBRARY.resolve("cli")))
              .sorted()
              .toList()) {
        String name = file.getFileName() + ": ";
        STRING
            .matcher(Files.readString(file))
            .results()
            .forEach(literal -> all.add(name + literal.group()));
      }
    }
    assertTrue(all.size() > 1000, "strings: " + all.size());
    return all;
  }

  @Test
  void noMessageOfTheLibraryNamesAnOption() throws IOException {
    Set<String> options =
        Stream.of("train", "score", "impute", "encode", "sample", "evaluate", "traverse", "schema")
            .flatMap(command -> OPTION.matcher(Cli.ok(command, "--help").out()).results())
            .map(MatchResult::group)
            .collect(Collectors.toSet());
    assertTrue(options.containsAll(List.of("--layout", "--lr", "--backend", "--na")));
    List<String> wrong =
        strings().stream()
            .filter(
                text ->
                    OPTION
                        .matcher(text)
                        .results()
                        .map(MatchResult::group)
                        .anyMatch(options::contains))
            .toList();
    assertEquals(List.of(), wrong);
  }

  @Test
  void everySettingInAMessageHasAnOption() throws IOException {
    Set<String> without = new TreeSet<>();
    for (String text : strings()) {
      if (SETTING.matcher(text).find() && text.contains(" ")) {
        String translated = LibraryNames.options(text.substring(text.indexOf(": ") + 2));
        SETTING.matcher(translated).results().map(MatchResult::group).forEach(without::add);
      }
    }
    assertEquals(Set.of(), without);
  }
}
