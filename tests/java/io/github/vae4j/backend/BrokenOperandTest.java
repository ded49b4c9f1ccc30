package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Takes one good op of each kind from the op table and breaks its operands, one at a time, in every
 * way that their type allows. Ops must refuse each by name; a new op is tested without a word here.
 */
final class BrokenOperandTest {
  /** Buffers whose length or type another operand has to follow: then that one is named. */
  private static final Set<String> LEADING =
      Set.of(
          "add.source",
          "gather.source",
          "globalNorm.gradients",
          "recordMetrics.kl",
          "recordMetrics.nll",
          "recordMetrics.penalty",
          "adam.parameters",
          "fill.target",
          "copy.source");

  /** Sizes that may be 0. */
  private static final Set<String> MAY_BE_ZERO = Set.of("rowOffset", "sourceFirst", "targetFirst");

  /** Numbers of any sign. */
  private static final Set<String> MAY_BE_NEGATIVE = Set.of("sampleWeights.alpha");

  @TestFactory
  List<DynamicTest> everyBrokenOperandIsNamed() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Class<?> type : Op.class.getPermittedSubclasses()) {
      for (RecordComponent component : type.getRecordComponents()) {
        String name = name(type) + "." + component.getName();
        tests.add(DynamicTest.dynamicTest(name, () -> breakOperand(type, component)));
      }
    }
    return tests;
  }

  private void breakOperand(Class<?> type, RecordComponent component) throws Exception {
    try (Backend own = new ReferenceBackend();
        Arena owned = new Arena()) {
      Ops ownOps = new Ops(own);
      Op good = example(type, ownOps, owned);
      OpCases.plan(ownOps, good).close();
      for (Object broken : broken(good, component, ownOps, owned)) {
        IllegalArgumentException thrown =
            assertThrows(
                IllegalArgumentException.class,
                () -> OpCases.plan(ownOps, with(good, component, broken)).close(),
                () -> component.getName() + " = " + broken);
        String message = String.valueOf(thrown.getMessage());
        String argument = name(type) + "." + component.getName();
        String start = name(type) + ": " + (LEADING.contains(argument) ? "" : component.getName());
        assertTrue(message.startsWith(start), message);
        assertTrue(message.contains(": expected ") && message.contains(", given "), message);
      }
    }
  }

  /** Values that the component must not have. */
  private static List<@Nullable Object> broken(
      Op good, RecordComponent component, Ops ops, Arena arena) throws Exception {
    List<@Nullable Object> broken = new ArrayList<>();
    Object value = component.getAccessor().invoke(good);
    String argument = name(good.getClass()) + "." + component.getName();
    if (value instanceof Buffer buffer) {
      if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        broken.add(null);
      }
      boolean free = LEADING.contains(argument);
      DType other = buffer.type() == DType.INT32 ? DType.UINT8 : DType.INT32;
      if (!argument.equals("copy.source")) {
        broken.add(arena.own(ops.allocate(other, buffer.length())));
      }
      if (!free) {
        broken.add(arena.own(ops.allocate(buffer.type(), buffer.length() + 1)));
      }
      broken.add(buffer.slice(0, 0));
      Buffer closed = ops.allocate(buffer.type(), buffer.length());
      closed.close();
      broken.add(closed);
    } else if (component.getType() == int.class) {
      broken.add(-1);
      if (!MAY_BE_ZERO.contains(component.getName())) {
        broken.add(0);
      }
    } else if (component.getType() == float.class) {
      broken.add(Float.NaN);
      broken.add(Float.POSITIVE_INFINITY);
    } else if (component.getType() == double.class && !argument.equals("fill.value")) {
      broken.add(Double.NaN);
      broken.add(Double.POSITIVE_INFINITY);
      if (!MAY_BE_NEGATIVE.contains(argument)) {
        broken.add(-0.5);
      }
    } else if (component.getType() == Control.class || component.getType() == Activation.class) {
      broken.add(null);
    }
    return broken;
  }

  /** A small op of a kind with as many operands as it can have. */
  private static Op example(Class<?> type, Ops ops, Arena arena) throws Exception {
    Op best = null;
    int most = -1;
    for (OpCase opCase : OpCases.all()) {
      boolean ofType = opCase.name().startsWith(name(type) + " ");
      if (ofType && opCase.work() > 8 && opCase.work() < 2000) {
        Op op = opCase.build().apply(arena.own(new Operands(ops, Placement.ALIGNED)));
        int operands = 0;
        for (RecordComponent component : type.getRecordComponents()) {
          operands += component.getAccessor().invoke(op) == null ? 0 : 1;
        }
        if (operands > most) {
          best = op;
          most = operands;
        }
      }
    }
    if (best == null) {
      throw new AssertionError("no small case of " + name(type));
    }
    return best;
  }

  private static Op with(Op op, RecordComponent component, @Nullable Object value)
      throws Exception {
    RecordComponent[] components = op.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          components[i].getName().equals(component.getName())
              ? value
              : components[i].getAccessor().invoke(op);
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return (Op) op.getClass().getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      throw new AssertionError("the record refused it, not Ops", e);
    }
  }

  private static String name(Class<?> type) {
    String name = type.getSimpleName();
    return switch (name) {
      case "LikelihoodLoss" -> "likelihood";
      case "AdamUpdate" -> "adam";
      default -> name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    };
  }
}
