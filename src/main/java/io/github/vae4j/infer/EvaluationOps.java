// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.backend.op.ImportanceWeights;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.latent.LatentStage;
import io.github.vae4j.latent.Rows;
import io.github.vae4j.latent.VaePass;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Pass;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The ops of an evaluation for one batch size and number of samples, and the tensors they fill. */
public final class EvaluationOps {
  private final VaePass model;
  private final Tensor weights;

  /**
   * Plans the ops.
   *
   * @param pass owns the tensors
   * @param spec the model
   * @param rows of the batch
   * @param noise the arguments of eps
   * @param samples L
   */
  public EvaluationOps(Pass pass, VaeSpec spec, Rows rows, LatentStage.Noise noise, int samples) {
    int batch = rows.x().dim(0);
    model =
        new VaePass(pass, spec, rows, noise, new LatentStage.Outputs(true, false, true), samples);
    weights =
        new Tensor(pass.arena().own(pass.backend().allocate(DType.FLOAT64, 3L * batch)), batch, 3);
  }

  /**
   * The ops from the rows to the head.
   *
   * @return the ops
   */
  public List<Op> encode() {
    return model.encode();
  }

  /**
   * The ops from the head to samples of the posterior.
   *
   * @return the ops
   */
  public List<Op> sample() {
    return model.sample();
  }

  /**
   * The ops from the samples to their losses and importance weights.
   *
   * @return the ops
   */
  public List<Op> score() {
    List<Op> score = new ArrayList<>(model.decode());
    score.add(model.loss());
    score.add(new ImportanceWeights(nll(), logRatio(), weights));
    return score;
  }

  /**
   * The encoder's output.
   *
   * @return FLOAT32 (B, {@link VaeSpec#posteriorColumns})
   */
  public Tensor head() {
    return model.encoder().head();
  }

  /**
   * KL(q(z|x) || p(z)) of each row, nats; estimated if there is no closed form.
   *
   * @return FLOAT32 (B)
   */
  public Tensor kl() {
    return model.latent().kl();
  }

  /**
   * The negative log-likelihood of each sample, nats.
   *
   * @return FLOAT32 (B, L)
   */
  public Tensor nll() {
    return model.nll();
  }

  /**
   * The parameters of the likelihood for each sample.
   *
   * @return FLOAT32 (B, L, outputs) or (B L, outputs)
   */
  public Tensor output() {
    return model.output();
  }

  /**
   * The stochastic layers, z first.
   *
   * @return one or two
   */
  public List<LatentStage.Level> levels() {
    return model.latent().levels();
  }

  /**
   * log p(z) - log q(z|x) of each sample, nats.
   *
   * @return FLOAT32 (B, L)
   */
  public Tensor logRatio() {
    return model.latent().logRatio();
  }

  /**
   * The state of {@link ImportanceWeights}.
   *
   * @return FLOAT64 (B, 3)
   */
  public Tensor weights() {
    return weights;
  }
}
