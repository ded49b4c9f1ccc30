// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import io.github.vae4j.files.AtomicFiles;
import java.nio.file.Path;

/** Ends its process while it writes a file. */
final class ExitWhileWriting {
  static final int CODE = 7;

  private ExitWhileWriting() {}

  /**
   * Writes a byte and ends.
   *
   * @param args the file
   */
  public static void main(String[] args) {
    AtomicFiles.write(
        Path.of(args[0]),
        out -> {
          out.write(1);
          System.exit(CODE);
        });
  }
}
