// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.VaeException;
import java.nio.file.Path;

/** A file of a run that cannot be used. The message names the file and the fault. */
public final class CheckpointException extends VaeException {
  private final transient Path file;

  /** The fault in the file, its place and its remedy. */
  private final String problem;

  /**
   * A file and its fault.
   *
   * @param file the file
   * @param problem the fault, its place in the file and the remedy
   */
  public CheckpointException(Path file, String problem) {
    super(file + ": " + problem);
    this.file = file;
    this.problem = problem;
  }

  /**
   * A file and its fault.
   *
   * @param file the file
   * @param problem the fault, its place in the file and the remedy
   * @param cause the exception that reported the fault
   */
  public CheckpointException(Path file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
    this.file = file;
    this.problem = problem;
  }

  /**
   * The file.
   *
   * @return its path, as it was given
   */
  public Path file() {
    return file;
  }

  /**
   * The fault alone.
   *
   * @return the message without the file
   */
  public String problem() {
    return problem;
  }
}
