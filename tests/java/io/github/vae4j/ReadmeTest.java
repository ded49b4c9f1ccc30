// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the Java example of the README. */
class ReadmeTest {
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern CLASS = Pattern.compile("public final class (\\w+)");

  @Test
  void theExampleOfTheReadmeRuns(@TempDir Path folder) throws Exception {
    Path model = Path.of("target/model.safetensors");
    Files.deleteIfExists(model);
    run(0, folder);
    assertTrue(Files.size(model) > 600_000 * 4, "the example saved its model");
  }

  @Test
  void theExampleOfTablesRuns(@TempDir Path folder) throws Exception {
    Path scores = Path.of("target/claims/calibration.json");
    Files.deleteIfExists(scores);
    PrintStream before = System.out;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      run(1, folder);
    } finally {
      System.setOut(before);
    }
    assertTrue(Files.exists(scores), "the example saved its calibration");
    String text = said.toString(StandardCharsets.UTF_8);
    assertTrue(Double.parseDouble(text.substring(0, text.indexOf(' '))) < 0.01, text);
    assertTrue(text.contains("because of [Explanation[column=amount, value=2990.5"), text);
  }

  private static void run(int number, Path folder) throws Exception {
    List<MatchResult> examples =
        BLOCK.matcher(Files.readString(Path.of("README.md"))).results().toList();
    assertEquals(2, examples.size(), "README.md has Java examples");
    String text = examples.get(number).group(1);
    Matcher name = CLASS.matcher(text);
    assertTrue(name.find(), text);
    Path source = folder.resolve(name.group(1) + ".java");
    Files.writeString(source, text);

    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  files,
                  null,
                  List.of("-d", folder.toString(), "-proc:none", "-Xlint:all"),
                  null,
                  files.getJavaFileObjects(source))
              .call();
      assertTrue(compiled, messages.toString());
    }
    assertEquals("", messages.toString());
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      Method main = loader.loadClass(name.group(1)).getMethod("main", String[].class);
      main.invoke(null, (Object) new String[0]);
    }
  }
}
