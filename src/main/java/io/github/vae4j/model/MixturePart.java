package io.github.vae4j.model;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.MixturePrior;
import io.github.vae4j.backend.op.MixturePriorBackward;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A prior that is a mixture: of learned Gaussians, or of the posteriors of pseudo-inputs. */
final class MixturePart implements LatentPart {
  private final Ops ops;
  private final Arena arena;
  private final Control control;
  private final ParameterLayout layout;
  private final Buffer z;
  private final Buffer logRatio;
  private final Buffer components;
  private final @Nullable Buffer logits;
  private final Buffer responsibilities;
  private final int rows;
  private final int latent;
  private final int count;

  MixturePart(
      Ops ops,
      Arena arena,
      VaeSpec spec,
      ParameterLayout layout,
      Buffer parameters,
      EncoderStage encoder,
      Control control,
      Buffer z,
      Buffer logRatio) {
    this.ops = ops;
    this.arena = arena;
    this.control = control;
    this.layout = layout;
    this.z = z;
    this.logRatio = logRatio;
    rows = Math.toIntExact(logRatio.length());
    latent = spec.latent();
    count = spec.latents().prior().components();
    boolean learned = spec.latents().prior() instanceof Prior.GaussianMixture;
    components =
        learned ? layout.tensor(ParameterLayout.COMPONENTS).in(parameters) : encoder.components();
    logits = learned ? layout.tensor(ParameterLayout.LOGITS).in(parameters) : null;
    responsibilities = ops.floats(arena, rows, count);
  }

  @Override
  public List<PreparedOp> forward() {
    return List.of(
        arena.own(
            ops.mixturePrior(
                new MixturePrior(
                    z, components, logits, responsibilities, logRatio, rows, latent, count))));
  }

  @Override
  public List<PreparedOp> backward(
      Buffer gradients, EncoderStage.Gradient head, Buffer dz, Share share) {
    Buffer pseudo = head.components();
    Buffer dComponents =
        pseudo == null ? layout.tensor(ParameterLayout.COMPONENTS).in(gradients) : pseudo;
    Buffer dLogits = logits == null ? null : layout.tensor(ParameterLayout.LOGITS).in(gradients);
    return List.of(
        arena.own(
            ops.mixturePriorBackward(
                new MixturePriorBackward(
                    z,
                    components,
                    logits,
                    responsibilities,
                    share.weight(),
                    dz,
                    dComponents,
                    dLogits,
                    control,
                    rows,
                    latent,
                    count,
                    share.scale()))));
  }
}
