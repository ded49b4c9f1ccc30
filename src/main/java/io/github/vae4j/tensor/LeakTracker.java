// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.tensor;

import java.lang.ref.Cleaner;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracks the open native objects of a backend and reports objects that were not closed, when they
 * become unreachable and when the backend closes. It never frees them: the object that allocates
 * closes. A JVM reports its first leak only, because a single forgotten model consists of dozens of
 * objects. With {@code -Dvae4j.leaks=stack} every leak is reported, with the stack trace of the
 * creation.
 */
public final class LeakTracker {
  private static final Logger LOG = LoggerFactory.getLogger(LeakTracker.class);
  private static final Cleaner CLEANER = Cleaner.create();
  private static final boolean STACKS = "stack".equals(System.getProperty("vae4j.leaks"));

  private static final AtomicBoolean SAID = new AtomicBoolean();

  private final Set<Ticket> open = ConcurrentHashMap.newKeySet();

  /** A tracker without open objects. */
  public LeakTracker() {}

  /** The record of an open object; to be closed with the object. */
  public static final class Ticket implements Runnable {
    private final String name;
    private final Set<Ticket> open;
    private final @Nullable Throwable creation;

    private Ticket(String name, Set<Ticket> open) {
      this.name = name;
      this.open = open;
      this.creation = STACKS ? new Throwable("created here") : null;
    }

    /** Records that the object was closed. */
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
   * @param name of the object in a report
   * @return its ticket, which the object must keep and close
   */
  public Ticket track(Object subject, String name) {
    Ticket ticket = new Ticket(name, open);
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

  /** Reports each object that is still open, and removes it. */
  public void reportOpen() {
    for (Ticket ticket : Set.copyOf(open)) {
      if (open.remove(ticket)) {
        report(ticket);
      }
    }
  }

  private static void report(Ticket ticket) {
    if (STACKS) {
      LOG.error("leak: {} was never closed", ticket.name, ticket.creation);
    } else if (!SAID.getAndSet(true)) {
      LOG.error(
          "leak: {} was never closed, and stays allocated until the JVM ends; close each Vae,"
              + " Trainer, Backend and Buffer, as by try-with-resources. This is said once;"
              + " -Dvae4j.leaks=stack reports each object with the place of its creation",
          ticket.name);
    }
  }
}
