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
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Takes one valid op of each kind from the op cases and makes its operands invalid, one at a time,
 * in every way that their type allows. Ops must refuse each by name; a new op is tested without a
 * change here.
 */
final class BrokenOperandTest {
  /** Dimensions that may have any size. */
  private static final Set<String> FREE =
      Set.of(
          "copyColumns.source[1]",
          "copyColumns.target[1]",
          "gather.source[0]",
          "globalNorm.gradients[0]",
          "planarFlow.parameters[1]",
          "recordMetrics.nll[1]",
          "recordMetrics.penalty[0]",
          "recordMetrics.ring[0]",
          "sampledKl.logRatio[1]",
          "triangularMap.parameters[1]");

  /** Sizes that may be 0. */
  private static final Set<String> MAY_BE_ZERO = Set.of("rowOffset", "sourceFirst", "targetFirst");

  /** Numbers of any sign. */
  private static final Set<String> ANY_SIGN =
      Set.of("sampleWeights.alpha", "totalCorrelation.logOwn", "totalCorrelation.logOther");

  private final Backend backend = new ReferenceBackend();
  private final Arena arena = new Arena();

  @AfterEach
  void close() {
    arena.close();
    assertEquals(0, backend.open());
    backend.close();
  }

  @TestFactory
  List<DynamicTest> everyBrokenOperandIsNamed() throws ReflectiveOperationException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Class<?> type : Op.class.getPermittedSubclasses()) {
      Op good = OpRecords.example(type, backend, arena).op();
      for (RecordComponent component : type.getRecordComponents()) {
        String argument = good.name() + "." + component.getName();
        Breaker breaker = new Breaker(argument, component, good, backend, arena);
        tests.add(DynamicTest.dynamicTest(argument, breaker::run));
      }
    }
    return tests;
  }

  /** Breaks one component of one op. */
  private record Breaker(
      String argument, RecordComponent component, Op good, Backend backend, Arena arena) {
    void run() throws ReflectiveOperationException {
      Object value = component.getAccessor().invoke(good);
      boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
      if (!component.getType().isPrimitive() && !optional) {
        refused(null, component.getName());
      }
      if (value instanceof Tensor tensor) {
        breakTensor(tensor);
      } else if (value instanceof Control) {
        refused(new Control(closed(DType.FLOAT64, Control.LENGTH)), "control");
      } else if (value instanceof Op forward) {
        breakForward(forward);
      } else {
        breakNumber();
      }
    }

    private void breakTensor(Tensor tensor) throws ReflectiveOperationException {
      int[] dims = OpRecords.dims(tensor);
      DType other = tensor.type() == DType.FLOAT64 ? DType.UINT8 : DType.FLOAT64;
      boolean leads = argument.equals("copy.source");
      refused(tensor(other, dims), leads ? "target" : component.getName());
      refused(new Tensor(closed(tensor.type(), tensor.length()), dims), component.getName());
      if (dims.length > 1) {
        refused(tensor.as((int) tensor.length()), component.getName());
      }
      for (int d = 0; d < dims.length; d++) {
        int[] larger = dims.clone();
        larger[d] += more();
        Tensor broken = tensor(tensor.type(), larger);
        if (FREE.contains(argument + "[" + d + "]")) {
          OpRecords.with(good, component.getName(), broken);
        } else {
          shapeRefused(broken);
        }
      }
    }

    /** One; or more than any stride, as by less the number of windows may stay the same. */
    private int more() {
      boolean strides =
          Arrays.stream(good.getClass().getRecordComponents())
              .anyMatch(each -> each.getType() == Window.class);
      return strides ? 8 : 1;
    }

    /** Names this operand, or another whose size this one has set. */
    private void shapeRefused(Tensor broken) throws ReflectiveOperationException {
      String message = refused(broken, "");
      String named = message.split(": ", -1)[1];
      Object given = broken;
      if (!named.equals(component.getName())) {
        given = good.getClass().getMethod(named).invoke(good);
      }
      assertTrue(message.endsWith(", given " + given), message);
    }

    /** Closes each operand of the forward op in turn. */
    private void breakForward(Op forward) throws ReflectiveOperationException {
      for (RecordComponent inner : forward.getClass().getRecordComponents()) {
        if (inner.getAccessor().invoke(forward) instanceof Tensor tensor) {
          Buffer buffer = backend.allocate(tensor.type(), tensor.length());
          Op withIt =
              OpRecords.with(forward, inner.getName(), new Tensor(buffer, OpRecords.dims(tensor)));
          buffer.close();
          if (OpRecords.UNUSED.contains(argument + "." + inner.getName())) {
            OpRecords.with(good, component.getName(), withIt);
          } else {
            refused(withIt, kept(forward) == tensor ? "kept" : inner.getName());
          }
        }
      }
    }

    /** The operand that the gradient calls kept, of ops that have one. */
    private static @Nullable Object kept(Op forward) throws ReflectiveOperationException {
      boolean has =
          Arrays.stream(forward.getClass().getMethods())
              .anyMatch(method -> method.getName().equals("kept"));
      return has ? forward.getClass().getMethod("kept").invoke(forward) : null;
    }

    private void breakNumber() throws ReflectiveOperationException {
      if (component.getType() == int.class) {
        refused(-1, component.getName());
        if (!MAY_BE_ZERO.contains(component.getName())) {
          refused(0, component.getName());
        }
      } else if (component.getType() == float.class) {
        refused(Float.NaN, component.getName());
        refused(Float.POSITIVE_INFINITY, component.getName());
      } else if (component.getType() == double.class) {
        refused(Double.NaN, component.getName());
        refused(Double.POSITIVE_INFINITY, component.getName());
        if (!ANY_SIGN.contains(argument)) {
          refused(-0.5, component.getName());
        }
      }
    }

    private String refused(@Nullable Object broken, String named) {
      IllegalArgumentException thrown =
          assertThrows(
              IllegalArgumentException.class,
              () -> OpRecords.with(good, component.getName(), broken),
              () -> component.getName() + " = " + broken);
      String message = String.valueOf(thrown.getMessage());
      assertTrue(message.startsWith(good.name() + ": " + named), message);
      assertTrue(message.contains(": expected ") && message.contains(", given "), message);
      return message;
    }

    private Tensor tensor(DType type, int... dims) {
      return new Tensor(arena.own(backend.allocate(type, Tensor.elements(dims))), dims);
    }

    private Buffer closed(DType type, long length) {
      Buffer buffer = backend.allocate(type, length);
      buffer.close();
      return buffer;
    }
  }
}
