// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Standard output, which remembers the first failure: {@link System#out} and any PrintWriter hide
 * it. After a failure the rest of the output is dropped.
 */
public final class StandardOutput extends OutputStream {
  /** The exit code that a shell reports for a program that SIGPIPE ended. */
  public static final int CLOSED_PIPE = 141;

  private static final String BROKEN_PIPE = "Broken pipe";

  private final OutputStream target;
  private final boolean pipe;
  private @Nullable IOException failure;

  /**
   * An output.
   *
   * @param target receives the bytes
   * @param pipe whether the bytes go to another program
   */
  public StandardOutput(OutputStream target, boolean pipe) {
    this.target = target;
    this.pipe = pipe;
  }

  /**
   * The standard output of this process.
   *
   * @return the output
   */
  public static StandardOutput ofProcess() {
    return new StandardOutput(new FileOutputStream(FileDescriptor.out), isPipe());
  }

  /** The text of an error is no proof: it is in the user's language. */
  private static boolean isPipe() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return target.startsWith("pipe:") || target.startsWith("socket:");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /**
   * A writer to this output in the terminal's encoding. It writes when it is flushed.
   *
   * @return the writer
   */
  public PrintWriter writer() {
    return new PrintWriter(this, false, charset("stdout.encoding"));
  }

  /**
   * The encoding of a stream.
   *
   * @param property the system property that names it; Java 17 lacks it
   * @return the encoding
   */
  public static Charset charset(String property) {
    String name = System.getProperty(property, System.getProperty("native.encoding"));
    return name != null && Charset.isSupported(name)
        ? Charset.forName(name)
        : Charset.defaultCharset();
  }

  /**
   * Why the output could not be written.
   *
   * @return the first failure; null if all was written, or if the reader closed the pipe, as {@code
   *     head} does, which is no failure
   */
  public synchronized @Nullable IOException failure() {
    return closedPipe() ? null : failure;
  }

  /**
   * Whether the reader closed the pipe.
   *
   * @return whether it wants no more
   */
  public synchronized boolean closedPipe() {
    return failure != null && (pipe || BROKEN_PIPE.equals(failure.getMessage()));
  }

  @Override
  public synchronized void write(int value) {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    if (failure == null) {
      try {
        target.write(bytes, offset, length);
      } catch (IOException e) {
        failure = e;
      }
    }
  }
}
