package io.github.vae4j.model;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.CopyColumns;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The encoder planned for one batch size. A VampPrior's pseudo-inputs are rows behind those of the
 * batch, so that the encoder runs once. What the posterior needs beside means and log variances is
 * cut off. Buffers and ops belong to the arena it was planned in.
 */
public final class EncoderStage {
  private final Ops ops;
  private final Arena arena;
  private final VaeSpec spec;
  private final ParameterLayout layout;
  private final Buffer input;
  private final int batch;
  private final int pseudo;
  private final Buffer all;
  private final DenseStack stack;
  private final Buffer gaussian;
  private final List<PreparedOp> forward = new ArrayList<>();

  /**
   * Plans the forward pass.
   *
   * @param ops plans the ops
   * @param arena owns what is allocated
   * @param spec the model
   * @param layout of the parameters
   * @param parameters the flat arena of all parameters
   * @param input FLOAT32 (batch, inputs of the first layer)
   * @param batch B
   */
  public EncoderStage(
      Ops ops,
      Arena arena,
      VaeSpec spec,
      ParameterLayout layout,
      Buffer parameters,
      Buffer input,
      int batch) {
    this.ops = ops;
    this.arena = arena;
    this.spec = spec;
    this.layout = layout;
    this.input = input;
    this.batch = batch;
    pseudo = spec.latents().prior() instanceof Prior.Vamp vamp ? vamp.components() : 0;
    int rows = Math.addExact(batch, pseudo);
    if (pseudo == 0) {
      all = input;
    } else {
      all = ops.floats(arena, rows, Math.toIntExact(input.length() / batch));
      Buffer own = layout.tensor(ParameterLayout.PSEUDO_INPUTS).in(parameters);
      add(ops.copy(new Copy(input, all.slice(0, input.length()))));
      add(ops.copy(new Copy(own, all.slice(input.length(), own.length()))));
    }
    stack = new DenseStack(ops, arena, layout.encoder(), spec.encoder(), parameters, all, rows);
    forward.addAll(stack.forward());
    int columns = spec.posteriorColumns();
    int means = 2 * spec.latent();
    if (columns == means) {
      gaussian = head();
    } else {
      gaussian = ops.floats(arena, batch, means);
      add(
          ops.copyColumns(
              new CopyColumns(head(), gaussian, batch, 1, means, columns, 0, means, 0)));
    }
  }

  private void add(PreparedOp op) {
    forward.add(arena.own(op));
  }

  /**
   * The ops from the input to the head.
   *
   * @return the ops
   */
  public List<PreparedOp> forward() {
    return List.copyOf(forward);
  }

  /**
   * What the encoder says of the batch.
   *
   * @return FLOAT32 (batch, {@link VaeSpec#posteriorColumns})
   */
  public Buffer head() {
    return part(stack.output(), 0, batch);
  }

  /**
   * The Gaussian that the posterior is made from.
   *
   * @return FLOAT32 (batch, 2 latent): means, then log variances
   */
  public Buffer gaussian() {
    return gaussian;
  }

  /**
   * The posteriors of the pseudo-inputs.
   *
   * @return FLOAT32 (components, 2 latent)
   */
  public Buffer components() {
    return part(stack.output(), batch, pseudo);
  }

  private Buffer part(Buffer rows, int first, int count) {
    long columns = spec.posteriorColumns();
    return rows.slice(first * columns, count * columns);
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
  public record Gradient(Buffer all, Buffer head, Buffer gaussian, @Nullable Buffer components) {}

  /**
   * Allocates the head's gradient.
   *
   * @return the buffers, to be filled before {@link #backward}
   */
  public Gradient gradient() {
    int columns = spec.posteriorColumns();
    Buffer whole = ops.floats(arena, batch + pseudo, columns);
    Buffer head = part(whole, 0, batch);
    boolean cut = columns != 2 * spec.latent();
    return new Gradient(
        whole,
        head,
        cut ? ops.floats(arena, batch, 2 * spec.latent()) : head,
        pseudo == 0 ? null : part(whole, batch, pseudo));
  }

  /**
   * Plans the backward pass.
   *
   * @param gradients the flat arena of all gradients
   * @param gradient what {@link #gradient} gave, filled
   * @return the ops
   */
  public List<PreparedOp> backward(Buffer gradients, Gradient gradient) {
    List<PreparedOp> backward = new ArrayList<>();
    int columns = spec.posteriorColumns();
    int means = 2 * spec.latent();
    if (columns != means) {
      backward.add(
          arena.own(
              ops.copyColumns(
                  new CopyColumns(
                      gradient.gaussian(),
                      gradient.head(),
                      batch,
                      1,
                      means,
                      means,
                      0,
                      columns,
                      0))));
    }
    if (pseudo == 0) {
      backward.addAll(stack.backward(gradients, gradient.all(), null));
      return backward;
    }
    Buffer dInput = ops.floats(arena, 1, Math.toIntExact(all.length()));
    backward.addAll(stack.backward(gradients, gradient.all(), dInput));
    Buffer own = layout.tensor(ParameterLayout.PSEUDO_INPUTS).in(gradients);
    backward.add(arena.own(ops.copy(new Copy(dInput.slice(input.length(), own.length()), own))));
    return backward;
  }
}
