// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.files.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a run was made: a hash of the machine, the user and the folder, as {@code madeIn} of
 * vae.json. A folder that was copied from elsewhere, or moved, has another. It keeps a command from
 * opening files of this machine that a foreign run names; it is no signature.
 */
final class RunOrigin {
  private static final int DIGITS = 16;
  private static final Path MACHINE = Path.of("/etc/machine-id");

  private RunOrigin() {}

  /** The origin of a vae.json that is written here, now. */
  static String of(Path json) {
    String text =
        machine() + "\n" + System.getProperty("user.name", "") + "\n" + folder(json) + "\n";
    return Sha256.hex(text.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
  }

  private static String machine() {
    try {
      return Files.readString(MACHINE).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** A run that replaces another one begins in a folder within the one where it ends. */
  private static Path folder(Path json) {
    Path folder = json.toAbsolutePath().normalize().resolveSibling("");
    if (folder.endsWith(Replacement.NEW)) {
      folder = folder.resolveSibling("");
    }
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      return folder;
    }
  }
}
