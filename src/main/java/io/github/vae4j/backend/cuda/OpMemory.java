// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.OpOperands;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.Tensor;
import java.util.stream.Stream;

/** Which ops have an operand in a tensor's memory. */
final class OpMemory {
  private OpMemory() {}

  /** Whether an op, or its forward op, has an operand in a tensor's memory. */
  static boolean names(Op op, Tensor tensor) {
    return overlaps(OpOperands.buffers(op, true), tensor);
  }

  /** Whether an op has an operand in a tensor's memory that it may write. */
  static boolean mayWrite(Op op, Tensor tensor) {
    return overlaps(OpOperands.buffers(op, false), tensor);
  }

  private static boolean overlaps(Stream<Buffer> operands, Tensor tensor) {
    return operands.anyMatch(tensor.buffer()::overlaps);
  }
}
