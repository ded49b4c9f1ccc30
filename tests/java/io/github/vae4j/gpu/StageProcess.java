// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Runs a stage's process to its end or its time limit, and reads its output. */
final class StageProcess {
  private static final int MOST_OBJECTS = 400;
  private static final int MOST_LINES = 150;
  private static final int LONGEST_LINE = 400;
  private static final int LAST_LINES = 8;
  private static final int LARGEST_LOG = 512 * 1024;

  private final Path logs;
  private volatile @Nullable Process running;

  StageProcess(Path logs) {
    this.logs = logs;
  }

  /**
   * The output of a process.
   *
   * @param code its exit code; 124 or 137 where it was stopped at its limit
   * @param objects the JSON objects
   * @param lines the lines asked for
   * @param last the last lines of its log that are not stack frames
   */
  record Answer(int code, List<ObjectNode> objects, List<String> lines, List<String> last) {
    boolean stopped() {
      return code == 124 || code == 137;
    }

    /** The case after which the device's context was corrupt; null if it was not. */
    @Nullable String fatal() {
      return code != Stage.FATAL
          ? null
          : objects.stream()
              .filter(object -> object.has("fatal"))
              .map(object -> object.get("fatal").asText())
              .findFirst()
              .orElse(null);
    }
  }

  /** Runs it; {@code more} are further arguments. */
  Answer run(Stage stage, String log, List<String> more, long seconds)
      throws IOException, InterruptedException {
    Path file = logs.resolve(log + ".log");
    // A limit that holds also when this JVM is killed.
    List<String> command =
        new ArrayList<>(List.of("timeout", "-k", "3", Long.toString(Math.max(1, seconds))));
    command.addAll(stage.command());
    command.addAll(more);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(stage.environment());
    Process process = builder.redirectOutput(file.toFile()).start();
    running = process;
    process.getOutputStream().close();
    int code = process.waitFor();
    running = null;
    return read(code, file, Pattern.compile(stage.keep()));
  }

  /** Ends the running process. */
  void stop() {
    Process process = running;
    if (process != null) {
      process.destroy();
    }
  }

  private static Answer read(int code, Path file, Pattern keep) throws IOException {
    List<ObjectNode> objects = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    List<String> all = text.lines().filter(line -> !line.isBlank()).toList();
    for (String line : all) {
      ObjectNode object = Json.parse(line);
      if (object != null && objects.size() < MOST_OBJECTS) {
        objects.add(object);
      } else if (object == null && lines.size() < MOST_LINES && keep.matcher(line).find()) {
        lines.add(cut(line));
      }
    }
    if (text.length() > LARGEST_LOG) {
      String shorter =
          text.substring(0, LARGEST_LOG / 2)
              + "\n[... cut ...]\n"
              + text.substring(text.length() - LARGEST_LOG / 2);
      Files.writeString(file, shorter);
    }
    List<String> words =
        all.stream().filter(line -> Json.parse(line) == null && !line.startsWith("\tat ")).toList();
    List<String> last =
        words.subList(Math.max(0, words.size() - LAST_LINES), words.size()).stream()
            .map(StageProcess::cut)
            .toList();
    return new Answer(code, objects, lines, last);
  }

  static String cut(String line) {
    return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE);
  }
}
