// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.CopyColumns;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ops of the encoder for one batch size. A VampPrior's pseudo-inputs are rows behind those of
 * the batch, so that the encoder runs once. What the posterior needs beside means and log variances
 * is cut off. Its tensors belong to the arena it was planned in.
 */
public final class EncoderStage {
  private final Backend backend;
  private final Arena arena;
  private final ParameterLayout layout;
  private final int batch;
  private final int pseudo;
  private final int means;
  private final Tensor all;
  private final DenseStack stack;
  private final Tensor gaussian;
  private final List<Op> forward = new ArrayList<>();

  /**
   * Plans the forward pass.
   *
   * @param backend allocates
   * @param arena owns what is allocated
   * @param spec the model
   * @param layout of the parameters
   * @param parameters the flat arena of all parameters
   * @param input FLOAT32 (batch, inputs of the first layer)
   */
  public EncoderStage(
      Backend backend,
      Arena arena,
      VaeSpec spec,
      ParameterLayout layout,
      Tensor parameters,
      Tensor input) {
    this.backend = backend;
    this.arena = arena;
    this.layout = layout;
    batch = input.dim(0);
    pseudo = spec.latents().prior() instanceof Prior.Vamp vamp ? vamp.components() : 0;
    means = 2 * spec.latent();
    if (pseudo == 0) {
      all = input;
    } else {
      all = backend.tensor(arena, Math.addExact(batch, pseudo), input.dim(1));
      Tensor own = layout.tensor(ParameterLayout.PSEUDO_INPUTS).in(parameters);
      forward.add(new Copy(input, all.part(0, batch)));
      forward.add(new Copy(own, all.part(batch, pseudo)));
    }
    stack = new DenseStack(backend, arena, layout.encoder(), spec.encoder(), parameters, all);
    forward.addAll(stack.forward());
    if (cut()) {
      gaussian = backend.tensor(arena, batch, means);
      forward.add(new CopyColumns(head(), gaussian, 0, 0, means));
    } else {
      gaussian = head();
    }
  }

  /** Whether the head has more columns than means and log variances. */
  private boolean cut() {
    return stack.output().dim(1) != means;
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
   * What the encoder says of the batch.
   *
   * @return FLOAT32 (batch, {@link VaeSpec#posteriorColumns})
   */
  public Tensor head() {
    return stack.output().part(0, batch);
  }

  /**
   * The Gaussian that the posterior is made from.
   *
   * @return FLOAT32 (batch, 2 latent): means, then log variances
   */
  public Tensor gaussian() {
    return gaussian;
  }

  /**
   * The posteriors of the pseudo-inputs.
   *
   * @return FLOAT32 (components, 2 latent)
   */
  public Tensor components() {
    return stack.output().part(batch, pseudo);
  }

  /**
   * Where the gradient of the head goes.
   *
   * @param all FLOAT32 (batch + pseudo-inputs, columns)
   * @param head FLOAT32 (batch, columns), the first rows of all
   * @param gaussian FLOAT32 (batch, 2 latent); head itself where that has no more columns
   * @param components FLOAT32 (pseudo-inputs, columns), the last rows of all; null where there are
   *     none
   */
  public record Gradient(Tensor all, Tensor head, Tensor gaussian, @Nullable Tensor components) {}

  /**
   * Allocates the head's gradient.
   *
   * @return the tensors, to be filled before {@link #backward}
   */
  public Gradient gradient() {
    Tensor whole = backend.tensor(arena, Widths.like(stack.output()));
    Tensor head = whole.part(0, batch);
    return new Gradient(
        whole,
        head,
        cut() ? backend.tensor(arena, batch, means) : head,
        pseudo == 0 ? null : whole.part(batch, pseudo));
  }

  /**
   * Plans the backward pass.
   *
   * @param gradients the flat arena of all gradients
   * @param gradient what {@link #gradient} gave, filled
   * @return the ops
   */
  public List<Op> backward(Tensor gradients, Gradient gradient) {
    List<Op> backward = new ArrayList<>();
    if (cut()) {
      backward.add(new CopyColumns(gradient.gaussian(), gradient.head(), 0, 0, means));
    }
    if (pseudo == 0) {
      backward.addAll(stack.backward(gradients, gradient.all(), null));
      return backward;
    }
    Tensor dInput = backend.tensor(arena, Widths.like(all));
    backward.addAll(stack.backward(gradients, gradient.all(), dInput));
    Tensor own = layout.tensor(ParameterLayout.PSEUDO_INPUTS).in(gradients);
    backward.add(new Copy(dInput.part(batch, pseudo), own));
    return backward;
  }
}
