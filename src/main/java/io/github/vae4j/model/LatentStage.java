package io.github.vae4j.model;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Estimator;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What lies between encoder and decoder, planned for one batch size: samples z of q(z|x) and what
 * they cost against the prior. Buffers and ops belong to the arena it was planned in.
 */
public final class LatentStage {
  private final Ops ops;
  private final Arena arena;
  private final Noise noise;
  private final Buffer stats;
  private final int latent;
  private final int batch;
  private final int samples;
  private final Buffer z;
  private final Buffer kl;
  private final @Nullable Buffer klPerDimension;
  private final @Nullable Buffer logRatio;

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
   */
  public record Outputs(boolean logRatio, boolean klPerDimension) {}

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
   * @param stats FLOAT32 (batch, 2 latent): the encoder's output
   * @param noise where eps comes from
   * @param outputs what is wanted
   * @param batch B
   * @param samples L
   */
  public LatentStage(
      Ops ops,
      Arena arena,
      VaeSpec spec,
      Buffer stats,
      Noise noise,
      Outputs outputs,
      int batch,
      int samples) {
    this.ops = ops;
    this.arena = arena;
    this.noise = noise;
    this.stats = stats;
    this.latent = spec.latent();
    this.batch = batch;
    this.samples = samples;
    int rows = Math.multiplyExact(batch, samples);
    z = ops.floats(arena, rows, latent);
    kl = ops.floats(arena, batch, 1);
    klPerDimension = outputs.klPerDimension() ? ops.floats(arena, latent, 1) : null;
    logRatio = outputs.logRatio() ? ops.floats(arena, rows, 1) : null;
  }

  /**
   * The ops from the encoder's output to z.
   *
   * @return the ops
   */
  public List<PreparedOp> forward() {
    return List.of(
        arena.own(
            ops.reparameterize(
                new Reparameterize(
                    stats,
                    z,
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
  }

  /**
   * The ops from z's gradient to that of the encoder's output.
   *
   * @param dz FLOAT32 (batch * samples, latent)
   * @param term the objective's latent term
   * @param dStats FLOAT32 like stats: receives the gradient
   * @return the ops
   */
  public List<PreparedOp> backward(Buffer dz, Term term, Buffer dStats) {
    return List.of(
        arena.own(
            ops.reparameterizeBackward(
                new ReparameterizeBackward(
                    stats,
                    dz,
                    klPerDimension,
                    term.weight(),
                    dStats,
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
