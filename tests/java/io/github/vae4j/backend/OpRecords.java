// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Valid ops of each kind, and copies of them with one component changed. */
final class OpRecords {
  /** Operands of a forward op that its backward op does not use. */
  static final Set<String> UNUSED =
      Set.of(
          "activateBackward.forward.x",
          "batchNormBackward.forward.shift",
          "batchNormBackward.forward.y",
          "convBackward.forward.bias",
          "convBackward.forward.y",
          "convTransposeBackward.forward.bias",
          "convTransposeBackward.forward.y",
          "denseBackward.forward.bias",
          "denseBackward.forward.y",
          "gaussianPriorBackward.forward.logRatio",
          "groupNormBackward.forward.shift",
          "groupNormBackward.forward.y",
          "layerNormBackward.forward.shift",
          "layerNormBackward.forward.y",
          "mixturePriorBackward.forward.logRatio",
          "planarFlowBackward.forward.z0",
          "planarFlowBackward.forward.logRatio",
          "reparameterizeBackward.forward.z",
          "reparameterizeBackward.forward.kl",
          "totalCorrelationBackward.forward.dz",
          "totalCorrelationBackward.forward.penalty",
          "triangularMapBackward.forward.logRatio");

  private static final long SMALL = 5000;

  private OpRecords() {}

  /** An op and the operands that it was built on. */
  record Example(Op op, Operands operands) {}

  /** An op of a kind with as many operands as it can have, the largest of the small ones. */
  static Example example(Class<?> type, Backend backend, Arena arena)
      throws ReflectiveOperationException {
    Example best = null;
    long most = -1;
    for (OpCase opCase : OpCases.all()) {
      if (opCase.name().startsWith(name(type) + " ") && opCase.work() < SMALL) {
        Operands operands = arena.own(new Operands(backend, Placement.ALIGNED));
        Op op = opCase.build().apply(operands);
        long rank = given(op) * SMALL + opCase.work();
        if (rank > most) {
          best = new Example(op, operands);
          most = rank;
        }
      }
    }
    if (best == null) {
      throw new AssertionError("no small case of " + name(type));
    }
    return best;
  }

  /** The number of components that are there, with those of a forward op. */
  private static int given(Op op) throws ReflectiveOperationException {
    int given = 0;
    for (RecordComponent component : op.getClass().getRecordComponents()) {
      Object value = component.getAccessor().invoke(op);
      given += value instanceof Op forward ? given(forward) : value == null ? 0 : 1;
    }
    return given;
  }

  /** The same op but for one component. */
  static Op with(Op op, String changed, @Nullable Object value)
      throws ReflectiveOperationException {
    RecordComponent[] components = op.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      boolean same = !components[i].getName().equals(changed);
      values[i] = same ? components[i].getAccessor().invoke(op) : value;
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return (Op) op.getClass().getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refusal) {
        throw refusal;
      }
      throw e;
    }
  }

  /** The shape of a tensor. */
  static int[] dims(Tensor tensor) {
    return IntStream.range(0, tensor.rank()).map(tensor::dim).toArray();
  }

  /** The op's name in messages and in the names of its cases. */
  static String name(Class<?> type) {
    String name = type.getSimpleName();
    return switch (name) {
      case "LikelihoodLoss" -> "likelihood";
      case "AdamUpdate" -> "adam";
      default -> name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    };
  }
}
