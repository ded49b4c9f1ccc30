// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.VaeException;
import io.github.vae4j.files.AtomicFiles;
import io.github.vae4j.files.Reasons;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run folder that is open for writing, by one run at a time. A run that replaces another one is
 * written into a hidden folder until {@link #keep}; until then the other run is whole.
 */
public final class OpenRun implements AutoCloseable {
  private final RunFolder home;
  private final RunLock lock;
  private final boolean made;
  private RunFolder folder;

  private OpenRun(RunFolder home, RunLock lock, boolean made) {
    this.home = home;
    this.folder = home;
    this.lock = lock;
    this.made = made;
  }

  /**
   * Opens a folder for a new run; makes it where there is none.
   *
   * @param path the folder
   * @param overwrite whether to replace the run in it: the files of a run, and no others
   * @return the open run, to be closed
   * @throws VaeException if there is another run, or another process writes into the folder, or it
   *     cannot be used
   */
  public static OpenRun create(Path path, boolean overwrite) {
    if (path.toString().isEmpty()) {
      throw new VaeException("a run needs a folder of its own, and the name of this one is empty");
    }
    RunFolder folder = new RunFolder(path);
    try {
      boolean made = !Files.exists(path);
      Files.createDirectories(path);
      OpenRun run = new OpenRun(folder, RunLock.of(path), made);
      try {
        run.tidy();
        List<String> present = folder.present();
        if (!present.isEmpty()) {
          if (!overwrite) {
            throw folder.taken(present);
          }
          run.folder = Replacement.begin(folder);
        }
        return run;
      } catch (IOException | RuntimeException e) {
        run.close();
        throw e;
      }
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  /**
   * Opens a folder whose run goes on.
   *
   * @param path the folder
   * @return the open run, to be closed
   * @throws VaeException if there is no checkpoint, or another process writes into the folder, or
   *     it cannot be used
   */
  public static OpenRun resume(Path path) {
    RunFolder folder = new RunFolder(path);
    if (!Files.isDirectory(path)) {
      throw folder.notResumable();
    }
    OpenRun run = new OpenRun(folder, RunLock.of(path), false);
    try {
      run.tidy();
      if (!folder.hasCheckpoint()) {
        throw folder.notResumable();
      }
      return run;
    } catch (IOException e) {
      run.close();
      throw unusable(path, e);
    } catch (RuntimeException e) {
      run.close();
      throw e;
    }
  }

  /** Ends the work of a process that was killed here. */
  private void tidy() throws IOException {
    Replacement.recover(home);
    for (String name : RunFolder.FILES) {
      AtomicFiles.deleteLeftovers(home.file(name));
    }
  }

  private static VaeException unusable(Path path, IOException e) {
    String reason = Reasons.of(e);
    if (Files.isSymbolicLink(path) && !Files.exists(path)) {
      reason = "it is a link to a place that does not exist";
    } else if (Files.exists(path) && !Files.isDirectory(path)) {
      reason = "it is not a folder";
    }
    return new VaeException("cannot use " + path + " as a run folder: " + reason, e);
  }

  /**
   * The place of the run's files, which {@link #keep} changes.
   *
   * @return the run folder, or a hidden one in it
   */
  public RunFolder folder() {
    return folder;
  }

  /**
   * Whether another run is in the folder, which this one has not replaced yet.
   *
   * @return false for a run that is in its place
   */
  public boolean replaces() {
    return !folder.equals(home);
  }

  /**
   * A remark on the lock.
   *
   * @return null if there is none to make
   */
  public @Nullable String remark() {
    return lock.remark();
  }

  /**
   * To be called when a checkpoint is complete: the run takes the place of the one that it
   * replaces, whose files are deleted.
   *
   * @throws VaeException if the files cannot be moved; the other run is then whole, or {@link
   *     #replaces} is false, and the next start in the folder completes the replacement
   */
  public void keep() {
    if (!replaces()) {
      return;
    }
    try {
      Replacement.commit(home);
    } catch (IOException e) {
      throw new VaeException("cannot replace the run in " + home.path() + ": " + Reasons.of(e), e);
    }
    folder = home;
    try {
      Replacement.finish(home);
    } catch (IOException e) {
      throw new VaeException(
          "cannot move the new run to its place in "
              + home.path()
              + ": "
              + Reasons.of(e)
              + "; the next train in this folder does that",
          e);
    }
  }

  /** Ends the use of the folder. A run that was not kept is deleted. */
  @Override
  public void close() {
    try {
      if (replaces()) {
        Replacement.discard(home);
      }
    } catch (IOException e) {
      // The next run in this folder deletes it.
      return;
    } finally {
      lock.close();
      removeIfEmpty();
    }
  }

  private void removeIfEmpty() {
    try {
      if (made) {
        Files.deleteIfExists(home.path());
      }
    } catch (DirectoryNotEmptyException e) {
      // It holds the run.
      return;
    } catch (IOException e) {
      // An empty folder stays.
      return;
    }
  }
}
