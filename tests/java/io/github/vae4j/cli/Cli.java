// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.vae4j.data.Bytes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The result of a command.
 *
 * @param code the exit code
 * @param out standard output
 * @param err standard error
 */
record Cli(int code, String out, String err) {
  private static final String ERROR = "vae4j: error: ";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** The option of data that are written first: 40 binary rows of four columns. */
  static String binaryRows(Path folder) throws IOException {
    StringBuilder text = new StringBuilder("a,b,c,d\n");
    for (int i = 0; i < 40; i++) {
      text.append("%d,%d,%d,%d%n".formatted(i % 2, i / 2 % 2, i / 3 % 2, (i + 1) % 2));
    }
    Path file = folder.resolve("rows.csv");
    Files.writeString(file, text);
    return "--data=" + file;
  }

  /** The option of data that are written first: 40 binary images of 8 x 8. */
  static String imageRows(Path folder) throws IOException {
    int[] values = IntStream.range(0, 40 * 64).map(i -> i * i / 3 % 2 * 255).toArray();
    Path file = folder.resolve("images.idx");
    Bytes.idx(8, 40, 8, 8).u8(values).write(file);
    return "--data=idx:" + file;
  }

  /** The arguments of a command, and more. */
  static String[] with(List<String> arguments, String... more) {
    return Stream.concat(arguments.stream(), Stream.of(more)).toArray(String[]::new);
  }

  /** Runs a command in this JVM. */
  static Cli run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(arguments, new PrintWriter(out), new PrintWriter(err));
    return new Cli(code, out.toString(), err.toString());
  }

  /** Runs a command that must succeed. */
  static Cli ok(String... arguments) {
    Cli answer = run(arguments);
    assertEquals(0, answer.code(), answer.err());
    return answer;
  }

  static Cli ok(List<String> arguments) {
    return ok(arguments.toArray(String[]::new));
  }

  /** Runs a command that must fail with a code and a message, without a stack trace. */
  static void fails(int code, List<String> parts, String... arguments) {
    Cli answer = run(arguments);
    assertEquals(code, answer.code(), answer.err());
    for (String part : parts) {
      assertTrue(answer.err().contains(part), "\"" + part + "\" is not in: " + answer.err());
    }
    List<String> lines = answer.err().lines().toList();
    List<String> errors = lines.stream().filter(line -> line.startsWith(ERROR)).toList();
    assertEquals(1, errors.size(), answer.err());
    int at = lines.indexOf(errors.get(0));
    // Remarks on the data may come before it, and the way to help after it.
    for (String line : lines.subList(0, at)) {
      assertTrue(line.startsWith("vae4j: "), answer.err());
    }
    List<String> after =
        lines.subList(at + 1, lines.size()).stream()
            .filter(line -> !line.matches("(Possible solutions: |Did you mean: ).*"))
            .toList();
    assertEquals(code == 2 ? 1 : 0, after.size(), answer.err());
    assertTrue(after.stream().allMatch(line -> line.endsWith(" --help' for help.")), answer.err());
  }

  /** Each line of the output is one JSON object. */
  List<JsonNode> objects() {
    return out.lines().map(Cli::object).toList();
  }

  /** The object of a text of JSON. */
  static JsonNode object(String line) {
    try {
      JsonNode node = JSON.readTree(line);
      assertTrue(node.isObject(), line);
      return node;
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + line, e);
    }
  }

  /** The vae.json of a run without the place where the run was made. */
  static String specification(Path run) throws IOException {
    String text = Files.readString(run.resolve("vae.json"));
    String without = text.replaceAll(",\\s*\"madeIn\" *: *\"[0-9a-f]{16}\"", "");
    assertNotEquals(text, without);
    return without;
  }
}
