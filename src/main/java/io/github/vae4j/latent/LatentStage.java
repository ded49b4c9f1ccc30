// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.latent;

import io.github.vae4j.backend.Estimator;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import io.github.vae4j.backend.op.SampledKl;
import io.github.vae4j.model.Latents;
import io.github.vae4j.model.TopLevel;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.net.Pass;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ops between encoder and decoder for one batch size: samples z of q(z|x) and their KL from the
 * prior. A diagonal Gaussian and the standard normal are two fused ops; {@link LatentPart}s add the
 * ops of other families. The tensors belong to the arena in which the stage is planned.
 */
public final class LatentStage {
  private final boolean closedForm;
  private final Noise noise;
  private final Reparameterize sample;
  private final Tensor z;
  private final @Nullable Tensor posteriorRatio;
  private final List<LatentPart> parts = new ArrayList<>();
  private final @Nullable TopPart top;

  /** The number of the posterior's parts, which come first. */
  private final int posteriorParts;

  /**
   * The arguments of the noise.
   *
   * @param control the step
   * @param seed the seed
   * @param stream the use of the noise
   * @param equal whether each row of the batch has the noise of the first one, for evaluation
   */
  public record Noise(Control control, long seed, Stream stream, boolean equal) {
    /** The ops that sample: one for all rows of the batch, or one for each. */
    List<Op> ops(Reparameterize sample, int batch) {
      if (!equal) {
        return List.of(sample);
      }
      int each = sample.stats().dim(0) / batch;
      List<Op> ops = new ArrayList<>();
      for (int first = 0; first < batch * each; first += each) {
        Tensor logRatio = sample.logRatio();
        ops.add(
            new Reparameterize(
                sample.stats().part(first, each),
                sample.z().part(first, each),
                sample.kl().part(first, each),
                null,
                logRatio == null ? null : logRatio.part(first, each),
                control,
                seed,
                sample.stream(),
                sample.rowOffset()));
      }
      return ops;
    }
  }

  /**
   * The outputs in addition to z and the KL of each row.
   *
   * @param logRatio whether log p(z) - log q(z|x) of each sample is an output
   * @param klPerDimension whether the mean KL of each dimension is an output
   * @param levels whether {@link #levels} are outputs
   */
  public record Outputs(boolean logRatio, boolean klPerDimension, boolean levels) {}

  /**
   * The samples of a stochastic layer; both tensors have the same number of rows.
   *
   * @param z FLOAT32 (..., latent)
   * @param ratio FLOAT32 (...): log N(z; 0, I) less the log of z's posterior
   */
  public record Level(Tensor z, Tensor ratio) {}

  /**
   * The latent term of an objective, with the settings of {@link ReparameterizeBackward}.
   *
   * @param weight of each sample; null for 1
   * @param groups of samples
   * @param scale the weight of one row's latent term
   * @param freeBits nats of KL per dimension without a gradient
   * @param capacity whether the target of the KL is the control block's capacity
   * @param estimator of the gradient
   */
  public record Term(
      @Nullable Tensor weight,
      int groups,
      float scale,
      float freeBits,
      boolean capacity,
      Estimator estimator) {}

