// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.backend.Augmentation;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A batch of rows of a resident data set, scaled to float, optionally augmented and binarised.
 *
 * <p>For batch row b, with p = position + b: the row is {@code r = Permutation(seed, epoch,
 * rows).at(p)} if shuffled, else p; {@code v = source[r, d'] * scale}, with d' = d unless rows are
 * augmented ({@link Augmentation}); v = 0 where d' is outside the image. The output is v, or with
 * binarisation 1 where {@code u < v} and else 0, u uniform at (BINARIZE, step, b, d). With a mask,
 * a value v that is NaN is missing: the output is 0 and the mask 0; elsewhere the mask is 1. {@code
 * position + batch <= rows} must hold when it runs.
 *
 * @param source UINT8 or FLOAT32 (N, D)
 * @param out FLOAT32 (B, D)
 * @param mask FLOAT32 (B, D), for {@link LikelihoodLoss}; null if no value is missing; the output
 *     then has the NaNs of the source
 * @param control has epoch, position and step
 * @param scale the factor: 1/255 for grey values
 * @param shuffle whether the order is the epoch's permutation
 * @param binarize whether each run draws 1 with probability v, else 0
 * @param seed the seed of order, binarisation and augmentation
 * @param augmentation mirrors and crops of images; rows are as they are with {@link
 *     Augmentation#NONE}
 */
public record Gather(
    Tensor source,
    Tensor out,
    @Nullable Tensor mask,
    Control control,
    float scale,
    boolean shuffle,
    boolean binarize,
    long seed,
    Augmentation augmentation)
    implements Op {
  /**
   * A gather of rows as they are.
   *
   * @param source UINT8 or FLOAT32 (N, D)
   * @param out FLOAT32 (B, D)
   * @param mask FLOAT32 (B, D); null if no value is missing
   * @param control has epoch, position and step
   * @param scale the factor: 1/255 for grey values
   * @param shuffle whether the order is the epoch's permutation
   * @param binarize whether each run draws 1 with probability v, else 0
   * @param seed the seed of order and binarisation
   */
  public Gather(
      Tensor source,
      Tensor out,
      @Nullable Tensor mask,
      Control control,
      float scale,
      boolean shuffle,
      boolean binarize,
      long seed) {
    this(source, out, mask, control, scale, shuffle, binarize, seed, Augmentation.NONE);
  }

  /** Checks the operands. {@inheritDoc} */
  public Gather {
    Check check = new Check("gather");
    check.finite("scale", scale).any("source", source, false);
    if (source.rank() != 2 || (source.type() != DType.UINT8 && source.type() != DType.FLOAT32)) {
      throw check.wrong("source", "UINT8 or FLOAT32 (N, D)", source);
    }
    check
        .size("D", source.dim(1))
        .out("out", out, "B D")
        .mayOut("mask", mask, "B D")
        .control(control);
    if (check.size("B") > source.dim(0)) {
      throw check.wrong("out", "at most the " + source.dim(0) + " rows of the source", out);
    }
    check.given("augmentation", augmentation, "an augmentation");
    if (augmentation.any() && !augmentation.isOf(source.dim(1))) {
      throw check.wrong(
          "augmentation", "images of the source's " + source.dim(1) + " values", augmentation);
    }
    check.done();
  }
}
