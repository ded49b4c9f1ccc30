// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.latent;

import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.model.Net;
import io.github.vae4j.model.Shape;
import io.github.vae4j.net.Joined;
import io.github.vae4j.net.NetStage;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.net.Pass;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The forward and backward pass between codes, with their condition, and the loss of rows. */
public final class DecoderPass {
  private final Pass pass;
  private final Joined code;
  private final NetStage decoder;
  private final Tensor output;

  /**
   * Plans the forward pass.
   *
   * @param pass owns the tensors
   * @param z FLOAT32 (B, L, Z), or (B, Z)
   * @param condition FLOAT32 (B, C); null for a model without a condition
   */
  public DecoderPass(Pass pass, Tensor z, @Nullable Tensor condition) {
    this.pass = pass;
    Net net = pass.parameters().layout().decoder();
    Shape shape = net.input();
    int pixels = shape.height() * shape.width();
    Tensor codes = shape.isFlat() ? z : z.as(z.rows(), pixels, z.dim(-1) / pixels);
    code = new Joined(pass, codes, condition);
    decoder = new NetStage(pass, net, code.input());
    output = decoder.output().as(z.shape(net.outputs()));
  }

  /**
   * The ops from the codes to the parameters of the likelihood.
   *
   * @return the ops
   */
  public List<Op> forward() {
    List<Op> forward = new ArrayList<>(code.forward());
    forward.addAll(decoder.forward());
    return forward;
  }

  /**
   * The parameters of the likelihood.
   *
   * @return FLOAT32 (B, L, P), or (B, P)
   */
  public Tensor output() {
    return output;
  }

  /**
   * The loss of each sample.
   *
   * @param likelihood the observation model
   * @param rows of the batch
   * @param nll FLOAT32 (B, L), receives the loss
   * @return the op
   */
  public Op loss(Likelihood likelihood, Rows rows, Tensor nll) {
    return loss(likelihood, rows, null, nll, null, null, 1);
  }

  /**
   * The loss of each sample, and the ops of its gradient down to the codes.
   *
   * @param likelihood the observation model
   * @param rows of the batch
   * @param weight FLOAT32 (B, L), or (B), of the gradient; null for 1
   * @param nll FLOAT32 (B, L), receives the loss
   * @param gradients receives the gradients of the parameters
   * @param dz FLOAT32 (B, L, Z), receives the gradient of the codes
   * @param scale the weight of one sample
   * @return the ops
   */
  public List<Op> lossAndBackward(
      Likelihood likelihood,
      Rows rows,
      @Nullable Tensor weight,
      Tensor nll,
      Parameters gradients,
      Tensor dz,
      float scale) {
    Tensor dOutput = pass.tensor(output().shape());
    Tensor dCode = code.gradient(dz);
    List<Op> ops = new ArrayList<>();
    ops.add(loss(likelihood, rows, weight, nll, dOutput, gradients.shared(), scale));
    ops.addAll(decoder.backward(gradients, dOutput, dCode));
    ops.addAll(code.backward(dCode, dz));
    return ops;
  }

  /**
   * The ops that change state after a training step, if the step was finite.
   *
   * @param status FLOAT64 (1), from {@link io.github.vae4j.backend.op.RecordMetrics}
   * @return a list, empty for a decoder without state
   */
  public List<Op> update(Tensor status) {
    return decoder.update(status);
  }

  private Op loss(
      Likelihood likelihood,
      Rows rows,
      @Nullable Tensor weight,
      Tensor nll,
      @Nullable Tensor dOutput,
      @Nullable Tensor dShared,
      float scale) {
    return new LikelihoodLoss(
        likelihood,
        output(),
        pass.parameters().shared(),
        rows.x(),
        rows.mask(),
        weight,
        nll,
        dOutput,
        dShared,
        scale);
  }
}
