// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.latent;

import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.NetStage;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.net.Pass;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ops of the encoder for one batch size. The pseudo-inputs of a VampPrior follow the rows of
 * the batch in one matrix, so that the encoder runs once. The posterior's family makes a Gaussian
 * of the head. The tensors belong to the arena in which the stage is planned.
 */
public final class EncoderStage {
  private final Pass pass;
  private final int batch;
  private final int pseudo;
  private final Tensor all;
  private final NetStage stack;
  private final Tensor output;
  private final Families.Family posterior;
  private final List<Op> forward = new ArrayList<>();

  /**
   * Plans the forward pass.
   *
   * @param pass owns the tensors
   * @param spec the model
   * @param input FLOAT32 (batch, inputs of the first layer)
   */
  public EncoderStage(Pass pass, VaeSpec spec, Tensor input) {
    this.pass = pass;
    batch = input.dim(0);
    pseudo = spec.latents().prior().posteriors();
    if (pseudo == 0) {
      all = input;
    } else {
      Tensor own = pass.parameters().tensor(ParameterLayout.PSEUDO_INPUTS);
      all = pass.tensor(Math.addExact(batch, pseudo), own.dim(1));
      forward.add(new Copy(input, all.part(0, batch)));
      forward.add(new Copy(own, all.part(batch, pseudo)));
    }
    stack = new NetStage(pass, pass.parameters().layout().encoder(), all);
    output = stack.output().as(all.dim(0), spec.posteriorColumns());
    forward.addAll(stack.forward());
    posterior = Families.posterior(pass, spec.latents().posterior(), head(), spec.latent());
    forward.addAll(posterior.gaussian().forward());
  }

  /** The samples of the posterior, from those of its Gaussian. */
  Families.Map map(Reparameterize sample) {
    return posterior.map().apply(sample);
  }

  /**
   * The ops from the input to the head.
   *
   * @return the ops
   */
  public List<Op> forward() {
    return List.copyOf(forward);
  }

  /**
   * The head's output for the rows of the batch.
   *
   * @return FLOAT32 (batch, {@link VaeSpec#posteriorColumns})
   */
  public Tensor head() {
    return output.part(0, batch);
  }

  /**
   * The Gaussian of which the posterior is a map.
   *
   * @return FLOAT32 (batch, 2 latent): means, then log variances
   */
  public Tensor gaussian() {
    return posterior.gaussian().values();
  }

  /**
   * The posteriors of the pseudo-inputs.
   *
   * @return FLOAT32 (components, 2 latent)
   */
  public Tensor components() {
    return output.part(batch, pseudo);
  }

  /**
   * The tensors of the head's gradient.
   *
   * @param all FLOAT32 (batch + pseudo-inputs, columns)
   * @param head FLOAT32 (batch, columns), the first rows of all
   * @param gaussian FLOAT32 (batch, 2 latent); the same as head if the head is the Gaussian
   * @param components FLOAT32 (pseudo-inputs, columns), the last rows of all; null if there are
   *     none
   */
  public record Gradient(Tensor all, Tensor head, Tensor gaussian, @Nullable Tensor components) {}

  /**
   * Allocates the head's gradient.
   *
   * @return the tensors, to be filled before {@link #backward}
   */
  public Gradient gradient() {
    Tensor whole = pass.tensor(output.shape());
    Tensor head = whole.part(0, batch);
    return new Gradient(
        whole,
        head,
        posterior.gaussian().gradient(head),
        pseudo == 0 ? null : whole.part(batch, pseudo));
  }

  /**
   * Plans the backward pass.
   *
   * @param gradients receives the gradients of the parameters
   * @param gradient from {@link #gradient}, with its values set
   * @return the ops
   */
  public List<Op> backward(Parameters gradients, Gradient gradient) {
    List<Op> backward =
        new ArrayList<>(posterior.gaussian().backward(gradient.gaussian(), gradient.head()));
    if (pseudo == 0) {
      backward.addAll(stack.backward(gradients, gradient.all(), null));
      return backward;
    }
    Tensor dInput = pass.tensor(all.shape());
    backward.addAll(stack.backward(gradients, gradient.all(), dInput));
    Tensor own = gradients.tensor(ParameterLayout.PSEUDO_INPUTS);
    backward.add(new Copy(dInput.part(batch, pseudo), own));
    return backward;
  }

  /**
   * The ops that change state after a training step, if the step was finite.
   *
   * @param status FLOAT64 (1), from {@link io.github.vae4j.backend.op.RecordMetrics}
   * @return a list, empty for an encoder without state
   */
  public List<Op> update(Tensor status) {
    return stack.update(status);
  }
}
