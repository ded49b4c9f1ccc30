// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.Objects;

/** The elements of a FLOAT64 buffer. */
final class Doubles {
  private final HostMemory memory;
  private final int offset;
  private final int length;

  private Doubles(HostMemory memory, int offset, int length) {
    this.memory = memory;
    this.offset = offset;
    this.length = length;
  }

  static Doubles of(Tensor tensor) {
    return of(tensor.buffer());
  }

  static Doubles of(Control control) {
    return of(control.buffer());
  }

  private static Doubles of(Buffer buffer) {
    HostMemory memory = ReferenceBackend.memory(buffer, DType.FLOAT64);
    return new Doubles(memory, (int) buffer.byteOffset(), (int) buffer.length());
  }

  double get(int index) {
    return memory.data().getDouble(offset + 8 * Objects.checkIndex(index, length));
  }

  void set(int index, double value) {
    memory.data().putDouble(offset + 8 * Objects.checkIndex(index, length), value);
  }
}
