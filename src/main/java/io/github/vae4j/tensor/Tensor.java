// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.tensor;

import java.util.Arrays;

/**
 * A buffer with a shape of one to four dimensions, row-major: the last dimension is contiguous. The
 * owner of the buffer closes it; a tensor need not be closed.
 */
public final class Tensor {
  /** The greatest number of dimensions of a tensor. */
  public static final int MAX_RANK = 4;

  private final Buffer buffer;
  private final int[] dims;

  /**
   * A tensor of all elements of a buffer.
   *
   * @param buffer the elements
   * @param dims the sizes of one to four dimensions, each at least 1
   * @throws IllegalArgumentException if the buffer has another number of elements
   */
  public Tensor(Buffer buffer, int... dims) {
    if (dims.length < 1 || dims.length > MAX_RANK) {
      throw new IllegalArgumentException(
          "tensor: expected 1 to " + MAX_RANK + " dimensions, given " + Arrays.toString(dims));
    }
    if (!fits(dims, buffer.length())) {
      throw new IllegalArgumentException(
          "tensor: expected the "
              + buffer.length()
              + " elements of "
              + buffer
              + ", given the shape "
              + text(dims));
    }
    this.buffer = buffer;
    this.dims = dims.clone();
  }

  private static boolean fits(int[] dims, long length) {
    long elements = 1;
    for (int size : dims) {
      if (size < 1 || elements > length / size) {
        return false;
      }
      elements *= size;
    }
    return elements == length;
  }

  /**
   * The number of elements of a shape.
   *
   * @param dims the sizes of its dimensions
   * @return their product
   * @throws ArithmeticException if it overflows a long
   */
  public static long elements(int... dims) {
    return Arrays.stream(dims).asLongStream().reduce(1, Math::multiplyExact);
  }

  /**
   * The elements.
   *
   * @return the buffer
   */
  public Buffer buffer() {
    return buffer;
  }

  /**
   * The element type.
   *
   * @return the type
   */
  public DType type() {
    return buffer.type();
  }

  /**
   * The number of elements.
   *
   * @return the product of the dimensions
   */
  public long length() {
    return buffer.length();
  }

  /**
   * The number of dimensions.
   *
   * @return 1 to 4
   */
  public int rank() {
    return dims.length;
  }

  /**
   * The size of a dimension.
   *
   * @param dimension from 0; negative numbers count from the last, -1
   * @return its size
   */
  public int dim(int dimension) {
    return dims[dimension < 0 ? dims.length + dimension : dimension];
  }

  /**
   * The shape with another last dimension.
   *
   * @param columns the size of the last dimension
   * @return the sizes of all dimensions
   */
  public int[] shape(int columns) {
    int[] shape = dims.clone();
    shape[shape.length - 1] = columns;
    return shape;
  }

  /**
   * The shape.
   *
   * @return the sizes of all dimensions
   */
  public int[] shape() {
    return dims.clone();
  }

  /**
   * The number of rows, a row being a vector along the last dimension.
   *
   * @return the product of all dimensions but the last
   * @throws ArithmeticException if it overflows an int
   */
  public int rows() {
    return Math.toIntExact(length() / dim(-1));
  }

  /**
   * The same elements in another shape.
   *
   * @param shape the sizes of its dimensions; their product is the same
   * @return a tensor on the same buffer
   */
  public Tensor as(int... shape) {
    return new Tensor(buffer, shape);
  }

  /**
   * A slice along the first dimension.
   *
   * @param first the first index
   * @param count the length of the slice
   * @return a tensor on a view of the buffer
   */
  public Tensor part(int first, int count) {
    int[] shape = dims.clone();
    shape[0] = count;
    long step = length() / dims[0];
    return new Tensor(buffer.slice(first * step, count * step), shape);
  }

  /**
   * Copies floats into this FLOAT32 tensor, from its first element.
   *
   * @param values at most {@link #length} of them
   */
  public void write(float[] values) {
    buffer.write(values);
  }

  /**
   * All elements of this FLOAT32 tensor.
   *
   * @return a new array
   */
  public float[] toFloats() {
    return buffer.toFloats();
  }

  /**
   * All elements of this FLOAT64 tensor.
   *
   * @return a new array
   */
  public double[] toDoubles() {
    return buffer.toDoubles();
  }

  /** The type and the shape, as in {@code FLOAT32 (2, 3)}. */
  @Override
  public String toString() {
    return buffer.type() + " " + text(dims);
  }

  private static String text(int[] dims) {
    return Arrays.toString(dims).replace('[', '(').replace(']', ')');
  }
}
