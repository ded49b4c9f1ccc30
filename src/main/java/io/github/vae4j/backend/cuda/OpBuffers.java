package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Buffer;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

/** What memory an op names: its record's components, so that a new op is never forgotten. */
final class OpBuffers {
  private OpBuffers() {}

  /** Whether any operand of an op shares memory with a buffer. */
  static boolean names(Op op, Buffer buffer) {
    return operands(op, Buffer.class).stream().anyMatch(operand -> overlap(operand, buffer))
        || operands(op, Control.class).stream()
            .anyMatch(control -> overlap(control.buffer(), buffer));
  }

  /** Whether two buffers are the same elements. */
  static boolean same(Buffer one, Buffer other) {
    return one.address() == other.address() && one.length() == other.length();
  }

  /** Whether two buffers share a byte. */
  static boolean overlap(Buffer one, Buffer other) {
    return one.address() < other.address() + other.length() * other.type().bytes()
        && other.address() < one.address() + one.length() * one.type().bytes();
  }

  /** The operands of a type, in their order; those that are null are left out. */
  static <T> List<T> operands(Op op, Class<T> type) {
    List<T> found = new ArrayList<>();
    for (RecordComponent component : op.getClass().getRecordComponents()) {
      try {
        Object operand = component.getAccessor().invoke(op);
        if (type.isInstance(operand)) {
          found.add(type.cast(operand));
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("an op's components are public: " + component, e);
      }
    }
    return found;
  }
}
