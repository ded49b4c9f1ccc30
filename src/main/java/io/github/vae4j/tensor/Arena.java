// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.tensor;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Owns the closeable objects of a plan and closes them in reverse order. After a failure the
 * remaining objects are closed all the same.
 */
public final class Arena implements AutoCloseable {
  private final Deque<AutoCloseable> owned = new ArrayDeque<>();

  /** An arena without objects. */
  public Arena() {}

  /**
   * Takes ownership.
   *
   * @param resource closed with this arena
   * @param <T> its type
   * @return the resource
   */
  public <T extends AutoCloseable> T own(T resource) {
    owned.push(resource);
    return resource;
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (RuntimeException e) {
        failure = join(failure, e);
      } catch (Exception e) {
        failure = join(failure, new IllegalStateException("close failed", e));
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static RuntimeException join(
      @org.jspecify.annotations.Nullable RuntimeException first, RuntimeException next) {
    if (first == null) {
      return next;
    }
    first.addSuppressed(next);
    return first;
  }
}
