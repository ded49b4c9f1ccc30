// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Calls in a thread of their own. */
public final class OtherThread {
  private OtherThread() {}

  /** The exception of a call in another thread; null if it returns. */
  public static @Nullable Throwable thrown(Runnable call) {
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    Thread thread = new Thread(call, "another");
    thread.setUncaughtExceptionHandler((t, e) -> thrown.set(e));
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return thrown.get();
  }
}
