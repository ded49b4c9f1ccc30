package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Control;

/**
 * A recorded step: its ops in order, run as one (a CUDA graph launch; on the CPU the list itself).
 * The ops stay the caller's and must outlive it.
 */
public interface Replay extends AutoCloseable {
  /** Runs the step once. */
  void run();

  /**
   * How many steps in a row {@link #run(Control, int)} runs by one call of the device; 1 where a
   * call costs nothing that could be saved.
   *
   * @return the number of steps, 1 or more
   */
  default int stepsPerCall() {
    return 1;
  }

  /**
   * Runs the step several times in a row, each time with the next block of its control: the same
   * bits as uploading each block and running the step. It is fastest for {@link #stepsPerCall}.
   *
   * @param control what the recorded ops read, with so many blocks set on the host
   * @param steps how many, 1 or more
   */
  default void run(Control control, int steps) {
    for (int block = 0; block < steps; block++) {
      control.upload(block);
      run();
    }
  }

  @Override
  default void close() {}
}
