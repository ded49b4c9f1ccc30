// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;

/**
 * Adds a tensor to another: {@code target[i] = target[i] + source[i]}. It sums the gradients of a
 * value that two parts of a model use.
 *
 * @param source FLOAT32 of any shape
 * @param target FLOAT32 of as many elements, updated; must not overlap the source
 */
public record Add(Tensor source, Tensor target) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public Add {
    Check check = new Check("add");
    check.any("source", source, false).any("target", target, true);
    if (source.type() != DType.FLOAT32) {
      throw check.wrong("source", "FLOAT32", source);
    }
    if (target.type() != DType.FLOAT32 || target.length() != source.length()) {
      throw check.wrong("target", "FLOAT32 of " + source.length() + " elements", target);
    }
    check.done();
  }
}
