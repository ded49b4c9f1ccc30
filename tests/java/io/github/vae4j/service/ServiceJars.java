// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.service;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * The jars of a service, as docs/services.md lists them: two of vae4j, made here from the classes
 * by the rules of the pom, and those of the Maven repository.
 */
final class ServiceJars {
  private static final Pattern ROW = Pattern.compile("\\| `([^`]+\\.jar)` \\| ([0-9,]+) \\|.*");
  private static final String NATIVES = "io/github/vae4j/backend/cpu/linux-x86_64/*.so";
  private static final Path CLASSES = Path.of("target/classes");

  private ServiceJars() {}

  /** The jars of the documents' tables: their names and sizes in bytes. */
  static Map<String, Long> documented() throws IOException {
    Map<String, Long> jars = new LinkedHashMap<>();
    try (Stream<String> lines = Files.lines(Path.of("docs/services.md"))) {
      lines
          .map(ROW::matcher)
          .filter(matcher -> matcher.matches())
          .forEach(row -> jars.put(row.group(1), Long.parseLong(row.group(2).replace(",", ""))));
    }
    return jars;
  }

  /** The jars of the Maven repository that the documents list. */
  static List<Path> ofRepository() throws IOException {
    List<Path> found = new ArrayList<>();
    Map<String, Long> documented = documented();
    for (Path jar : classPath()) {
      if (documented.containsKey(jar.getFileName().toString())) {
        found.add(jar);
      }
    }
    return found;
  }

  /** The dependencies that the pom passes on, as names without version. */
  static Set<String> passedOn() throws Exception {
    TreeSet<String> names = new TreeSet<>();
    NodeList dependencies =
        nodes("/project/dependencies/dependency[not(optional='true') and not(scope='test')]");
    for (int i = 0; i < dependencies.getLength(); i++) {
      Map<String, String> parts = new LinkedHashMap<>();
      for (Node n = dependencies.item(i).getFirstChild(); n != null; n = n.getNextSibling()) {
        parts.put(n.getNodeName(), n.getTextContent().strip());
      }
      names.add(parts.get("artifactId") + (parts.containsKey("classifier") ? " linux-x86_64" : ""));
    }
    return names;
  }

  /** Makes the jar with the classifier runtime. */
  static Path runtime(Path folder) throws Exception {
    List<PathMatcher> excluded = new ArrayList<>();
    NodeList patterns = nodes("//execution[id='runtime-jar']//exclude");
    for (int i = 0; i < patterns.getLength(); i++) {
      String pattern = patterns.item(i).getTextContent().replace("${natives.in.jar}", NATIVES);
      excluded.add(FileSystems.getDefault().getPathMatcher("glob:" + pattern));
    }
    return zip(
        folder.resolve("vae4j-runtime.jar"),
        path -> excluded.stream().noneMatch(matcher -> matcher.matches(path)));
  }

  /** Makes the jar with the classifier linux-x86_64. */
  static Path natives(Path folder) throws IOException {
    PathMatcher natives = FileSystems.getDefault().getPathMatcher("glob:" + NATIVES);
    return zip(folder.resolve("vae4j-linux-x86_64.jar"), natives);
  }

  /** Installs the command line, as its zip does; the script is returned. */
  static Path installed(Path folder) throws IOException {
    Path script = folder.resolve("bin/vae4j");
    Files.createDirectories(script.resolveSibling("."));
    Files.copy(Path.of("vae4j"), script, StandardCopyOption.COPY_ATTRIBUTES);
    Path lib = Files.createDirectories(folder.resolve("lib"));
    zip(lib.resolve("vae4j-all.jar"), path -> !path.startsWith("io/github/vae4j/data/mnist"));
    for (Path jar : classPath()) {
      if (!jar.toString().matches(".*(onnxruntime|duckdb).*")) {
        Files.copy(jar, lib.resolve(jar.getFileName()));
      }
    }
    return script;
  }

  /** All jars that the library and the command line use. */
  static List<Path> classPath() throws IOException {
    return Arrays.stream(
            Files.readString(Path.of("target/classpath.txt")).split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry.strip()))
        .toList();
  }

  /** Puts a class of the tests, without its neighbours, on a class path of its own. */
  static Path program(Path folder, Class<?> program) throws IOException {
    String file = program.getName().replace('.', '/') + ".class";
    Path copy = folder.resolve("program").resolve(file);
    Files.createDirectories(copy.resolveSibling("."));
    Files.copy(Path.of("target/test-classes", file), copy);
    return folder.resolve("program");
  }

  private static Path zip(Path jar, PathMatcher included) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out);
        Stream<Path> all = Files.walk(CLASSES)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        Path name = CLASSES.relativize(file);
        if (included.matches(name)) {
          zip.putNextEntry(new ZipEntry(name.toString()));
          Files.copy(file, zip);
        }
      }
    }
    return jar;
  }

  private static NodeList nodes(String path) throws Exception {
    return nodes("pom.xml", path);
  }

  /** Parts of a file of the build. */
  static NodeList nodes(String file, String path) throws Exception {
    Document parsed =
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new File(file));
    return (NodeList)
        XPathFactory.newInstance().newXPath().evaluate(path, parsed, XPathConstants.NODESET);
  }
}
