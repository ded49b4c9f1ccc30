// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * Turns Ctrl-C and SIGTERM into a request to stop. Once armed, the JVM's shutdown waits until this
 * is closed, so that a run can save its state; the JVM then exits with 130 or 143 as it would have.
 * Not armed, a signal ends the program at once.
 */
public final class StopSignal implements BooleanSupplier, AutoCloseable {
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::waitForTheEnd, "vae4j-stop");
  private volatile boolean requested;
  private boolean armed;

  /** Not armed. */
  public StopSignal() {}

  void arm() {
    if (!armed) {
      Runtime.getRuntime().addShutdownHook(hook);
      armed = true;
    }
  }

  /** Whether the run is to stop. */
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

  /** Lets the JVM end. */
  @Override
  public void close() {
    finished.countDown();
    if (armed && !requested) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The shutdown began this instant; the hook does not wait any more.
        return;
      }
    }
  }
}
