// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.latent;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.TriangularMap;
import io.github.vae4j.backend.op.TriangularMapBackward;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.tensor.Tensor;
import java.util.List;

/** A triangular map after the Gaussian's samples, which gives them a full covariance matrix. */
record TriangularPart(TriangularMap map, Control control) implements LatentPart {
  @Override
  public List<Op> forward() {
    return List.of(map);
  }

  @Override
  public List<Op> backward(
      Parameters gradients, EncoderStage.Gradient gradient, Tensor dz, Share share) {
    return List.of(
        new TriangularMapBackward(
            map, share.weight(), dz, gradient.head(), control, share.scale()));
  }
}
