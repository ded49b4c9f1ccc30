package io.github.vae4j.backend;

/**
 * An op bound to its buffers: checked and planned once, run often. Running allocates nothing. The
 * buffers stay the caller's; closing frees what the backend planned.
 */
public interface PreparedOp extends AutoCloseable {
  /** Computes the op once. */
  void run();

  @Override
  default void close() {}
}
