// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * Prints at the end of a build how many tests ran, and fails if a CUDA test was skipped or none
 * ran: a build must not pass without its CUDA tests. Maven runs it with the folders of both suites'
 * reports, and the time at which the build began: a report from before is of an earlier build, and
 * its class may be gone.
 */
public final class SuiteSummary {
  private final String name;
  private final int run;
  private final int skipped;

  private SuiteSummary(String name, int run, int skipped) {
    this.name = name;
    this.run = run;
    this.skipped = skipped;
  }

  /**
   * Prints the summaries.
   *
   * @param args the folders of the reports of the CPU suite and of the CUDA suite, and the start
   * @throws IOException if a report cannot be read
   */
  public static void main(String[] args) throws IOException {
    Instant start = Instant.parse(args[2]);
    SuiteSummary cuda = of("CUDA suite", Path.of(args[1]), start);
    System.out.println(of("CPU suite", Path.of(args[0]), start));
    System.out.println(cuda);
    cuda.requireComplete();
  }

  /** Adds up the reports of a folder that were written from the start on. */
  static SuiteSummary of(String name, Path folder, Instant start) throws IOException {
    int run = 0;
    int skipped = 0;
    for (Path report : reports(folder)) {
      if (Files.getLastModifiedTime(report).toInstant().isBefore(start)) {
        continue;
      }
      Element suite = root(report);
      run += Integer.parseInt(suite.getAttribute("tests"));
      skipped += Integer.parseInt(suite.getAttribute("skipped"));
    }
    return new SuiteSummary(name, run - skipped, skipped);
  }

  /** Fails if a test was skipped or none ran. */
  void requireComplete() {
    if (run == 0 || skipped > 0) {
      throw new IllegalStateException("a CUDA test that does not run is a failure: " + this);
    }
  }

  private static List<Path> reports(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml")).toList();
    }
  }

  private static Element root(Path report) throws IOException {
    try {
      DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
      return builder.parse(report.toFile()).getDocumentElement();
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(report + " is not a test report", e);
    }
  }

  @Override
  public String toString() {
    return name + ": " + run + " tests ran, " + skipped + " skipped";
  }
}
