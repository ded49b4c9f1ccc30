// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of the run: a process of its own with a time limit. The JSON objects that it prints, one
 * per line, are its results.
 *
 * @param number of the stage, 1 to 8; several parts share one
 * @param name of the part, and of its log
 * @param seconds its time limit
 * @param command of the process
 * @param environment variables in addition to those of the run
 * @param keep a regular expression: other lines that are kept with the results
 * @param resumes whether it is run again, at most twice, if it ended with {@link #FATAL} after the
 *     name of a case, without that case
 * @param needs a program of the machine that it requires; null for none
 */
record Stage(
    int number,
    String name,
    int seconds,
    List<String> command,
    Map<String, String> environment,
    String keep,
    boolean resumes,
    @Nullable String needs) {
  /** The exit code after an error that leaves the device's context corrupt. */
  static final int FATAL = 3;

  /** Matches nothing. */
  private static final String NOTHING = "$.";

  static Stage of(int number, String name, int seconds, List<String> command) {
    return new Stage(number, name, seconds, command, Map.of(), NOTHING, false, null);
  }

  Stage with(Map<String, String> more) {
    return new Stage(number, name, seconds, command, more, keep, resumes, needs);
  }

  Stage keeping(String lines) {
    return new Stage(number, name, seconds, command, environment, lines, resumes, needs);
  }

  Stage resuming() {
    return new Stage(number, name, seconds, command, environment, keep, true, needs);
  }

  Stage needing(String program) {
    return new Stage(number, name, seconds, command, environment, keep, resumes, program);
  }
}