  /**
   * Plans the forward pass.
   *
   * @param pass owns the tensors
   * @param spec the model
   * @param encoder gives the posterior
   * @param noise the arguments of eps
   * @param outputs the outputs to compute
   * @param samples L
   */
  public LatentStage(
      Pass pass, VaeSpec spec, EncoderStage encoder, Noise noise, Outputs outputs, int samples) {
    Latents latents = spec.latents();
    closedForm = latents.closedForm();
    this.noise = noise;
    int batch = encoder.gaussian().dim(0);
    int latent = spec.latent();
    sample =
        new Reparameterize(
            encoder.gaussian(),
            pass.tensor(batch, samples, latent),
            pass.tensor(batch),
            outputs.klPerDimension() ? pass.tensor(latent) : null,
            outputs.logRatio() || !closedForm ? pass.tensor(batch, samples) : null,
            noise.control(),
            noise.seed(),
            noise.stream(),
            0);
    posteriorRatio =
        outputs.levels() && !latents.standardPrior()
            ? pass.tensor(batch, samples)
            : outputs.levels() ? sample.logRatio() : null;
    Families.Map map = encoder.map(sample);
    z = map.z();
    parts.addAll(map.parts());
    posteriorParts = parts.size();
    TopLevel above = latents.top();
    top = above == null ? null : new TopPart(pass, spec, above, noise, z, logRatio());
    if (top != null) {
      parts.add(top);
    }
    parts.addAll(Families.prior(pass, latents.prior(), encoder, z, sample));
  }

  /**
   * The ops from the encoder's output to z.
   *
   * @return the ops
   */
  public List<Op> forward() {
    List<Op> forward = new ArrayList<>();
    forward.addAll(noise.ops(sample, sample.stats().dim(0)));
    for (int i = 0; i < parts.size(); i++) {
      addCopyOfPosteriorRatio(forward, i);
      forward.addAll(parts.get(i).forward());
    }
    if (!closedForm) {
      forward.add(new SampledKl(logRatio(), kl()));
    }
    return forward;
  }

  /** Copies the log ratio between the parts of the posterior and the parts of the prior. */
  private void addCopyOfPosteriorRatio(List<Op> forward, int part) {
    if (part == posteriorParts && posteriorRatio != null) {
      forward.add(new Copy(logRatio(), posteriorRatio));
    }
  }

  /**
   * The ops from z's gradient to that of the encoder's output.
   *
   * @param gradients receives the gradients of the parameters
   * @param dz FLOAT32 (batch, samples, latent); overwritten if there is no closed form
   * @param term the objective's latent term; if there is no closed form its estimator must be
   *     SAMPLED
   * @param head receives the gradient
   * @return the ops
   */
  public List<Op> backward(Parameters gradients, Tensor dz, Term term, EncoderStage.Gradient head) {
    List<Op> backward = new ArrayList<>();
    LatentPart.Share share = new LatentPart.Share(term.weight(), term.scale() / z.dim(1));
    for (int i = parts.size() - 1; i >= 0; i--) {
      backward.addAll(parts.get(i).backward(gradients, head, dz, share));
    }
    backward.add(
        new ReparameterizeBackward(
            sample,
            dz,
            term.weight(),
            head.gaussian(),
            term.groups(),
            term.scale(),
            term.freeBits(),
            term.capacity(),
            term.estimator()));
    return backward;
  }

  /**
   * The ops that change state after a training step, if the step was finite.
   *
   * @param status FLOAT64 (1), from {@link io.github.vae4j.backend.op.RecordMetrics}
   * @return a list, empty if no part has state
   */
  public List<Op> update(Tensor status) {
    return parts.stream().flatMap(part -> part.update(status).stream()).toList();
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
    Level first = new Level(z, posteriorRatio);
    return top == null ? List.of(first) : List.of(first, new Level(top.y(), top.ownRatio()));
  }

  /**
   * The samples.
   *
   * @return FLOAT32 (batch, samples, latent)
   */
  public Tensor z() {
    return z;
  }

  /**
   * KL(q(z|x) || p(z)) of each row, nats.
   *
   * @return FLOAT32 (batch)
   */
  public Tensor kl() {
    return sample.kl();
  }

  /**
   * log p(z) - log q(z|x) of each sample, nats.
   *
   * @return FLOAT32 (batch, samples)
   * @throws IllegalStateException if it is not among the outputs
   */
  public Tensor logRatio() {
    Tensor logRatio = sample.logRatio();
    if (logRatio == null) {
      throw new IllegalStateException("the latent stage was planned without logRatio");
    }
    return logRatio;
  }
}
