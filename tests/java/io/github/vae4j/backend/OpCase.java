// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Op;
import java.util.function.Function;

/**
 * One op on one set of operands.
 *
 * @param name op, shape and special values; the first word is the kind of op
 * @param work approximate number of its scalar operations, for the choice of cases
 * @param build makes operands and the op on them
 */
public record OpCase(String name, long work, Function<Operands, Op> build) {
  /** The name of the op's type. */
  String kind() {
    int end = name.indexOf(' ');
    return end < 0 ? name : name.substring(0, end);
  }

  @Override
  public String toString() {
    return name;
  }
}
