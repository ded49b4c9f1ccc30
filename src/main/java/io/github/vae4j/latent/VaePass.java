// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.latent;

import io.github.vae4j.backend.op.Op;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.net.Pass;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The forward and backward pass of a model for one batch size, between rows and their loss.
 * Training and evaluation take the model's ops from it; inference, annealing and the decoder
 * combine its parts, {@link EncoderStage} and {@link DecoderPass}.
 */
public final class VaePass {
  private final VaeSpec spec;
  private final Rows rows;
  private final EncoderInput input;
  private final EncoderStage encoder;
  private final LatentStage latent;
  private final DecoderPass decoder;
  private final Tensor nll;

  /**
   * Plans the forward pass.
   *
   * @param pass owns the tensors
   * @param spec the model
   * @param rows of the batch
   * @param noise the arguments of eps
   * @param outputs of the latent stage to compute
   * @param samples L
   */
  public VaePass(
      Pass pass,
      VaeSpec spec,
      Rows rows,
      LatentStage.Noise noise,
      LatentStage.Outputs outputs,
      int samples) {
    this.spec = spec;
    this.rows = rows;
    input = new EncoderInput(pass, spec, rows);
    encoder = new EncoderStage(pass, spec, input.input());
    latent = new LatentStage(pass, spec, encoder, noise, outputs, samples);
    decoder = new DecoderPass(pass, latent.z(), rows.condition());
    nll = pass.tensor(rows.x().dim(0), samples);
  }

  /**
   * The ops from the rows to their posteriors.
   *
   * @return the ops
   */
  public List<Op> encode() {
    List<Op> encode = new ArrayList<>(input.forward());
    encode.addAll(encoder.forward());
    return encode;
  }

  /**
   * The ops from the posteriors to samples.
   *
   * @return the ops
   */
  public List<Op> sample() {
    return latent.forward();
  }

  /**
   * The ops from samples to the parameters of the likelihood.
   *
   * @return the ops
   */
  public List<Op> decode() {
    return decoder.forward();
  }

  /**
   * The op of each sample's loss, {@link #nll}.
   *
   * @return the op
   */
  public Op loss() {
    return decoder.loss(spec.likelihood(), rows, nll);
  }

  /**
   * The ops of each sample's loss and of its gradient down to the samples.
   *
   * @param weight FLOAT32 (B, L) of the gradient; null for 1
   * @param gradients receives the gradients of the decoder
   * @param dz FLOAT32 (B, L, Z), receives the gradient of the samples
   * @return the ops
   */
  public List<Op> lossAndBackward(@Nullable Tensor weight, Parameters gradients, Tensor dz) {
    float scale = 1f / nll.length();
    return decoder.lossAndBackward(spec.likelihood(), rows, weight, nll, gradients, dz, scale);
  }

  /**
   * The ops that change state after a training step, if the step was finite.
   *
   * @param status FLOAT64 (1), from {@link io.github.vae4j.backend.op.RecordMetrics}
   * @return a list, empty for a model without state
   */
  public List<Op> update(Tensor status) {
    List<Op> update = new ArrayList<>(encoder.update(status));
    update.addAll(latent.update(status));
    update.addAll(decoder.update(status));
    return update;
  }

  /**
   * The encoder.
   *
   * @return the stage
   */
  public EncoderStage encoder() {
    return encoder;
  }

  /**
   * The stage between encoder and decoder.
   *
   * @return the stage
   */
  public LatentStage latent() {
    return latent;
  }

  /**
   * The negative log-likelihood of each sample, nats.
   *
   * @return FLOAT32 (B, L)
   */
  public Tensor nll() {
    return nll;
  }

  /**
   * The decoder's output for each sample: the parameters of the likelihood.
   *
   * @return FLOAT32 (B, L, outputs) or (B L, outputs)
   */
  public Tensor output() {
    return decoder.output();
  }
}
