// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.OpMembers;
import io.github.vae4j.backend.op.OpMembers.Member;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.BytePointer;

/**
 * Writes the record of an op as the struct of the op in native/include/vae4j_ops.h: the {@link
 * OpMembers} in slots of eight bytes. The library compares the names with those of its struct, so
 * that it refuses a record with a component that is moved, renamed or added.
 */
final class Slots implements AutoCloseable {
  private static final int TENSOR_SLOTS = 2 + Tensor.MAX_RANK;

  private final List<Member> members;
  private final LongStream.Builder values = LongStream.builder();
  private final List<BytePointer> texts = new ArrayList<>();

  /**
   * Writes an op.
   *
   * @param op with buffers of this backend
   */
  Slots(Op op) {
    members = OpMembers.of(op);
    try {
      members.forEach(this::write);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** The names of the members, separated by commas. */
  String names() {
    return members.stream().map(Member::name).collect(Collectors.joining(","));
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

  private void write(Member member) {
    Object value = member.value();
    if (value == null) {
      LongStream.range(0, TENSOR_SLOTS).forEach(slot -> values.add(0));
    } else if (value instanceof Tensor tensor) {
      write(tensor);
    } else if (value instanceof Double number) {
      values.add(Double.doubleToRawLongBits(number));
    } else if (value instanceof Long number) {
      values.add(number);
    } else {
      write((String) value);
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
