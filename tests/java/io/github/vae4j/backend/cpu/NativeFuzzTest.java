// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Programs;
import io.github.vae4j.backend.SanitizedLibrary;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.embed.EmbeddedModels;
import io.github.vae4j.model.VaeSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * native/tests/fuzz: the C API with random and hostile arguments, in a library with the address and
 * the undefined-behaviour sanitizer, and changed files of models. Properties: cases
 * vae4j.fuzz.native, seed vae4j.fuzz.native.seed, and for the files of models another number,
 * vae4j.fuzz.native.files, and the most seconds, vae4j.fuzz.native.seconds.
 */
final class NativeFuzzTest {
  private static final int CASES = Integer.getInteger("vae4j.fuzz.native", 1000);
  private static final int FILES = Integer.getInteger("vae4j.fuzz.native.files", 1000);
  private static final String SECONDS = System.getProperty("vae4j.fuzz.native.seconds", "60");
  private static final long SEED = Long.getLong("vae4j.fuzz.native.seed", 1);
  private static final Path NATIVE = Path.of("native").toAbsolutePath();

  /** The last line, without a number that is 0: the program ends with 1 at the first failure. */
  private static final String EACH_KIND =
      "(?s).*\nseed [0-9]+: [1-9][0-9]* ops planned and run, [1-9][0-9]* refused, [1-9][0-9]* of"
          + " extreme shapes planned, [1-9][0-9]* of them run up to a fault in their operands\n";

  private static final String MODELS =
      "(?s).*\nseed [0-9]+: [1-9][0-9]* cases, [1-9][0-9]* models opened, [1-9][0-9]* refused,"
          + " [1-9][0-9]* calls answered, [1-9][0-9]* refused\n";

  @TempDir Path folder;

  @Test
  void everyFunctionRunsOrRefusesWhatTheHeadersSay() throws Exception {
    SanitizedLibrary sanitized = SanitizedLibrary.build();
    String ops =
        sanitized.run(folder, "fuzz/fuzz", List.of(Long.toString(SEED), Integer.toString(CASES)));
    assertTrue(ops.matches(EACH_KIND), ops);
    List<String> arguments =
        new ArrayList<>(
            List.of(Long.toString(SEED), SECONDS, Integer.toString(FILES), folder.toString()));
    arguments.addAll(models());
    String models = sanitized.run(folder, "fuzz/model", arguments);
    assertTrue(models.matches(MODELS), models);

    String symbols =
        new Programs(folder)
            .run(Map.of(), List.of("nm", "-D", "--defined-only", sanitized.library().toString()));
    SortedSet<String> called = found("called (\\w+)", ops);
    called.addAll(found("called (\\w+)", models));
    assertEquals(found(" T (vae4j_\\w+)", symbols), called, "exported, and called");
    String headers =
        Files.readString(NATIVE.resolve("include/vae4j.h"))
            + Files.readString(NATIVE.resolve("include/vae4j_model.h"));
    assertEquals(found("^VAE4J_API .*?(vae4j_\\w+)\\(", headers), called, "declared, and called");
  }

  /** Files of models with all kinds of parts. */
  private List<String> models() {
    List<String> files = new ArrayList<>();
    for (VaeSpec spec : EmbeddedModels.all()) {
      Path file = folder.resolve(files.size() + ".safetensors");
      ModelFile.save(file, spec, EmbeddedModels.weights(spec));
      files.add(file.toString());
    }
    return files;
  }

  /** The first groups of all matches. */
  private static SortedSet<String> found(String pattern, String text) {
    SortedSet<String> found = new TreeSet<>();
    Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(text)
        .results()
        .forEach(match -> found.add(match.group(1)));
    return found;
  }
}
