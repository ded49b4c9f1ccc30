package io.github.vae4j.backend;

/**
 * A recorded step: its ops in order, run as one (a CUDA graph launch; on the CPU the list itself).
 * The ops stay the caller's and must outlive it.
 */
public interface Replay extends AutoCloseable {
  /** Runs the step once. */
  void run();

  @Override
  default void close() {}
}
