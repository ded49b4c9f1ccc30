// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.tensor;

import java.lang.ref.Cleaner;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which native objects of a backend are open and reports those that were never closed: when
 * they become unreachable, and when the backend closes. It never frees them: whoever allocates owns
 * and closes. With {@code -Dvae4j.leaks=stack} a report has the stack of the creation.
 */
public final class LeakTracker {
  private static final Logger LOG = LoggerFactory.getLogger(LeakTracker.class);
  private static final Cleaner CLEANER = Cleaner.create();
  private static final boolean STACKS = "stack".equals(System.getProperty("vae4j.leaks"));

  private final Set<Ticket> open = ConcurrentHashMap.newKeySet();

  /** A tracker with nothing open. */
  public LeakTracker() {}

  /** The proof that an object is open; close it with the object. */
  public static final class Ticket implements Runnable {
    private final String what;
    private final Set<Ticket> open;
    private final @Nullable Throwable creation;

    private Ticket(String what, Set<Ticket> open) {
      this.what = what;
      this.open = open;
      this.creation = STACKS ? new Throwable("created here") : null;
    }

    /** Says that the object was closed. */
    public void closed() {
      open.remove(this);
    }

    /** Called when the object is unreachable. */
    @Override
    public void run() {
      if (open.remove(this)) {
        report(this);
      }
    }
  }

  /**
   * Starts to track an object.
   *
   * @param subject the object; only weakly held
   * @param what what to call it in a report
   * @return its ticket, which the object must keep and close
   */
  public Ticket track(Object subject, String what) {
    Ticket ticket = new Ticket(what, open);
    open.add(ticket);
    CLEANER.register(subject, ticket);
    return ticket;
  }

  /**
   * The number of objects that are open.
   *
   * @return the number
   */
  public int open() {
    return open.size();
  }

  /** Reports what is still open, as an error each, and forgets it. */
  public void reportOpen() {
    for (Ticket ticket : Set.copyOf(open)) {
      if (open.remove(ticket)) {
        report(ticket);
      }
    }
  }

  private static void report(Ticket ticket) {
    LOG.error("leak: {} was never closed", ticket.what, ticket.creation);
  }
}
