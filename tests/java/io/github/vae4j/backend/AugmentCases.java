// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Cases of {@link Gather} with an {@link Augmentation}. */
final class AugmentCases {
  private static final int ROWS = 11;

  private AugmentCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (DType type : List.of(DType.UINT8, DType.FLOAT32)) {
      for (Augmentation images :
          List.of(
              new Augmentation(1, 1, 1, true, 0),
              new Augmentation(1, 7, 3, true, 0),
              new Augmentation(5, 3, 1, true, 0),
              new Augmentation(2, 2, 1, false, 1),
              new Augmentation(3, 5, 3, true, 2),
              new Augmentation(6, 4, 2, true, 3),
              // More columns than a block of threads takes at once.
              new Augmentation(19, 21, 3, true, 18),
              new Augmentation(28, 28, 1, true, 4))) {
        cases.add(new Images(type, images, false, false, 7).toCase());
        cases.add(new Images(type, images, true, false, (1L << 40) + 5).toCase());
        cases.add(new Images(type, images, false, true, 3).toCase());
        cases.add(new Images(type, images, true, true, 3).toCase());
      }
    }
    return cases;
  }

  /** A gather of images; of floats each seventh is missing. */
  private record Images(
      DType type, Augmentation images, boolean binarize, boolean masked, long step) {
    OpCase toCase() {
      String name =
          "gather %s %dx%dx%d%s shift %d%s%s step %d"
              .formatted(
                  type,
                  images.height(),
                  images.width(),
                  images.channels(),
                  images.flip() ? " flip" : "",
                  images.shift(),
                  binarize ? " binarize" : "",
                  masked ? " masked" : "",
                  step);
      return new OpCase(name, (long) (ROWS - 1) * features(), this::build);
    }

    private int features() {
      return images.height() * images.width() * images.channels();
    }

    private Op build(Operands operands) {
      int batch = ROWS - 1;
      return new Gather(
          source(operands),
          operands.out("out", Bound.exact(), batch, features()),
          masked ? operands.out("mask", Bound.exact(), batch, features()) : null,
          operands.control(step, 2, 1, 0, 0),
          type == DType.UINT8 ? 1 / 255f : 1,
          true,
          binarize,
          0x123456789ABCDEFL,
          images);
    }

    private Tensor source(Operands operands) {
      int length = ROWS * features();
      if (type == DType.UINT8) {
        return operands.in("source", operands.bytes(length), ROWS, features());
      }
      float[] values = operands.uniform(length, 0.25, 1);
      for (int i = 0; masked && i < length; i += 7) {
        values[i] = Float.NaN;
      }
      return operands.in("source", values, ROWS, features());
    }
  }
}
