// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.CopyColumns;
import io.github.vae4j.tensor.Buffer;

/** {@link Copy}, {@link CopyColumns} and {@link Add}. */
final class MemoryLoops {
  private MemoryLoops() {}

  static Runnable copyColumns(CopyColumns op) {
    Floats source = Floats.of(op.source());
    Floats target = Floats.of(op.target());
    int rows = op.target().rows();
    int repeat = rows / op.source().rows();
    int sourceColumns = op.source().dim(-1);
    int targetColumns = op.target().dim(-1);
    return () -> {
      for (int r = 0; r < rows; r++) {
        int from = r / repeat * sourceColumns + op.sourceFirst();
        int to = r * targetColumns + op.targetFirst();
        for (int j = 0; j < op.columns(); j++) {
          target.set(to + j, source.get(from + j));
        }
      }
    };
  }

  static Runnable copy(Copy op) {
    Buffer source = op.source().buffer();
    Buffer target = op.target().buffer();
    HostMemory from = ReferenceBackend.memory(source, source.type());
    HostMemory to = ReferenceBackend.memory(target, target.type());
    int fromOffset = (int) source.byteOffset();
    int toOffset = (int) target.byteOffset();
    int bytes = (int) (source.length() * source.type().bytes());
    return () -> {
      for (int i = 0; i < bytes; i++) {
        to.data().put(toOffset + i, from.data().get(fromOffset + i));
      }
    };
  }

  static Runnable add(Add op) {
    Floats source = Floats.of(op.source());
    Floats target = Floats.of(op.target());
    return () -> {
      for (int i = 0; i < target.length(); i++) {
        target.set(i, target.get(i) + source.get(i));
      }
    };
  }
}
