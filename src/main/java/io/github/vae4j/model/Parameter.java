// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import java.util.List;

/**
 * One tensor that a layer or a prior owns.
 *
 * @param name within its owner, as in a checkpoint: {@code weight}
 * @param dims its shape in memory, one to four sizes
 * @param role how it starts and what changes it
 */
public record Parameter(String name, List<Integer> dims, Role role) {
  /** How a parameter starts, what changes it, and how it lies in a checkpoint. */
  public enum Role {
    /** A matrix (inputs, outputs) of a dense layer: drawn; transposed in a checkpoint. */
    WEIGHT(0, true),
    /** The bias of a dense layer: drawn with its weight, or 0. */
    BIAS(0, true),
    /** A factor of a normalisation: 1 at the start. */
    SCALE(1, true),
    /** A summand of a normalisation: 0 at the start. */
    SHIFT(0, true),
    /** A parameter of the observation model or of the prior. */
    OTHER(0, true),
    /** A running mean: 0 at the start; not trained. */
    RUNNING_MEAN(0, false),
    /** A running variance: 1 at the start; not trained. */
    RUNNING_VARIANCE(1, false);

    private final float initial;
    private final boolean trained;

    Role(float initial, boolean trained) {
      this.initial = initial;
      this.trained = trained;
    }

    /**
     * The value at the start, where it is not drawn.
     *
     * @return 0 or 1
     */
    public float initial() {
      return initial;
    }

    /**
     * Whether the optimizer changes it.
     *
     * @return false for state that a step updates by itself
     */
    public boolean trained() {
      return trained;
    }
  }

  /** Copies the shape. {@inheritDoc} */
  public Parameter {
    dims = List.copyOf(dims);
  }

  /**
   * A vector.
   *
   * @param name within its owner
   * @param length its length
   * @param role of it
   * @return the parameter
   */
  public static Parameter vector(String name, int length, Role role) {
    return new Parameter(name, List.of(length), role);
  }

  /**
   * A matrix.
   *
   * @param name within its owner
   * @param rows its rows
   * @param columns its columns
   * @param role of it
   * @return the parameter
   */
  public static Parameter matrix(String name, int rows, int columns, Role role) {
    return new Parameter(name, List.of(rows, columns), role);
  }

  /**
   * The number of elements.
   *
   * @return the product of the sizes
   * @throws ArithmeticException if it is beyond an int
   */
  public int length() {
    return dims.stream().reduce(1, Math::multiplyExact);
  }
}
