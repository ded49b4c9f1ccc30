// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.VaeException;
import io.github.vae4j.files.Reasons;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.util.Locale;

/** The text of a failure for users, in one line. */
public final class FailureText {
  private FailureText() {}

  /**
   * The line.
   *
   * @param e the failure
   * @return the text without a line break
   */
  public static String of(Throwable e) {
    if (e instanceof OutOfMemoryError) {
      return outOfMemory(e, "lower --batch, --samples or the sizes of the model");
    }
    String message = e.getMessage();
    if (e instanceof InvalidPathException path && isUnmappable(path)) {
      return "\""
          + path.getInput()
          + "\": the locale of this process has no such letters in names of files; set"
          + " LC_ALL=C.UTF-8 (the launcher vae4j does)";
    }
    if (e instanceof VaeException || e instanceof IllegalArgumentException) {
      return message == null ? e.getClass().getSimpleName() : message;
    }
    if (e instanceof StackOverflowError) {
      return "Java's stack is too small; give it more: VAE4J_JAVA_OPTS=-Xss2m ./vae4j ...";
    }
    if (e instanceof ClassNotFoundException) {
      return "the class " + message + " does not load";
    }
    if (e instanceof FileSystemException file) {
      return file.getFile() + ": " + Reasons.of(file);
    }
    boolean wrapped =
        e instanceof UncheckedIOException
            || e instanceof ExceptionInInitializerError
            || e instanceof NoClassDefFoundError
            || e instanceof TypeNotPresentException;
    if (wrapped && e.getCause() != null) {
      return of(e.getCause());
    }
    return e.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  /** Java's word for a name that the encoding of the locale cannot have. */
  private static boolean isUnmappable(InvalidPathException e) {
    return e.getReason().contains("unmappable");
  }

  /**
   * The line of an OutOfMemoryError.
   *
   * @param e the error
   * @param lower the options to lower
   * @return the text without a line break
   */
  public static String outOfMemory(Throwable e, String lower) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("native thread")) {
      return "out of memory ("
          + message
          + "); free memory, or raise the limits of this process (ulimit -u, ulimit -v)";
    }
    if (message.contains("direct buffer memory")) {
      return String.format(
          Locale.ROOT,
          "out of memory (%s): %s, or give Java more memory outside its heap:"
              + " VAE4J_JAVA_OPTS=-XX:MaxDirectMemorySize=8g ./vae4j ...",
          message,
          lower);
    }
    return String.format(
        Locale.ROOT,
        "out of memory (%s): Java may use %s; %s, or give it more: VAE4J_JAVA_OPTS=-Xmx8g ./vae4j ...",
        message,
        Numbers.bytes(Runtime.getRuntime().maxMemory()),
        lower);
  }
}
