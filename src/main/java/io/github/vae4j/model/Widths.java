// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.tensor.Tensor;

/** Shapes that are a tensor's but for the last dimension. */
final class Widths {
  private Widths() {}

  /** The tensor's dimensions, the last one replaced. */
  static int[] like(Tensor tensor, int columns) {
    int[] dims = new int[tensor.rank()];
    for (int i = 0; i < dims.length - 1; i++) {
      dims[i] = tensor.dim(i);
    }
    dims[dims.length - 1] = columns;
    return dims;
  }

  /** The tensor's dimensions. */
  static int[] like(Tensor tensor) {
    return like(tensor, tensor.dim(-1));
  }
}
