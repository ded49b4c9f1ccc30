// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Augmentation;
import io.github.vae4j.backend.Estimator;
import io.github.vae4j.backend.Window;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.likelihood.Block;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the record of an op as the struct of the op in native/include/vae4j_ops.h: members of the
 * same names in the same order, in slots of eight bytes. The library compares the names with those
 * of its struct, so that it refuses a record with a component that is moved, renamed or added.
 */
final class Slots implements AutoCloseable {
  private static final int TENSOR_SLOTS = 2 + Tensor.MAX_RANK;

  private final List<String> names = new ArrayList<>();
  private final LongStream.Builder values = LongStream.builder();
  private final List<BytePointer> texts = new ArrayList<>();

  /**
   * Writes an op.
   *
   * @param op with buffers of this backend
   */
  Slots(Op op) {
    try {
      write("", (Record) op);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** The names of the members, separated by commas. */
  String names() {
    return String.join(",", names);
  }

  /** The struct. It has addresses of texts, which are freed when this object is closed. */
  long[] values() {
    return values.build().toArray();
  }

  /** Frees the texts. */
  @Override
  public void close() {
    texts.forEach(BytePointer::close);
  }

  /** Writes a record; the components of a window or an augmentation stand among those of its op. */
  private void write(String prefix, Record record) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      String name = prefix + snakeCase(component.getName());
      Object value = valueOf(component, record);
      if (value instanceof Op forward) {
        write(name + ".", (Record) forward);
      } else if (value instanceof Window || value instanceof Augmentation) {
        write(prefix, (Record) value);
      } else {
        names.add(name);
        write(record, name, value);
      }
    }
  }

  private void write(Record op, String name, @Nullable Object value) {
    if (value == null) {
      LongStream.range(0, TENSOR_SLOTS).forEach(slot -> values.add(0));
    } else if (value instanceof Tensor tensor) {
      write(tensor);
    } else if (value instanceof Control control) {
      Buffer buffer = control.buffer();
      write(new Tensor(buffer, Math.toIntExact(buffer.length())));
    } else if (value instanceof Integer || value instanceof Long) {
      values.add(((Number) value).longValue());
    } else if (value instanceof Float || value instanceof Double) {
      values.add(Double.doubleToRawLongBits(((Number) value).doubleValue()));
    } else if (value instanceof Boolean flag) {
      values.add(flag ? 1 : 0);
    } else if (value instanceof Stream stream) {
      values.add(stream.id());
    } else if (value instanceof Activation activation) {
      write(activation.id());
    } else if (value instanceof Estimator estimator) {
      write(estimator.name().toLowerCase(Locale.ROOT));
    } else if (value instanceof Likelihood likelihood && op instanceof LikelihoodLoss loss) {
      write(blocks(likelihood, loss.x().dim(1)));
    } else {
      throw new IllegalStateException(
          op.getClass().getSimpleName() + ": " + name + ": there is no slot for " + value);
    }
  }

  private void write(Tensor tensor) {
    values.add(address(tensor.buffer())).add(code(tensor.type()));
    for (int i = 0; i < Tensor.MAX_RANK; i++) {
      values.add(i < tensor.rank() ? tensor.dim(i) : 0);
    }
  }

  private void write(String text) {
    BytePointer pointer = new BytePointer(text, StandardCharsets.US_ASCII);
    texts.add(pointer);
    values.add(pointer.address());
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
    return likelihood.blocks(features).stream().map(Slots::text).collect(Collectors.joining(";"));
  }

  private static String text(Block block) {
    StringBuilder text = new StringBuilder(block.likelihood().name() + " " + block.columns());
    for (double constant : block.likelihood().constants()) {
      text.append(' ').append(constant);
    }
    return text.toString();
  }

  private static long address(Buffer buffer) {
    if (!(buffer.memory() instanceof NativeMemory)) {
      throw new IllegalArgumentException(
          "cpu backend: expected a buffer that it allocated, given " + buffer);
    }
    return buffer.address();
  }

  /** The value of vae4j_type in vae4j.h. */
  private static int code(DType type) {
    return switch (type) {
      case FLOAT32 -> 0;
      case FLOAT64 -> 1;
      case UINT8 -> 2;
    };
  }
}
