// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.net;

import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.model.Net;
import io.github.vae4j.model.ResidualLayer;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link ResidualLayer}: the parameters of its layers are NAME.0.weight, ..., those of the shortcut
 * NAME.shortcut.weight and NAME.shortcut.bias.
 */
final class ResidualStage implements Stage {
  private final Pass pass;
  private final Stage body;
  private final Stage shortcut;
  private final Tensor output;

  ResidualStage(Pass pass, Net.Placed placed, ResidualLayer layer, Tensor input) {
    this.pass = pass;
    body = new NetStage(pass, layer.body(placed.name(), placed.input()), input);
    shortcut = new NetStage(pass, layer.shortcut(placed.name(), placed.input()), input);
    output = pass.tensor(body.output().shape());
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public List<Op> forward() {
    List<Op> forward = new ArrayList<>(body.forward());
    forward.addAll(shortcut.forward());
    forward.add(new Copy(body.output(), output));
    forward.add(new Add(shortcut.output(), output));
    return forward;
  }

  @Override
  public List<Op> backward(Parameters gradients, Tensor dOutput, @Nullable Tensor dInput) {
    // The body overwrites its gradient.
    Tensor dShortcut = pass.tensor(dOutput.shape());
    List<Op> backward = new ArrayList<>(List.of(new Copy(dOutput, dShortcut)));
    backward.addAll(body.backward(gradients, dOutput, dInput));
    if (shortcut.forward().isEmpty()) {
      if (dInput != null) {
        backward.add(new Add(dShortcut, dInput));
      }
    } else {
      @Nullable Tensor dx = dInput == null ? null : pass.tensor(dInput.shape());
      backward.addAll(shortcut.backward(gradients, dShortcut, dx));
      if (dx != null && dInput != null) {
        backward.add(new Add(dx, dInput));
      }
    }
    return backward;
  }

  @Override
  public List<Op> update(Tensor status) {
    List<Op> update = new ArrayList<>(body.update(status));
    update.addAll(shortcut.update(status));
    return update;
  }
}
