// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import io.github.vae4j.tensor.Turn;
import java.util.List;
import java.util.Map;

/**
 * Allocates memory and compiles lists of {@link Op}s on it into {@link Program}s. An op gives its
 * mathematics and has checked its operands; a backend only computes. The same inputs on the same
 * backend give the same bits. Only one thread at a time may use a backend and its buffers and
 * programs: a call beside one of another thread is refused ({@link Turn}), and so is each use after
 * the backend was closed.
 */
public interface Backend extends AutoCloseable {
  /**
   * The name on the command line.
   *
   * @return reference, cpu or cuda
   */
  String name();

  /**
   * A description for logs: device or instruction set, threads, precision.
   *
   * @return one line
   */
  String description();

  /**
   * The description, and the state of libraries that only some models need: {@code vae4j doctor}
   * prints it. It may load them.
   *
   * @return the description; the missing libraries and the remedy
   */
  default String diagnosis() {
    return description();
  }

  /**
   * The turn of this backend, which every call of it and of its objects takes. A call that consists
   * of several others holds it throughout.
   *
   * @return the turn
   */
  Turn turn();

  /**
   * The choices that the backend has made by measurement. The last bits of results depend on them:
   * a run stores them, so that it has the same bits when it is resumed.
   *
   * @return choices by their keys; empty if nothing is measured
   */
  default Map<String, String> choices() {
    return Map.of();
  }

  /**
   * Adopts the choices of another backend, which replace its own in later plans. Choices for
   * another device or library version are stored without effect.
   *
   * @param choices from {@link #choices}
   * @return whether existing plans may differ from the choices and have to be made again
   */
  default boolean adopt(Map<String, String> choices) {
    return false;
  }

  /**
   * Allocates zeroed memory, aligned to 64 bytes or more.
   *
   * @param type the element type
   * @param length the number of elements, at least 1
   * @return a buffer, owned by the caller
   */
  Buffer allocate(DType type, long length);

  /**
   * Allocates a buffer that the host fills while ops run.
   *
   * @param type the element type
   * @param length the number of elements of each half, at least 1
   * @return an inlet, owned by the caller
   */
  default Inlet inlet(DType type, long length) {
    return new OrderedInlet(allocate(type, Math.multiplyExact(2, length)));
  }

  /**
   * Allocates an outlet, by which the host reads numbers without a wait for the ops.
   *
   * @param source FLOAT64; the caller closes it, after the outlet
   * @return an outlet, owned by the caller
   */
  default Outlet outlet(Buffer source) {
    try (Turn turn = turn().take()) {
      return new OrderedOutlet(source);
    }
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
   * Compiles ops into a program. Nothing is computed yet.
   *
   * @param ops in the order of their execution, at least one
   * @return the program, owned by the caller; close it before the buffers of its ops
   */
  Program compile(List<Op> ops);

  /**
   * Whether a row of a batch has the same bits in a batch of every size, alone too.
   *
   * @return false where the size decides how a product is computed
   */
  default boolean rowsAreIndependent() {
    return false;
  }

  /** Waits until all submitted ops are done. */
  void synchronize();

  /**
   * The number of native objects that are open.
   *
   * @return buffers and programs
   */
  int open();

  /**
   * Frees the backend; reports objects that are still open. Later uses of them are refused.
   *
   * @throws IllegalStateException if a call is in progress; the backend then stays open
   */
  @Override
  void close();
}
