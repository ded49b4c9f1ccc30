// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Augmentation;
import io.github.vae4j.backend.Estimator;
import io.github.vae4j.backend.Window;
import io.github.vae4j.likelihood.Block;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Tensor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The components of an op's record as the members of the op's struct in native/include/vae4j_ops.h:
 * the same names in the same order. A member of the op whose gradient the op computes is named
 * {@code forward.x}; the components of a window or an augmentation are among those of their op.
 */
public final class OpMembers {
  private final List<Member> members = new ArrayList<>();

  /**
   * A member.
   *
   * @param name in the struct
   * @param value a {@link Tensor}, Long, Double or String; null for a missing tensor
   */
  public record Member(String name, @Nullable Object value) {}

  private OpMembers() {}

  /**
   * The members of an op.
   *
   * @param op the op
   * @return its members in the order of the struct
   */
  public static List<Member> of(Op op) {
    OpMembers members = new OpMembers();
    members.add("", (Record) op);
    return List.copyOf(members.members);
  }

  private void add(String prefix, Record record) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      String name = prefix + snakeCase(component.getName());
      Object value = valueOf(component, record);
      if (value instanceof Op forward) {
        add(name + ".", (Record) forward);
      } else if (value instanceof Window || value instanceof Augmentation) {
        add(prefix, (Record) value);
      } else {
        members.add(new Member(name, plain(record, name, value)));
      }
    }
  }

  private static @Nullable Object plain(Record op, String name, @Nullable Object value) {
    if (value == null || value instanceof Tensor || value instanceof Long) {
      return value;
    } else if (value instanceof Control control) {
      return new Tensor(control.buffer(), Math.toIntExact(control.buffer().length()));
    } else if (value instanceof Integer number) {
      return number.longValue();
    } else if (value instanceof Float || value instanceof Double) {
      return ((Number) value).doubleValue();
    } else if (value instanceof Boolean flag) {
      return flag ? 1L : 0L;
    } else if (value instanceof Stream stream) {
      return (long) stream.id();
    } else if (value instanceof Activation activation) {
      return activation.id();
    } else if (value instanceof Estimator estimator) {
      return estimator.name().toLowerCase(Locale.ROOT);
    } else if (value instanceof Likelihood likelihood && op instanceof LikelihoodLoss loss) {
      return blocks(likelihood, loss.x().dim(1));
    }
    throw new IllegalStateException(
        op.getClass().getSimpleName() + ": " + name + ": there is no member for " + value);
  }

  private static @Nullable Object valueOf(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /** The blocks of a likelihood, as in {@code gaussian 3 0.5;bernoulli 4}. */
  private static String blocks(Likelihood likelihood, int features) {
    return likelihood.blocks(features).stream()
        .map(OpMembers::text)
        .collect(Collectors.joining(";"));
  }

  private static String text(Block block) {
    StringBuilder text = new StringBuilder(block.likelihood().name() + " " + block.columns());
    for (double constant : block.likelihood().constants()) {
      text.append(' ').append(constant);
    }
    return text.toString();
  }
}
