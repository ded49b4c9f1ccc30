// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.latent;

import io.github.vae4j.backend.op.CopyColumns;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.net.Pass;
import io.github.vae4j.tensor.Tensor;
import java.util.List;

/** The diagonal Gaussian that a family of posteriors makes of the columns of the encoder's head. */
interface HeadGaussian {
  /** FLOAT32 (B, 2Z): means, then log variances. */
  Tensor values();

  /** The ops from the head to the values. */
  List<Op> forward();

  /**
   * Where the gradient of the values goes.
   *
   * @param dHead the head's gradient
   * @return FLOAT32 (B, 2Z)
   */
  Tensor gradient(Tensor dHead);

  /** The ops from the gradient of the values to that of the head. */
  List<Op> backward(Tensor dValues, Tensor dHead);

  /** The first 2Z columns; further ones are the family's own. */
  static HeadGaussian firstColumns(Pass pass, Tensor head, int latent) {
    int columns = 2 * latent;
    return head.dim(1) == columns
        ? new Itself(head)
        : new First(pass, head, pass.tensor(head.dim(0), columns), columns);
  }

  /** A head of 2Z columns. */
  record Itself(Tensor values) implements HeadGaussian {
    @Override
    public List<Op> forward() {
      return List.of();
    }

    @Override
    public Tensor gradient(Tensor dHead) {
      return dHead;
    }

    @Override
    public List<Op> backward(Tensor dValues, Tensor dHead) {
      return List.of();
    }
  }

  /** The first columns of a head that has more. */
  record First(Pass pass, Tensor head, Tensor values, int columns) implements HeadGaussian {
    @Override
    public List<Op> forward() {
      return List.of(new CopyColumns(head, values, 0, 0, columns));
    }

    @Override
    public Tensor gradient(Tensor dHead) {
      return pass.tensor(values.shape());
    }

    @Override
    public List<Op> backward(Tensor dValues, Tensor dHead) {
      return List.of(new CopyColumns(dValues, dHead, 0, 0, columns));
    }
  }
}
