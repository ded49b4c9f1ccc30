// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns Ctrl-C and SIGTERM into a request to stop, once it is armed. A second signal ends the
 * program at once, and so does the first one if the program is held up by a reader of its output
 * that does not read. If this is not armed, a signal ends the program at once.
 */
public final class StopSignal implements BooleanSupplier, AutoCloseable {
  private static final List<String> NAMES = List.of("INT", "TERM", "HUP");
  private static final int INTERRUPT = 2;

  /** A shell reports a program that a signal ended by this number plus the signal's. */
  private static final int SIGNALLED = 128;

  private static final long STALLED_NANOS = 2_000_000_000L;
  private static final long TELL_MILLIS = 1000;
  private static final long NOT_PRINTING = Long.MIN_VALUE;

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::onShutdown, "vae4j-stop");
  private volatile int first;
  private volatile boolean requested;
  private volatile boolean complete;
  private volatile long printingSince = NOT_PRINTING;
  private @Nullable Signals signals;
  private boolean hooked;
  private Consumer<String> say = text -> {};
  private Supplier<String> loss = () -> "";

  /** A signal that is not armed. */
  public StopSignal() {}

  /**
   * Handles signals from now on.
   *
   * @param say prints a remark
   * @param loss the work that is lost if the program ends at once
   */
  void arm(Consumer<String> say, Supplier<String> loss) {
    this.say = say;
    this.loss = loss;
    signals = Signals.handle(NAMES, this::onSignal);
    if (signals == null) {
      Runtime.getRuntime().addShutdownHook(hook);
      hooked = true;
    }
  }

  /** Whether a stop is requested. */
  @Override
  public boolean getAsBoolean() {
    return requested;
  }

  /** The exit code of a program that has stopped at the request. */
  int exitCode() {
    return SIGNALLED + (first == 0 ? INTERRUPT : first);
  }

  /** The run is complete and saved: there is nothing to lose, and nothing to stop. */
  void complete() {
    complete = true;
  }

  /** Prints; a reader that does not read must not keep a signal from ending the program. */
  void printing(Runnable output) {
    printingSince = System.nanoTime();
    output.run();
    printingSince = NOT_PRINTING;
  }

  private void onSignal(int number) {
    synchronized (this) {
      if (first != 0) {
        end(number, "ended at once, " + lost());
      }
      first = number;
    }
    // The remark comes before that of the run that has stopped.
    tell(
        complete
            ? "the run is complete and saved; a second signal ends it at once, without its pictures"
            : "stops after this step, and saves; a second signal ends at once and loses "
                + loss.get());
    requested = true;
    waitForTheEnd(number);
  }

  private String lost() {
    return complete ? "without all pictures" : "without saving; lost: " + loss.get();
  }

  private void waitForTheEnd(int number) {
    long signalled = System.nanoTime();
    try {
      while (!finished.await(TELL_MILLIS / 10, TimeUnit.MILLISECONDS)) {
        long since = printingSince;
        if (since != NOT_PRINTING
            && System.nanoTime() - Math.max(since, signalled) > STALLED_NANOS) {
          end(number, "ended, as nobody reads its output, " + lost());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void end(int number, String text) {
    tell(text);
    Runtime.getRuntime().halt(SIGNALLED + number);
  }

  /** Prints a remark, and does not wait for a reader that does not read. */
  private void tell(String text) {
    Thread printer = new Thread(() -> say.accept(text), "vae4j-tell");
    printer.setDaemon(true);
    printer.start();
    try {
      printer.join(TELL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The handler of a runtime without signals: the JVM's shutdown waits until this is closed. */
  private void onShutdown() {
    first = INTERRUPT;
    requested = true;
    try {
      finished.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets the program end. */
  @Override
  public void close() {
    finished.countDown();
    if (signals != null) {
      signals.close();
    }
    if (hooked && first == 0) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The shutdown has just begun; the hook does not wait any more.
        return;
      }
    }
  }
}
