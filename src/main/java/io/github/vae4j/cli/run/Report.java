// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import java.io.PrintWriter;

/**
 * The output of a command. Results go to standard output: lines of text, or with {@code --json}
 * only JSON objects, one per line. Remarks go to standard error.
 *
 * @param out standard output
 * @param err standard error
 * @param json whether results are JSON
 */
public record Report(PrintWriter out, PrintWriter err, boolean json) {
  /**
   * Prints a line of the result for people.
   *
   * @param text the line
   */
  public void line(String text) {
    if (!json) {
      out.println(Printable.line(LibraryNames.options(text)));
      out.flush();
    }
  }

  /**
   * Prints the result for programs.
   *
   * @param object the result
   */
  public void object(JsonLine object) {
    if (json) {
      out.println(object);
      out.flush();
    }
  }

  /**
   * Prints a remark, which is not a part of the result.
   *
   * @param text the remark
   */
  public void remark(String text) {
    err.println("vae4j: " + Printable.line(LibraryNames.options(text)));
    err.flush();
  }
}
