// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.latent;

import io.github.vae4j.backend.op.Op;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ops of a posterior that is not a diagonal Gaussian, or of a prior that is not the standard
 * normal. In the forward pass a part adds a term to the log ratio of each sample; in the backward
 * pass it adds the gradient of that term to dz.
 */
interface LatentPart {
  /**
   * The weight of a sample's log ratio in the loss: scale beta weight.
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
   * @param gradients receives the gradients of the parameters
   * @param head receives the encoder's gradient
   * @param dz FLOAT32 (batch, samples, latent), updated
   * @param share the weight of the samples
   */
  List<Op> backward(Parameters gradients, EncoderStage.Gradient head, Tensor dz, Share share);

  /**
   * The ops that change state after a training step, if the step was finite.
   *
   * @param status FLOAT64 (1), from {@link io.github.vae4j.backend.op.RecordMetrics}
   */
  default List<Op> update(Tensor status) {
    return List.of();
  }
}
