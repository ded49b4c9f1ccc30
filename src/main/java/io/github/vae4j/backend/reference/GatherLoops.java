// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.Augmentation;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.random.Permutation;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;

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
        IntUnaryOperator shown = shown(op, step, b);
        for (int d = 0; d < features; d++) {
          int from = shown.applyAsInt(d);
          // Rounded to float32 before it is compared, so that every backend draws the same bits.
          double v =
              from < 0 ? 0 : (float) (source.applyAsDouble(row * features + from) * op.scale());
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

  /** The column of the source that each column of the output shows; -1 outside the image. */
  private static IntUnaryOperator shown(Gather op, long step, int b) {
    Augmentation image = op.augmentation();
    if (!image.any()) {
      return d -> d;
    }
    boolean mirrored = image.flip() && Philox.word(op.seed(), Stream.AUGMENT, step, b, 0) < 0;
    int dy = shift(op, step, b, 1);
    int dx = shift(op, step, b, 2);
    return d -> {
      int pixel = d / image.channels();
      int column = pixel % image.width();
      int h = pixel / image.width() + dy;
      int w = (mirrored ? image.width() - 1 - column : column) + dx;
      boolean inside = h >= 0 && h < image.height() && w >= 0 && w < image.width();
      return inside ? (h * image.width() + w) * image.channels() + d % image.channels() : -1;
    };
  }

  private static int shift(Gather op, long step, int b, int column) {
    int shift = op.augmentation().shift();
    int word = Philox.word(op.seed(), Stream.AUGMENT, step, b, column);
    return (int) ((Integer.toUnsignedLong(word) * (2 * shift + 1)) >>> 32) - shift;
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
