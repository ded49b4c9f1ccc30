// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * Turns Ctrl-C and SIGTERM into a request to stop. Once armed, the JVM's shutdown waits until this
 * is closed, so that a run can save its state; the JVM then exits with its usual code, 130 or 143.
 * If this is not armed, a signal ends the program at once.
 */
public final class StopSignal implements BooleanSupplier, AutoCloseable {
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::waitForTheEnd, "vae4j-stop");
  private volatile boolean requested;
  private boolean armed;

  /** A signal that is not armed. */
  public StopSignal() {}

  void arm() {
    if (!armed) {
      Runtime.getRuntime().addShutdownHook(hook);
      armed = true;
    }
  }

  /** Whether a stop is requested. */
  @Override
  public boolean getAsBoolean() {
    return requested;
  }

  private void waitForTheEnd() {
    requested = true;
    try {
      finished.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets the JVM exit. */
  @Override
  public void close() {
    finished.countDown();
    if (armed && !requested) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The shutdown has just begun; the hook does not wait any more.
        return;
      }
    }
  }
}
