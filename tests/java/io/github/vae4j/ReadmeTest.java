package io.github.vae4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the Java example that the README shows, as it stands there. */
class ReadmeTest {
  private static final String IMPORTS =
      """
      import io.github.vae4j.Vae;
      import io.github.vae4j.backend.*;
      import io.github.vae4j.data.*;
      import io.github.vae4j.model.*;
      import io.github.vae4j.tensor.*;
      import io.github.vae4j.train.*;
      import java.nio.file.*;
      public final class Example {
        public static void run() {
      """;

  @Test
  void theExampleOfTheReadmeRuns(@TempDir Path folder) throws Exception {
    Matcher example =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("README.md")));
    assertTrue(example.find(), "README.md has a Java example");
    Path model = Path.of("target/model.safetensors");
    Files.deleteIfExists(model);
    Path source = folder.resolve("Example.java");
    Files.writeString(source, IMPORTS + example.group(1) + "}}");

    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  files,
                  null,
                  List.of("-d", folder.toString(), "-proc:none"),
                  null,
                  files.getJavaFileObjects(source))
              .call();
      assertTrue(compiled, messages.toString());
    }
    assertEquals("", messages.toString());
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      Method run = loader.loadClass("Example").getMethod("run");
      run.invoke(null);
    }
    assertTrue(Files.size(model) > 600_000 * 4, "the example saved its model");
  }
}
