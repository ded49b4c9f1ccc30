// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The elements of a FLOAT32 buffer as doubles; a stored value is rounded once. */
final class Floats {
  private final HostMemory memory;
  private final int offset;
  private final int length;

  private Floats(HostMemory memory, int offset, int length) {
    this.memory = memory;
    this.offset = offset;
    this.length = length;
  }

  static Floats of(Tensor tensor) {
    return of(tensor.buffer());
  }

  /** The elements of an optional operand. */
  static @Nullable Floats may(@Nullable Tensor tensor) {
    return tensor == null ? null : of(tensor);
  }

  private static Floats of(Buffer buffer) {
    HostMemory memory = ReferenceBackend.memory(buffer, DType.FLOAT32);
    return new Floats(memory, (int) buffer.byteOffset(), (int) buffer.length());
  }

  int length() {
    return length;
  }

  double get(int index) {
    return memory.data().getFloat(offset + 4 * Objects.checkIndex(index, length));
  }

  void set(int index, double value) {
    memory.data().putFloat(offset + 4 * Objects.checkIndex(index, length), (float) value);
  }
}
