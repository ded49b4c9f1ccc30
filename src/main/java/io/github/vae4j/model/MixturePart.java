// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.MixturePrior;
import io.github.vae4j.backend.op.MixturePriorBackward;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Tensor;
import java.util.List;

/** A prior that is a mixture: of learned Gaussians, or of the posteriors of pseudo-inputs. */
final class MixturePart implements LatentPart {
  private final ParameterLayout layout;
  private final MixturePrior prior;
  private final Control control;

  MixturePart(
      Backend backend,
      Arena arena,
      VaeSpec spec,
      ParameterLayout layout,
      Tensor parameters,
      EncoderStage encoder,
      Control control,
      Tensor z,
      Tensor logRatio) {
    this.layout = layout;
    this.control = control;
    int count = spec.latents().prior().components();
    boolean learned = spec.latents().prior() instanceof Prior.GaussianMixture;
    prior =
        new MixturePrior(
            z,
            learned ? components(parameters) : encoder.components(),
            learned ? logits(parameters) : null,
            backend.tensor(arena, Widths.like(z, count)),
            logRatio);
  }

  private Tensor components(Tensor flat) {
    return layout.tensor(ParameterLayout.COMPONENTS).in(flat);
  }

  private Tensor logits(Tensor flat) {
    Tensor column = layout.tensor(ParameterLayout.LOGITS).in(flat);
    return column.as(column.dim(0));
  }

  @Override
  public List<Op> forward() {
    return List.of(prior);
  }

  @Override
  public List<Op> backward(Tensor gradients, EncoderStage.Gradient head, Tensor dz, Share share) {
    Tensor pseudo = head.components();
    return List.of(
        new MixturePriorBackward(
            prior,
            share.weight(),
            dz,
            pseudo == null ? components(gradients) : pseudo,
            prior.logits() == null ? null : logits(gradients),
            control,
            share.scale()));
  }
}
