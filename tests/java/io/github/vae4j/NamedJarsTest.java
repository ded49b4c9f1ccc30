// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Messages and documents name the jars that a program adds with the versions of the pom. */
final class NamedJarsTest {
  private static final List<String> GROUPS =
      List.of(
          "org.bytedeco",
          "com.microsoft.onnxruntime",
          "org.ejml",
          "org.duckdb",
          "org.tribuo",
          "com.google.protobuf");

  private static final Pattern NAMED =
      Pattern.compile(
          "("
              + String.join("|", GROUPS).replace(".", "\\.")
              + "):([a-z0-9_-]+):([0-9][0-9.-]*[0-9])");

  private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^}]+)}");
  private static final String PROTOBUF = "com.google.protobuf:protobuf-java";

  private static String text(Element parent, String name) {
    NodeList found = parent.getElementsByTagName(name);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent().strip();
  }

  private static String resolved(String text, Element properties) {
    String result = text;
    for (Matcher name = PROPERTY.matcher(result); name.find(); name = PROPERTY.matcher(result)) {
      result = result.replace(name.group(), text(properties, name.group(1)));
    }
    return result;
  }

  /** The versions of the pom by group and artifact; that of protobuf, which Tribuo's pom has. */
  private static Map<String, String> versions() throws Exception {
    Document pom =
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new File("pom.xml"));
    Element properties = (Element) pom.getElementsByTagName("properties").item(0);
    NodeList dependencies = pom.getElementsByTagName("dependency");
    Map<String, String> versions = new HashMap<>();
    for (int i = 0; i < dependencies.getLength(); i++) {
      Element dependency = (Element) dependencies.item(i);
      String name = text(dependency, "groupId") + ":" + text(dependency, "artifactId");
      versions.put(name, resolved(text(dependency, "version"), properties));
    }
    Matcher protobuf =
        Pattern.compile("protobuf-java-([0-9.]+)\\.jar")
            .matcher(System.getProperty("java.class.path"));
    if (protobuf.find()) {
      versions.put(PROTOBUF, protobuf.group(1));
    }
    return versions;
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("src/main"));
        Stream<Path> documents = Files.walk(Path.of("docs"))) {
      return Stream.concat(
              Stream.of(Path.of("README.md")),
              Stream.concat(sources, documents)
                  .filter(file -> file.toString().matches(".*\\.(java|md|properties)")))
          .toList();
    }
  }

  @Test
  void namedJarsHaveTheVersionsOfThePom() throws Exception {
    Map<String, String> versions = versions();
    Set<String> groups = new TreeSet<>();
    for (Path file : files()) {
      Matcher named = NAMED.matcher(Files.readString(file));
      while (named.find()) {
        @Nullable String version = versions.get(named.group(1) + ":" + named.group(2));
        assertNotNull(version, file + ": " + named.group());
        assertEquals(version, named.group(3), file + ": " + named.group());
        groups.add(named.group(1));
      }
    }
    assertEquals(new TreeSet<>(GROUPS), groups);
  }
}
