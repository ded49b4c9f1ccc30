// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.random.Permutation;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.function.IntToDoubleFunction;

/** {@link Gather}. */
final class GatherLoops {
  private GatherLoops() {}

  static Runnable of(Gather op) {
    IntToDoubleFunction source = source(op.source());
    Floats out = Floats.of(op.out());
    Floats mask = Floats.may(op.mask());
    Doubles control = Doubles.of(op.control());
    int rows = op.source().dim(0);
    int features = op.source().dim(1);
    int batch = op.out().dim(0);
    return () -> {
      long step = (long) control.get(Control.STEP);
      long epoch = (long) control.get(Control.EPOCH);
      int position = (int) control.get(Control.POSITION);
      if (position < 0 || position + (long) batch > rows) {
        throw new IllegalStateException(
            "gather: expected position + batch of "
                + rows
                + " or less, given "
                + position
                + " + "
                + batch);
      }
      Permutation permutation = new Permutation(op.seed(), epoch, rows);
      for (int b = 0; b < batch; b++) {
        int row = op.shuffle() ? permutation.at(position + b) : position + b;
        for (int d = 0; d < features; d++) {
          // Rounded to float32 before it is compared, so that every backend draws the same bits.
          double v = (float) (source.applyAsDouble(row * features + d) * op.scale());
          boolean missing = mask != null && Double.isNaN(v);
          if (missing) {
            v = 0;
          } else if (op.binarize()) {
            v = Philox.uniform(op.seed(), Stream.BINARIZE, step, b, d) < v ? 1 : 0;
          }
          out.set(b * features + d, v);
          if (mask != null) {
            mask.set(b * features + d, missing ? 0 : 1);
          }
        }
      }
    };
  }

  private static IntToDoubleFunction source(Tensor tensor) {
    if (tensor.type() == DType.FLOAT32) {
      Floats floats = Floats.of(tensor);
      return floats::get;
    }
    Buffer buffer = tensor.buffer();
    HostMemory memory = ReferenceBackend.memory(buffer, DType.UINT8);
    int offset = (int) buffer.byteOffset();
    return at -> Byte.toUnsignedInt(memory.data().get(offset + at));
  }
}
