// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The process that writes a run folder, as its lock file names it.
 *
 * @param pid the process
 * @param host its machine
 * @param since the start of the process
 */
record RunOwner(long pid, String host, Instant since) {
  private static final Pattern LINE =
      Pattern.compile("process (\\d{1,18}) on (\\S{1,255}), started (\\S{1,40})");

  private static final Path LINUX_NAME = Path.of("/proc/sys/kernel/hostname");
  private static final Duration CLOCK_ERROR = Duration.ofSeconds(2);

  static RunOwner self() {
    ProcessHandle process = ProcessHandle.current();
    return new RunOwner(process.pid(), hostName(), start(process));
  }

  private static Instant start(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH).truncatedTo(ChronoUnit.SECONDS);
  }

  /** The name of this machine, without a question to a name server where the system knows it. */
  private static String hostName() {
    try {
      String name =
          Files.isReadable(LINUX_NAME)
              ? Files.readString(LINUX_NAME)
              : InetAddress.getLocalHost().getHostName();
      return name.isBlank() ? "localhost" : name.strip().replaceAll("\\s", "-");
    } catch (IOException e) {
      return "localhost";
    }
  }

  /**
   * Reads the line of a lock file.
   *
   * @param text its content
   * @return null if it names no process
   */
  static @Nullable RunOwner parse(String text) {
    Matcher line = LINE.matcher(text.strip());
    if (!line.matches()) {
      return null;
    }
    try {
      return new RunOwner(
          Long.parseLong(line.group(1)), line.group(2), Instant.parse(line.group(3)));
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  boolean onThisHost() {
    return host.equals(hostName());
  }

  /** Whether the process runs on this machine; another one may have got its number. */
  boolean alive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(
            process -> Duration.between(since, start(process)).abs().compareTo(CLOCK_ERROR) <= 0)
        .isPresent();
  }

  @Override
  public String toString() {
    return "process " + pid + " on " + host + ", started " + since;
  }
}
