package io.github.vae4j.backend.cuda;

/** One submission to the stream with all its arguments ready: a launch, a product or a copy. */
interface Step extends AutoCloseable {
  /** Submits it. The context is current. */
  void submit();

  @Override
  default void close() {}
}
