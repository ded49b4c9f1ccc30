// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Memory and the ops on it. An {@link Op} states its mathematics and has checked its operands; a
 * backend compiles lists of ops into {@link Program}s and only computes. Same inputs, same backend:
 * same bits. Not thread-safe: one thread at a time uses a backend and all that belongs to it.
 */
public interface Backend extends AutoCloseable {
  /**
   * The name on the command line.
   *
   * @return reference, cpu or cuda
   */
  String name();

  /**
   * What it runs on, for logs: device or instruction set, threads, precision.
   *
   * @return one line
   */
  String description();

  /**
   * What was decided by measuring so far, and decides last bits: a run keeps it, so that it has the
   * same bits when it is resumed.
   *
   * @return choices, by what they are of; empty where nothing is measured
   */
  default Map<String, String> choices() {
    return Map.of();
  }

  /**
   * Takes the choices of another backend, which come before its own; what is planned from here on
   * follows them. Choices of another device or library version are kept and change nothing.
   *
   * @param choices as {@link #choices} gave them
   * @return whether plans made before may follow others: they have to be made again
   */
  default boolean adopt(Map<String, String> choices) {
    return false;
  }

  /**
   * Allocates zeroed memory, aligned to 64 bytes or more.
   *
   * @param type the element type
   * @param length the number of elements, at least 1
   * @return a buffer the caller owns
   */
  Buffer allocate(DType type, long length);

  /**
   * Allocates a buffer that the host fills while ops run.
   *
   * @param type the element type
   * @param length the number of elements of each half, at least 1
   * @return an inlet the caller owns
   */
  default Inlet inlet(DType type, long length) {
    return new OrderedInlet(allocate(type, Math.multiplyExact(2, length)));
  }

  /**
   * A way for numbers to the host that ops need not be waited for.
   *
   * @param source FLOAT64; stays the caller's and must outlive the outlet
   * @return an outlet the caller owns
   */
  default Outlet outlet(Buffer source) {
    return new OrderedOutlet(source);
  }

  /**
   * Allocates a zeroed FLOAT32 tensor.
   *
   * @param owner closes its buffer
   * @param dims the sizes of one to four dimensions
   * @return the tensor
   */
  default Tensor tensor(Arena owner, int... dims) {
    return new Tensor(owner.own(allocate(DType.FLOAT32, Tensor.elements(dims))), dims);
  }

  /**
   * Plans ops to be run as one. Nothing is computed yet.
   *
   * @param ops in order, at least one
   * @return the program, owned by the caller; close it before the buffers of its ops
   */
  Program compile(List<Op> ops);

  /** Waits until all that was submitted is done. */
  void synchronize();

  /**
   * The number of native objects that are open.
   *
   * @return buffers and programs
   */
  int open();

  /** Frees the backend; reports what was left open. */
  @Override
  void close();
}
