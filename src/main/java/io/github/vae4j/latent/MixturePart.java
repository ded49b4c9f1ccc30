// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.latent;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.MixturePrior;
import io.github.vae4j.backend.op.MixturePriorBackward;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.net.Pass;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A prior that is a mixture: of learned Gaussians, or of the posteriors of pseudo-inputs. */
final class MixturePart implements LatentPart {
  private final MixturePrior prior;
  private final Control control;

  private MixturePart(MixturePrior prior, Control control) {
    this.prior = prior;
    this.control = control;
  }

  /** The components are parameters and have weights. */
  static MixturePart learned(Pass pass, Control control, Tensor z, Tensor logRatio) {
    Tensor components = pass.parameters().tensor(ParameterLayout.COMPONENTS);
    Tensor logits = pass.parameters().tensor(ParameterLayout.LOGITS);
    return of(pass, control, z, logRatio, components, logits);
  }

  /** The components are posteriors of pseudo-inputs and have equal weights. */
  static MixturePart ofPosteriors(
      Pass pass, Control control, Tensor z, Tensor logRatio, Tensor components) {
    return of(pass, control, z, logRatio, components, null);
  }

  private static MixturePart of(
      Pass pass,
      Control control,
      Tensor z,
      Tensor logRatio,
      Tensor components,
      @Nullable Tensor logits) {
    Tensor responsibilities = pass.tensor(z.shape(components.dim(0)));
    return new MixturePart(
        new MixturePrior(z, components, logits, responsibilities, logRatio), control);
  }

  @Override
  public List<Op> forward() {
    return List.of(prior);
  }

  @Override
  public List<Op> backward(
      Parameters gradients, EncoderStage.Gradient head, Tensor dz, Share share) {
    Tensor pseudo = head.components();
    return List.of(
        new MixturePriorBackward(
            prior,
            share.weight(),
            dz,
            pseudo == null ? gradients.tensor(ParameterLayout.COMPONENTS) : pseudo,
            prior.logits() == null ? null : gradients.tensor(ParameterLayout.LOGITS),
            control,
            share.scale()));
  }
}
