// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.tensor;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The right to use a backend with its buffers and programs, which one thread has at a time. Every
 * call takes the turn and gives it back at its end. It never waits: a call beside a call of another
 * thread is refused, because both would write to the same buffers. A thread that has the turn may
 * take it again, so that a call consists of other calls.
 */
public final class Turn implements AutoCloseable {
  private final String subject;
  private final AtomicReference<@Nullable Thread> holder = new AtomicReference<>();

  // Only the holder reads and writes the members below.
  private int depth;
  private boolean ended;
  private long closings;

  /**
   * A turn that no thread has.
   *
   * @param subject the name of the backend in messages, as in "cpu backend"
   */
  public Turn(String subject) {
    this.subject = subject;
  }

  /**
   * Takes the turn for the calling thread, until {@link #close}.
   *
   * @return this
   * @throws IllegalStateException if another thread has it, or the backend was closed
   */
  public Turn take() {
    takeToFree();
    if (ended) {
      close();
      throw new IllegalStateException(
          "the " + subject + " was closed, with the model, the buffers and the programs on it");
    }
    return this;
  }

  /**
   * Takes the turn to free an object, which is possible after the backend was closed too.
   *
   * @return this
   * @throws IllegalStateException if another thread has it
   */
  public Turn takeToFree() {
    Thread caller = Thread.currentThread();
    if (holder.getPlain() != caller) {
      Thread other = holder.compareAndExchange(null, caller);
      if (other != null) {
        throw busy("thread \"" + other.getName() + "\"");
      }
    }
    depth++;
    return this;
  }

  /**
   * Takes the turn for a call that must not be part of another one, such as the end of a model.
   *
   * @return this
   * @throws IllegalStateException if any thread, the calling one too, has it
   */
  public Turn takeAlone() {
    takeToFree();
    if (depth > 1) {
      close();
      throw busy("a call that this call is part of (of a listener or a data set)");
    }
    return this;
  }

  private IllegalStateException busy(String user) {
    return new IllegalStateException(
        "the "
            + subject
            + " is in use by "
            + user
            + "; a model, with its measures and trainers, is for one call at a time: wait until that"
            + " call has returned (an interrupt of its thread ends a training run after its step),"
            + " or open a model for each thread");
  }

  /** Ends the use of the backend: each later {@link #take} is refused. Only for the holder. */
  public void end() {
    ended = true;
  }

  /** Counts an object that was closed. Only for the holder. */
  public void countClosing() {
    closings++;
  }

  /**
   * The number of objects that were closed, so that a program finds out cheaply that none of its
   * buffers can have been closed since its last run. Only for the holder.
   *
   * @return the number
   */
  public long closings() {
    return closings;
  }

  /** Gives the turn back, when each call that took it has done so. */
  @Override
  public void close() {
    depth--;
    if (depth == 0) {
      holder.setRelease(null);
    }
  }
}
