package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.CopyColumns;
import io.github.vae4j.backend.op.Fill;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;

/** {@link Fill}, {@link Copy}, {@link CopyColumns} and {@link Add}. */
final class MemoryLoops {
  private MemoryLoops() {}

  static Runnable fill(Fill op) {
    if (op.target().type() == DType.FLOAT64) {
      Doubles target = Doubles.of(op.target());
      return () -> {
        for (int i = 0; i < target.length(); i++) {
          target.set(i, op.value());
        }
      };
    }
    Floats target = Floats.of(op.target());
    return () -> {
      for (int i = 0; i < target.length(); i++) {
        target.set(i, op.value());
      }
    };
  }

  static Runnable copyColumns(CopyColumns op) {
    Floats source = Floats.of(op.source());
    Floats target = Floats.of(op.target());
    return () -> {
      for (int r = 0; r < op.rows(); r++) {
        int from = r / op.repeat() * op.sourceColumns() + op.sourceFirst();
        int to = r * op.targetColumns() + op.targetFirst();
        for (int j = 0; j < op.columns(); j++) {
          target.set(to + j, source.get(from + j));
        }
      }
    };
  }

  static Runnable copy(Copy op) {
    Buffer source = op.source();
    Buffer target = op.target();
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
