// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.Tensor;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The memory that an op names, from its record's components, so that new ops are covered without a
 * change here. A gradient only reads the operands of the forward op that it holds.
 */
public final class OpOperands {
  private OpOperands() {}

  /**
   * The control blocks that an op, or its forward op, names.
   *
   * @param op the op
   * @return its controls
   */
  public static Stream<Control> controls(Op op) {
    return components(op)
        .flatMap(
            each -> {
              if (each instanceof Control control) {
                return Stream.of(control);
              }
              return each instanceof Op forward ? controls(forward) : Stream.empty();
            });
  }

  /**
   * The buffers of an op's tensors and control.
   *
   * @param op the op
   * @param nested whether those of its forward op are among them
   * @return the buffers
   */
  public static Stream<Buffer> buffers(Op op, boolean nested) {
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

  /**
   * The tensors of an op, or of its forward op if it is a gradient.
   *
   * @param op the op
   * @return the tensors by the names of the record's components, in their order
   */
  public static Map<String, Tensor> tensors(Op op) {
    Map<String, Tensor> own = new LinkedHashMap<>();
    for (Map.Entry<String, Object> component : named(op).entrySet()) {
      if (component.getValue() instanceof Op forward) {
        return tensors(forward);
      } else if (component.getValue() instanceof Tensor tensor) {
        own.put(component.getKey(), tensor);
      }
    }
    return own;
  }

  private static Stream<Object> components(Op op) {
    return named(op).values().stream();
  }

  /** An op's components in their order; those that are null are left out. */
  private static Map<String, Object> named(Op op) {
    Map<String, Object> found = new LinkedHashMap<>();
    for (RecordComponent component : op.getClass().getRecordComponents()) {
      try {
        Object value = component.getAccessor().invoke(op);
        if (value != null) {
          found.put(component.getName(), value);
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("an op's components are public: " + component, e);
      }
    }
    return found;
  }
}
