// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.net;

import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.ParameterLayout.Place;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a model, or their gradients, on a backend: each is a slice of an arena. Trained
 * parameters and state are in two arenas, because an average of the weights, or a gradient, has no
 * state.
 */
public final class Parameters {
  private final ParameterLayout layout;
  private final Buffer trained;
  private final @Nullable Buffer state;

  private Parameters(ParameterLayout layout, Buffer trained, @Nullable Buffer state) {
    this.layout = layout;
    this.trained = trained;
    this.state = state;
  }

  /**
   * The parameters of a model.
   *
   * @param layout of the arena
   * @param all FLOAT32 of {@link ParameterLayout#length} elements; the caller closes it
   * @return the parameters
   */
  public static Parameters of(ParameterLayout layout, Buffer all) {
    int count = layout.length() - layout.trained();
    return new Parameters(
        layout,
        all.slice(0, layout.trained()),
        count == 0 ? null : all.slice(layout.trained(), count));
  }

  /**
   * Parameters with other trained parameters and the same state.
   *
   * @param others FLOAT32 of {@link ParameterLayout#trained} elements; the caller closes it
   * @return the parameters
   */
  public Parameters with(Buffer others) {
    return new Parameters(layout, others, state);
  }

  /**
   * The gradients of trained parameters.
   *
   * @param gradients FLOAT32 of {@link ParameterLayout#trained} elements; the caller closes it
   * @return tensors of trained parameters alone
   */
  public Parameters gradients(Buffer gradients) {
    return new Parameters(layout, gradients, null);
  }

  /**
   * The layout of both arenas.
   *
   * @return the layout
   */
  public ParameterLayout layout() {
    return layout;
  }

  /**
   * The trained parameters.
   *
   * @return FLOAT32 ({@link ParameterLayout#trained})
   */
  public Tensor trained() {
    return new Tensor(trained, layout.trained());
  }

  /**
   * The tensor of a parameter.
   *
   * @param name in a checkpoint
   * @return a slice of the arena, in the parameter's shape
   * @throws IllegalArgumentException if the model has no such parameter
   */
  public Tensor tensor(String name) {
    Place place = layout.place(name);
    boolean own = place.parameter().role().trained();
    Buffer arena = own ? trained : state;
    if (arena == null) {
      throw new IllegalArgumentException(name + " is state, which has no gradient");
    }
    int offset = own ? place.offset() : place.offset() - layout.trained();
    int[] dims = place.parameter().dims().stream().mapToInt(Integer::intValue).toArray();
    return new Tensor(arena.slice(offset, place.length()), dims);
  }

  /**
   * The parameters that all rows of an observation model share.
   *
   * @return FLOAT32 (S); null if it has none
   */
  public @Nullable Tensor shared() {
    return layout.has(ParameterLayout.SHARED) ? tensor(ParameterLayout.SHARED) : null;
  }
}
