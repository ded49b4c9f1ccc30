// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.VaeException;
import java.nio.file.Path;

/** A file of a run that cannot be used: which, and what is wrong in it. */
public final class CheckpointException extends VaeException {
  private final transient Path file;

  /** The error in the file, its place and its remedy. */
  private final String problem;

  /**
   * A file and its problem.
   *
   * @param file the file
   * @param problem what is wrong, where in the file, and how to mend it
   */
  public CheckpointException(Path file, String problem) {
    super(file + ": " + problem);
    this.file = file;
    this.problem = problem;
  }

  /**
   * A file and its problem.
   *
   * @param file the file
   * @param problem what is wrong, where in the file, and how to mend it
   * @param cause what was thrown below
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
   * The problem alone.
   *
   * @return the message without the file
   */
  public String problem() {
    return problem;
  }
}
