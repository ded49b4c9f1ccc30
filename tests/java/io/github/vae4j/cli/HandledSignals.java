// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Starts processes to which signals can be sent. A background job of a shell ignores SIGINT, and a
 * JVM does not handle a signal that it was started to ignore.
 */
public final class HandledSignals {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final List<String> RESET = List.of("env", "--default-signal=INT,TERM,HUP");
  private static final int INTERRUPT = 2;

  /** The number of SIGTERM. */
  public static final int TERMINATE = 15;

  private HandledSignals() {}

  /** The first words of a command; skips the test where a signal would be ignored. */
  public static List<String> prefix() throws IOException {
    if (!ignored(INTERRUPT) && !ignored(TERMINATE)) {
      return List.of();
    }
    boolean resets;
    try {
      List<String> command = List.of(RESET.get(0), RESET.get(1), "true");
      resets = new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      resets = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      resets = false;
    }
    Assumptions.assumeTrue(
        resets, "this process ignores SIGINT or SIGTERM, and there is no env that resets them");
    return RESET;
  }

  /** Whether this process was started to ignore a signal. */
  public static boolean ignored(int signal) throws IOException {
    if (!Files.isReadable(STATUS)) {
      return false;
    }
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .map(line -> new BigInteger(line.substring(line.indexOf(':') + 1).strip(), 16))
        .anyMatch(mask -> mask.testBit(signal - 1));
  }
}
