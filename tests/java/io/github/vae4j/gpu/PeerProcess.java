// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The process of a peer's program, which runs for several measurements, so that it imports its
 * framework once.
 */
final class PeerProcess implements AutoCloseable {
  private static final String END = "\0";

  private final Process process;
  private final Writer input;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private boolean broken;

  PeerProcess(Path program) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("python3", "-u", program.toString(), "-");
    // A peer uses the CUDA libraries that came with it, not those that were found for us.
    String theirs = System.getenv("VAE4J_PEERS_LIBRARIES");
    builder.environment().put("LD_LIBRARY_PATH", theirs == null ? "" : theirs);
    process = builder.redirectError(Redirect.INHERIT).start();
    input = process.outputWriter(StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "peer");
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lines.add(END);
    }
  }

  /** The answer to a run; an object with an error if there is none. */
  ObjectNode ask(String run, long seconds) throws InterruptedException {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    try {
      input.write(run + "\n");
      input.flush();
    } catch (IOException e) {
      return failed("the process ended: " + e.getMessage());
    }
    while (true) {
      String line = lines.poll(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (line == null) {
        return failed("no answer in " + seconds + " s");
      }
      if (line.equals(END)) {
        // Its output ends a little before it does.
        boolean ended = process.waitFor(5, TimeUnit.SECONDS);
        return failed(ended ? "the process ended with " + process.exitValue() : "no more output");
      }
      @Nullable ObjectNode answer = Json.parse(line);
      if (answer != null) {
        broken = answer.has("error");
        return answer;
      }
    }
  }

  private ObjectNode failed(String why) {
    broken = true;
    return Json.object().put("error", why);
  }

  /** Whether its last run failed: an error of the device would spoil the runs after it. */
  boolean broken() {
    return broken;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
