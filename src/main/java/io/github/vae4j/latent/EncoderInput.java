// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.latent;

import io.github.vae4j.backend.op.Op;
import io.github.vae4j.model.Shape;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Joined;
import io.github.vae4j.net.Pass;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The input of a model's encoder: the rows, with their condition and their mask if it takes it. */
public final class EncoderInput {
  private final List<Op> forward;
  private final Tensor input;

  /**
   * Plans the ops that join the input.
   *
   * @param pass owns the tensors
   * @param spec the model
   * @param rows of the batch
   */
  public EncoderInput(Pass pass, VaeSpec spec, Rows rows) {
    Shape shape = pass.parameters().layout().encoder().input();
    Joined conditioned = new Joined(pass, pixels(shape, rows.x()), rows.condition());
    Joined masked =
        new Joined(
            pass, conditioned.input(), spec.maskInput() ? pixels(shape, mask(pass, rows)) : null);
    input = masked.input();
    forward = new ArrayList<>(conditioned.forward());
    forward.addAll(masked.forward());
  }

  /** A row for each pixel of an image, which a condition and a mask are further channels of. */
  private static Tensor pixels(Shape input, Tensor rows) {
    int pixels = input.height() * input.width();
    return input.isFlat() ? rows : rows.as(rows.dim(0), pixels, rows.dim(1) / pixels);
  }

  /** The mask of the rows; ones if no value can be missing. */
  private static Tensor mask(Pass pass, Rows rows) {
    @Nullable Tensor given = rows.mask();
    if (given != null) {
      return given;
    }
    Tensor ones = pass.tensor(rows.x().dim(0), rows.x().dim(1));
    float[] values = new float[Math.toIntExact(ones.length())];
    Arrays.fill(values, 1);
    ones.write(values);
    return ones;
  }

  /**
   * The input.
   *
   * @return FLOAT32 (B, {@link VaeSpec#encoderInputs}), or (B, pixels, channels)
   */
  public Tensor input() {
    return input;
  }

  /**
   * The ops that fill the input.
   *
   * @return a list, empty if the input is the tensor of the rows
   */
  public List<Op> forward() {
    return List.copyOf(forward);
  }
}
