// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.latent;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.PlanarFlow;
import io.github.vae4j.backend.op.PlanarFlowBackward;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.tensor.Tensor;
import java.util.List;

/** Planar maps after the Gaussian's samples. */
record PlanarPart(PlanarFlow flow, Control control) implements LatentPart {
  @Override
  public List<Op> forward() {
    return List.of(flow);
  }

  @Override
  public List<Op> backward(
      Parameters gradients, EncoderStage.Gradient gradient, Tensor dz, Share share) {
    return List.of(
        new PlanarFlowBackward(flow, share.weight(), dz, gradient.head(), control, share.scale()));
  }
}
