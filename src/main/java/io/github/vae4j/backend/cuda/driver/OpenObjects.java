// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.LeakTracker;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a backend's users have open. What they leave open is reported and freed with the backend:
 * the device's primary context goes on when the backend ends, as cuBLASLt keeps it, and with it
 * would all that was not freed.
 *
 * <p>Of each object only its native part is held, so that one that nobody can reach any more is
 * reported at once.
 */
public final class OpenObjects implements AutoCloseable {
  private final LeakTracker tracker = new LeakTracker();
  private final Set<Held> held = new LinkedHashSet<>();

  /** Nothing is open yet. */
  public OpenObjects() {}

  /** The native part of an open object. */
  public final class Held implements AutoCloseable {
    private final LeakTracker.Ticket ticket;
    private final AutoCloseable natives;

    private Held(LeakTracker.Ticket ticket, AutoCloseable natives) {
      this.ticket = ticket;
      this.natives = natives;
    }

    /** Frees it; a second call, or one after the backend's end, does nothing. */
    @Override
    public void close() {
      if (held.remove(this)) {
        ticket.closed();
        try (Arena owned = new Arena()) {
          owned.own(natives);
        }
      }
    }
  }

  /**
   * Holds an object's native part until the object, or the backend, is closed.
   *
   * @param subject the object, which is not kept alive by this
   * @param what what to call it in a report
   * @param natives its native part, which does not lead to the object
   * @return what the object closes
   */
  public Held hold(Object subject, String what, AutoCloseable natives) {
    Held part = new Held(tracker.track(subject, what), natives);
    held.add(part);
    return part;
  }

  /**
   * How many objects are open.
   *
   * @return the count
   */
  public int count() {
    return tracker.open();
  }

  /** Reports what is open and frees it, the newest first. */
  @Override
  public void close() {
    tracker.reportOpen();
    try (Arena owned = new Arena()) {
      held.forEach(owned::own);
    }
  }
}
