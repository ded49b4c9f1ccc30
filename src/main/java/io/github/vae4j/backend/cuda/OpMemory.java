// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.Tensor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The memory that an op names, from its record's components, so that new ops are covered without a
 * change here. A gradient only reads the operands of the forward op that it holds.
 */
final class OpMemory {
  private OpMemory() {}

  /** Whether an op, or its forward op, has an operand in a tensor's memory. */
  static boolean names(Op op, Tensor tensor) {
    return overlaps(buffers(op, true), tensor);
  }

  /** Whether an op has an operand in a tensor's memory that it may write. */
  static boolean mayWrite(Op op, Tensor tensor) {
    return overlaps(buffers(op, false), tensor);
  }

  /** The control blocks that an op, or its forward op, names. */
  static Stream<Control> controls(Op op) {
    return components(op)
        .flatMap(
            each -> {
              if (each instanceof Control control) {
                return Stream.of(control);
              }
              return each instanceof Op forward ? controls(forward) : Stream.empty();
            });
  }

  private static boolean overlaps(Stream<Buffer> operands, Tensor tensor) {
    return operands.anyMatch(tensor.buffer()::overlaps);
  }

  private static Stream<Buffer> buffers(Op op, boolean nested) {
    return components(op)
        .flatMap(
            each -> {
              if (each instanceof Tensor tensor) {
                return Stream.of(tensor.buffer());
              } else if (each instanceof Control control) {
                return Stream.of(control.buffer());
              }
              return nested && each instanceof Op forward ? buffers(forward, true) : Stream.empty();
            });
  }

  /** An op's components in their order; those that are null are left out. */
  private static Stream<Object> components(Op op) {
    List<Object> found = new ArrayList<>();
    for (RecordComponent component : op.getClass().getRecordComponents()) {
      try {
        Object value = component.getAccessor().invoke(op);
        if (value != null) {
          found.add(value);
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("an op's components are public: " + component, e);
      }
    }
    return found.stream();
  }
}
