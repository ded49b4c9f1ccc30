// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.Tensor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Makes each pair of operands of one valid op of each kind share one element: ops must refuse it if
 * they write one of the two, and only then.
 */
final class OverlapTest {
  /** Ops whose results are of another type than all of their inputs. */
  private static final Set<String> OTHER_TYPE = Set.of("globalNorm", "importanceWeights");

  private final Backend backend = new ReferenceBackend();
  private final Arena arena = new Arena();

  @AfterEach
  void close() {
    arena.close();
    assertEquals(0, backend.open());
    backend.close();
  }

  /** An operand, of an op or of its forward op. */
  private record Slot(String outer, String name, Object value) {
    Buffer buffer() {
      return value instanceof Tensor tensor ? tensor.buffer() : ((Control) value).buffer();
    }

    /** The op with this operand on another buffer. */
    Op on(Buffer other, Op op) throws ReflectiveOperationException {
      Object moved =
          value instanceof Tensor tensor
              ? new Tensor(other, OpRecords.dims(tensor))
              : new Control(other);
      if (outer.isEmpty()) {
        return OpRecords.with(op, name, moved);
      }
      Op forward = (Op) op.getClass().getMethod(outer).invoke(op);
      return OpRecords.with(op, outer, OpRecords.with(forward, name, moved));
    }

    @Override
    public String toString() {
      return outer.isEmpty() ? name : outer + "." + name;
    }
  }

  @TestFactory
  List<DynamicTest> whatIsWrittenOverlapsNothing() throws ReflectiveOperationException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Class<?> type : Op.class.getPermittedSubclasses()) {
      OpRecords.Example example = OpRecords.example(type, backend, arena);
      tests.add(DynamicTest.dynamicTest(example.op().name(), () -> overlapAll(example)));
    }
    return tests;
  }

  private void overlapAll(OpRecords.Example example) throws ReflectiveOperationException {
    List<Slot> slots = new ArrayList<>();
    addSlots("", example.op(), slots);
    int refusals = 0;
    for (int i = 0; i < slots.size(); i++) {
      for (int k = i + 1; k < slots.size(); k++) {
        Slot a = slots.get(i);
        Slot b = slots.get(k);
        boolean ofForward = !a.outer.isEmpty() && !b.outer.isEmpty();
        if (a.buffer().type() == b.buffer().type() && !ofForward) {
          refusals += overlap(example, a, b) ? 1 : 0;
        }
      }
    }
    assertEquals(OTHER_TYPE.contains(example.op().name()), refusals == 0);
  }

  /** Whether the op refuses the two. */
  private boolean overlap(OpRecords.Example example, Slot a, Slot b)
      throws ReflectiveOperationException {
    Op op = example.op();
    long first = a.buffer().length();
    long second = b.buffer().length();
    Buffer both = arena.own(backend.allocate(a.buffer().type(), first + second - 1));
    Op moved = a.on(both.slice(0, first), op);
    Buffer tail = both.slice(first - 1, second);
    boolean written =
        example.operands().written(a.buffer()) || example.operands().written(b.buffer());
    if (!written || unused(op, a) || unused(op, b)) {
      b.on(tail, moved);
      return false;
    }
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class, () -> b.on(tail, moved), () -> a + " and " + b);
    String message = String.valueOf(thrown.getMessage());
    assertTrue(message.startsWith(op.name() + ": "), message);
    assertTrue(message.contains(": expected a tensor that does not overlap "), message);
    return true;
  }

  private static boolean unused(Op op, Slot slot) {
    return OpRecords.UNUSED.contains(op.name() + "." + slot);
  }

  private static void addSlots(String outer, Op op, List<Slot> slots)
      throws ReflectiveOperationException {
    for (RecordComponent component : op.getClass().getRecordComponents()) {
      Object value = component.getAccessor().invoke(op);
      if (value instanceof Tensor || value instanceof Control) {
        slots.add(new Slot(outer, component.getName(), value));
      } else if (value instanceof Op forward) {
        addSlots(component.getName(), forward, slots);
      }
    }
  }
}
