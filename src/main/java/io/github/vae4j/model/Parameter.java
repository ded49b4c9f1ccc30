// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import java.util.List;

/**
 * A tensor of parameters of a layer, a likelihood or a prior.
 *
 * @param name within its owner, as in a checkpoint: {@code weight}
 * @param dims its shape in memory, one to four sizes
 * @param role its initial value, its updates and its form in a checkpoint
 */
public record Parameter(String name, List<Integer> dims, Role role) {
  /** The initial value of a parameter, its updates, and its form in a checkpoint. */
  public enum Role {
    /** A matrix (inputs, outputs) of a dense layer: drawn at random; transposed in a checkpoint. */
    WEIGHT(0, true),
    /**
     * The filters (outputs, height, width, inputs) of a convolution, or (inputs, height, width,
     * outputs) of a transposed one: drawn at random; the last size is the second in a checkpoint.
     */
    FILTER(0, true),
    /** The bias of a layer: drawn at random or 0, by the initializer. */
    BIAS(0, true),
    /** The scale of a normalisation: 1 at the start. */
    SCALE(1, true),
    /** The shift of a normalisation: 0 at the start. */
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
     * The initial value, where it is not drawn at random.
     *
     * @return 0 or 1
     */
    public float initial() {
      return initial;
    }

    /**
     * Whether the optimizer changes it.
     *
     * @return false for state that a step updates without the optimizer
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
   * @throws ArithmeticException if it overflows an int
   */
  public int length() {
    return dims.stream().reduce(1, Math::multiplyExact);
  }

  /**
   * The matrices of a parameter whose transposes a checkpoint has.
   *
   * @param count the number of matrices, one after the other in memory; 0 for a parameter that a
   *     checkpoint has as it is
   * @param rows of each in memory
   * @param columns of each in memory
   */
  public record Matrices(int count, int rows, int columns) {}

  /**
   * The matrices whose transposes a checkpoint has.
   *
   * @return the weight of a dense layer as one; of filters, one for each
   */
  public Matrices transposed() {
    return switch (role) {
      case WEIGHT -> new Matrices(1, dims.get(0), dims.get(1));
      case FILTER -> new Matrices(dims.get(0), dims.get(1) * dims.get(2), dims.get(3));
      default -> new Matrices(0, 0, 0);
    };
  }

  /**
   * The shape in a checkpoint.
   *
   * @return the sizes
   */
  public List<Integer> storedDims() {
    return switch (role) {
      case WEIGHT -> List.of(dims.get(1), dims.get(0));
      case FILTER -> List.of(dims.get(0), dims.get(3), dims.get(1), dims.get(2));
      default -> dims;
    };
  }
}
