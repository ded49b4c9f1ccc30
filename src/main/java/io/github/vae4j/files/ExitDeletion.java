// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.files;

import java.nio.file.Path;

/**
 * Deletes a file that is being written if the process ends meanwhile, by Ctrl-C or another signal
 * that can be handled, or by an exit.
 */
final class ExitDeletion implements AutoCloseable {
  private final Thread hook;

  private ExitDeletion(Thread hook) {
    this.hook = hook;
  }

  static ExitDeletion of(Path file) {
    Thread hook = new Thread(() -> AtomicFiles.deleteQuietly(file), "vae4j deletes a file");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, and this file is written all the same: it is the last checkpoint.
    }
    return new ExitDeletion(hook);
  }

  /** The file is complete, or its writer deletes it. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: the hook runs, or was not registered.
    }
  }
}
