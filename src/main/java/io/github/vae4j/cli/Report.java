package io.github.vae4j.cli;

import java.io.PrintWriter;

/**
 * What a command says. Results go to standard output: lines of text, or with {@code --json} one
 * JSON object a line and nothing else. Remarks go to standard error.
 *
 * @param out standard output
 * @param err standard error
 * @param json whether results are JSON
 */
record Report(PrintWriter out, PrintWriter err, boolean json) {
  /** A line of the result for people. */
  void line(String text) {
    if (!json) {
      out.println(text);
      out.flush();
    }
  }

  /** The result for programs. */
  void object(JsonLine object) {
    if (json) {
      out.println(object);
      out.flush();
    }
  }

  /** Something to know that is not the result. */
  void remark(String text) {
    err.println("vae4j: " + text);
    err.flush();
  }
}
