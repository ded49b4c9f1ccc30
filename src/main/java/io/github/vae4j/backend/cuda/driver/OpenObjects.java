// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.LeakTracker;
import io.github.vae4j.tensor.Turn;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The open objects of a backend's users. Objects that are still open when the backend closes are
 * reported and freed: the device's primary context, which cuBLASLt keeps, does not end with the
 * backend, and would keep them.
 *
 * <p>Only the native part of each object is referenced, so that an unreachable object is reported
 * at once.
 */
public final class OpenObjects implements AutoCloseable {
  private final Turn turn = new Turn("cuda backend");
  private final LeakTracker tracker = new LeakTracker();
  private final Set<Held> held = new LinkedHashSet<>();

  /** A tracker without open objects. */
  public OpenObjects() {}

  /** The native part of an open object. */
  public final class Held implements AutoCloseable {
    private final LeakTracker.Ticket ticket;
    private final AutoCloseable natives;

    private Held(LeakTracker.Ticket ticket, AutoCloseable natives) {
      this.ticket = ticket;
      this.natives = natives;
    }

    /** Frees the object; a second call, or one after the backend's end, does nothing. */
    @Override
    public void close() {
      try (Turn taken = turn.takeToFree()) {
        if (held.remove(this)) {
          turn.countClosing();
          ticket.closed();
          try (Arena owned = new Arena()) {
            owned.own(natives);
          }
        }
      }
    }
  }

  /**
   * Tracks an object's native part until the object, or the backend, is closed.
   *
   * @param subject the object, which stays collectable
   * @param what the name of the object in a report
   * @param natives its native part, which does not reference the object
   * @return the entry, which the object closes
   */
  public Held hold(Object subject, String what, AutoCloseable natives) {
    Held part = new Held(tracker.track(subject, what), natives);
    held.add(part);
    return part;
  }

  /**
   * The turn of the backend.
   *
   * @return the turn, which every call of the backend and of its objects takes
   */
  public Turn turn() {
    return turn;
  }

  /**
   * The number of open objects.
   *
   * @return the count
   */
  public int count() {
    return tracker.open();
  }

  /** Ends the turn, reports the open objects and frees them, the newest first. */
  @Override
  public void close() {
    turn.end();
    tracker.reportOpen();
    try (Arena owned = new Arena()) {
      held.forEach(owned::own);
    }
  }
}
