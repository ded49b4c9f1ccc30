package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.random.Permutation;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;

/** {@link Gather}. */
final class GatherLoops {
  private GatherLoops() {}

  static Runnable of(Gather op) {
    IntToDoubleFunction source = source(op.source());
    IntUnaryOperator physical = index(op);
    Floats out = Floats.of(op.out());
    Floats mask = op.mask() == null ? null : Floats.of(op.mask());
    Doubles control = Doubles.of(op.control().buffer());
    int features = op.features();
    return () -> {
      long step = (long) control.get(Control.STEP);
      long epoch = (long) control.get(Control.EPOCH);
      int position = (int) control.get(Control.POSITION);
      if (position < 0 || position + (long) op.batch() > op.rows()) {
        throw new IllegalStateException(
            "gather: expected position + batch of "
                + op.rows()
                + " or less, given "
                + position
                + " + "
                + op.batch());
      }
      Permutation permutation = new Permutation(op.seed(), epoch, op.rows());
      for (int b = 0; b < op.batch(); b++) {
        int logical = op.shuffle() ? permutation.at(position + b) : position + b;
        int row = physical.applyAsInt(logical);
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

  private static IntToDoubleFunction source(Buffer buffer) {
    if (buffer.type() == DType.FLOAT32) {
      Floats floats = Floats.of(buffer);
      return floats::get;
    }
    HostMemory memory = ReferenceBackend.memory(buffer, DType.UINT8);
    int offset = (int) buffer.byteOffset();
    return at -> Byte.toUnsignedInt(memory.data().get(offset + at));
  }

  private static IntUnaryOperator index(Gather op) {
    Buffer buffer = op.index();
    if (buffer == null) {
      return logical -> logical;
    }
    HostMemory memory = ReferenceBackend.memory(buffer, DType.INT32);
    int offset = (int) buffer.byteOffset();
    return logical -> memory.data().getInt(offset + 4 * logical);
  }
}
