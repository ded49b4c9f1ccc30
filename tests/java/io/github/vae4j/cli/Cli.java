// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The result of a command.
 *
 * @param code the exit code
 * @param out standard output
 * @param err standard error
 */
record Cli(int code, String out, String err) {
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
    byte[] header = {0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 8, 0, 0, 0, 8};
    byte[] bytes = Arrays.copyOf(header, header.length + 40 * 64);
    for (int i = header.length; i < bytes.length; i++) {
      bytes[i] = (byte) (i * i / 3 % 2 == 0 ? 0 : 255);
    }
    Path file = folder.resolve("images.idx");
    Files.write(file, bytes);
    return "--data=idx:" + file;
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

  /** Runs a command that must fail with a code and a message, without a stack trace. */
  static void fails(int code, List<String> parts, String... arguments) {
    Cli answer = run(arguments);
    assertEquals(code, answer.code(), answer.err());
    for (String part : parts) {
      assertTrue(answer.err().contains(part), "\"" + part + "\" is not in: " + answer.err());
    }
    // Remarks on the data may come before it.
    assertTrue(
        answer.err().lines().anyMatch(line -> line.startsWith("vae4j: error: ")), answer.err());
    assertTrue(!answer.err().contains("\tat "), answer.err());
    assertEquals(code == 2, answer.err().contains("--help' for help."), answer.err());
  }

  /** Each line of the output is one JSON object. */
  List<JsonNode> objects() {
    return out.lines().map(Cli::object).toList();
  }

  private static JsonNode object(String line) {
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
