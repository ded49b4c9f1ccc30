// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What makes another posterior or prior of a diagonal Gaussian and the standard normal: forward, it
 * adds its part to the log ratio of each sample; backward, it adds that part's gradient to dz.
 */
interface LatentPart {
  /**
   * What a sample's log ratio weighs in the loss: scale beta weight.
   *
   * @param weight FLOAT32 (batch, samples), the importance of each sample; null for 1
   * @param scale 1 / (B L) for a mean over samples and batch
   */
  record Share(@Nullable Tensor weight, float scale) {}

  /** The ops from z, or from the sample before it, to the log ratio. */
  List<Op> forward();

  /**
   * The ops of the gradient.
   *
   * @param gradients the flat arena of all gradients
   * @param head where the encoder's gradient goes
   * @param dz FLOAT32 (batch, samples, latent), updated
   * @param share what the samples weigh
   */
  List<Op> backward(Tensor gradients, EncoderStage.Gradient head, Tensor dz, Share share);
}
