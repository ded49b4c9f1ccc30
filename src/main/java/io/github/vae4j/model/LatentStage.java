package io.github.vae4j.model;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.Estimator;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import io.github.vae4j.backend.op.SampledKl;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What lies between encoder and decoder, planned for one batch size: samples z of q(z|x) and what
 * they cost against the prior. A diagonal Gaussian and the standard normal are two fused ops;
 * {@link LatentPart}s make other families of them. Buffers and ops belong to the arena it was
 * planned in.
 */
public final class LatentStage {
  private final Ops ops;
  private final Arena arena;
  private final Noise noise;
  private final Buffer stats;
  private final boolean closedForm;
  private final List<LatentPart> parts = new ArrayList<>();
  private final int latent;
  private final int batch;
  private final int samples;
  private final Buffer z0;
  private final Buffer z;
  private final Buffer kl;
  private final @Nullable Buffer klPerDimension;
  private final @Nullable Buffer logRatio;
  private final @Nullable Buffer posteriorRatio;
  private final @Nullable TopPart top;

  /** How many of the parts, the first ones, are the posterior's. */
  private final int posteriorParts;

  /**
   * Where the noise comes from.
   *
   * @param control the step
   * @param seed the seed
   * @param stream what it is for
   */
  public record Noise(Control control, long seed, Stream stream) {}

  /**
   * What is computed beside z and the KL of each row.
   *
   * @param logRatio whether log p(z) - log q(z|x) of each sample is
   * @param klPerDimension whether the mean KL of each dimension is
   * @param levels whether {@link #levels} are
   */
  public record Outputs(boolean logRatio, boolean klPerDimension, boolean levels) {}

  /**
   * One stochastic layer's samples.
   *
   * @param z FLOAT32 (batch * samples, latent)
   * @param ratio FLOAT32 (batch * samples): log N(z; 0, I) less the log of z's posterior
   * @param latent its dimensions
   */
  public record Level(Buffer z, Buffer ratio, int latent) {}

  /**
   * The latent term of an objective, as {@link ReparameterizeBackward} states it.
   *
   * @param weight of each sample; null for 1
   * @param groups of samples
   * @param scale the weight of one row's latent term
   * @param freeBits nats per dimension that cost nothing
   * @param capacity whether the KL is drawn to the control block's capacity
   * @param estimator of the gradient
   */
  public record Term(
      @Nullable Buffer weight,
      int groups,
      float scale,
      float freeBits,
      boolean capacity,
      Estimator estimator) {}

  /**
   * Plans the buffers.
   *
   * @param ops plans the ops
   * @param arena owns what is allocated
   * @param spec the model
   * @param layout of the parameters
   * @param parameters the flat arena of all parameters
   * @param encoder gives the posterior
   * @param noise where eps comes from
   * @param outputs what is wanted
   * @param batch B
   * @param samples L
   */
  public LatentStage(
      Ops ops,
      Arena arena,
      VaeSpec spec,
      ParameterLayout layout,
      Buffer parameters,
      EncoderStage encoder,
      Noise noise,
      Outputs outputs,
      int batch,
      int samples) {
    this.ops = ops;
    this.arena = arena;
    this.noise = noise;
    this.stats = encoder.gaussian();
    this.latent = spec.latent();
    this.batch = batch;
    this.samples = samples;
    Latents latents = spec.latents();
    closedForm = latents.closedForm();
    int rows = Math.multiplyExact(batch, samples);
    z0 = ops.floats(arena, rows, latent);
    kl = ops.floats(arena, batch, 1);
    klPerDimension = outputs.klPerDimension() ? ops.floats(arena, latent, 1) : null;
    logRatio = outputs.logRatio() || !closedForm ? ops.floats(arena, rows, 1) : null;
    boolean otherPrior = latents.prior().components() > 0 || latents.top() != null;
    posteriorRatio =
        outputs.levels() && otherPrior
            ? ops.floats(arena, rows, 1)
            : outputs.levels() ? logRatio : null;
    boolean mapped = !latents.diagonalPosterior();
    z = mapped ? ops.floats(arena, rows, latent) : z0;
    if (latents.posterior() instanceof Posterior.Planar planar) {
      parts.add(
          new PlanarPart(
              ops, arena, spec, planar, encoder.head(), noise.control(), z0, z, logRatio(), batch));
    } else if (mapped) {
      parts.add(
          new TriangularPart(
              ops, arena, spec, encoder.head(), noise.control(), z0, z, logRatio(), batch));
    }
    posteriorParts = parts.size();
    TopLevel above = latents.top();
    top =
        above == null
            ? null
            : new TopPart(ops, arena, spec, above, layout, parameters, noise, z, logRatio());
    if (top != null) {
      parts.add(top);
    }
    if (latents.prior().components() > 0) {
      parts.add(
          new MixturePart(
              ops, arena, spec, layout, parameters, encoder, noise.control(), z, logRatio()));
    }
  }

