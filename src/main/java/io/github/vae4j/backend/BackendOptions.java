// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

/**
 * The choice of a backend and its settings.
 *
 * @param kind the choice
 * @param threads CPU threads; 0 for the number of {@link Processors}
 * @param precision of matrix products
 */
public record BackendOptions(Kind kind, int threads, Precision precision) {
  /** Checks the number of threads. {@inheritDoc} */
  public BackendOptions {
    if (threads < 0) {
      throw new IllegalArgumentException(
          "threads: expected 0 (the default) or more, given " + threads);
    }
  }

  /** The backends. */
  public enum Kind {
    /** The best backend that works here: cuda, then cpu, then reference. */
    AUTO,
    /** Plain Java: slow, works on any machine. */
    REFERENCE,
    /** Native code on the CPU. */
    CPU,
    /** An NVIDIA GPU. */
    CUDA
  }

  /**
   * The best backend that works, the default number of threads, float32.
   *
   * @return the options
   */
  public static BackendOptions auto() {
    return new BackendOptions(Kind.AUTO, 0, Precision.FP32);
  }
}
