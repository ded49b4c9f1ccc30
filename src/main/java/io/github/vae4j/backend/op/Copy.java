// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * Copies all elements of a tensor to another of the same type and length, on the backend.
 *
 * @param source of any type and shape
 * @param target of the same type and as many elements; must not overlap the source
 */
public record Copy(Tensor source, Tensor target) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public Copy {
    Check check = new Check("copy");
    check.any("source", source, false).any("target", target, true);
    if (target.type() != source.type() || target.length() != source.length()) {
      throw check.wrong("target", source.type() + " of " + source.length() + " elements", target);
    }
    check.done();
  }
}