  /**
   * The ops from the encoder's output to z.
   *
   * @return the ops
   */
  public List<PreparedOp> forward() {
    List<PreparedOp> forward = new ArrayList<>();
    forward.add(
        arena.own(
            ops.reparameterize(
                new Reparameterize(
                    stats,
                    z0,
                    kl,
                    klPerDimension,
                    logRatio,
                    noise.control(),
                    batch,
                    samples,
                    latent,
                    noise.seed(),
                    noise.stream(),
                    0))));
    for (int i = 0; i < parts.size(); i++) {
      addCopyOfPosteriorRatio(forward, i);
      forward.addAll(parts.get(i).forward());
    }
    if (!closedForm) {
      forward.add(arena.own(ops.sampledKl(new SampledKl(logRatio(), kl, batch, samples))));
    }
    return forward;
  }

  /** Keeps the log ratio as it is between the parts of the posterior and those of the prior. */
  private void addCopyOfPosteriorRatio(List<PreparedOp> forward, int part) {
    if (part == posteriorParts && posteriorRatio != null) {
      forward.add(arena.own(ops.copy(new Copy(logRatio(), posteriorRatio))));
    }
  }

  /**
   * The ops from z's gradient to that of the encoder's output.
   *
   * @param gradients the flat arena of all gradients
   * @param dz FLOAT32 (batch * samples, latent); overwritten where there is no closed form
   * @param term the objective's latent term; where there is no closed form its estimator must be
   *     SAMPLED
   * @param head receives the gradient
   * @return the ops
   */
  public List<PreparedOp> backward(
      Buffer gradients, Buffer dz, Term term, EncoderStage.Gradient head) {
    List<PreparedOp> backward = new ArrayList<>();
    LatentPart.Share share = new LatentPart.Share(term.weight(), term.scale() / samples);
    for (int i = parts.size() - 1; i >= 0; i--) {
      backward.addAll(parts.get(i).backward(gradients, head, dz, share));
    }
    backward.add(
        arena.own(
            ops.reparameterizeBackward(
                new ReparameterizeBackward(
                    stats,
                    dz,
                    klPerDimension,
                    term.weight(),
                    head.gaussian(),
                    noise.control(),
                    batch,
                    samples,
                    term.groups(),
                    latent,
                    noise.seed(),
                    noise.stream(),
                    0,
                    term.scale(),
                    term.freeBits(),
                    term.capacity(),
                    term.estimator()))));
    return backward;
  }

  /**
   * The stochastic layers, z first: log q of all of them is the sum of log N(z; 0, I) - ratio.
   *
   * @return one or two
   * @throws IllegalStateException if they are not among the outputs
   */
  public List<Level> levels() {
    if (posteriorRatio == null) {
      throw new IllegalStateException("the latent stage was planned without levels");
    }
    Level first = new Level(z, posteriorRatio, latent);
    if (top == null) {
      return List.of(first);
    }
    return List.of(
        first,
        new Level(
            top.y(), top.ownRatio(), Math.toIntExact(top.y().length() / logRatio().length())));
  }

  /**
   * The samples.
   *
   * @return FLOAT32 (batch * samples, latent)
   */
  public Buffer z() {
    return z;
  }

  /**
   * KL(q(z|x) || p(z)) of each row, nats.
   *
   * @return FLOAT32 (batch)
   */
  public Buffer kl() {
    return kl;
  }

  /**
   * log p(z) - log q(z|x) of each sample, nats.
   *
   * @return FLOAT32 (batch * samples)
   * @throws IllegalStateException if it is not among the outputs
   */
  public Buffer logRatio() {
    if (logRatio == null) {
      throw new IllegalStateException("the latent stage was planned without logRatio");
    }
    return logRatio;
  }
}
