// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.model.Parameter.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The place of each parameter in the flat arena of a model: first the trained parameters, whose
 * gradients and moments have the same places in arenas of their own, then state, which a step
 * updates without the optimizer. Names are those of a checkpoint: {@code encoder.0.weight}, {@code
 * encoder.0.bias}, ..., {@code posterior.weight} (means, then log variances, then further ones),
 * {@code decoder.0.weight}, ..., {@code observation.weight}; with a second stochastic layer {@code
 * top.encoder.0.weight}, ..., {@code top.posterior.weight}, {@code top.decoder.0.weight}, ...,
 * {@code top.prior.weight}. After the nets come the shared parameters of the likelihood, if it has
 * any, then the parameters of the prior.
 */
public final class ParameterLayout {
  /** Means, then log variances, of a mixture's components. */
  public static final String COMPONENTS = "prior.components";

  /** The logarithms of a mixture's weights, up to a common constant. */
  public static final String LOGITS = "prior.logits";

  /** The inputs whose posteriors are the components of a VampPrior. */
  public static final String PSEUDO_INPUTS = "prior.pseudoInputs";

  /** The parameters that all rows of an observation model share. */
  public static final String SHARED = "observation.shared";

  private static final int ALIGN = 16;

  private final Net encoder;
  private final Net decoder;
  private final @Nullable Net topEncoder;
  private final @Nullable Net topDecoder;
  private final Map<String, Place> places = new LinkedHashMap<>();
  private final int trained;
  private final int length;

  /**
   * The place of a parameter.
   *
   * @param name in a checkpoint
   * @param parameter its shape and role
   * @param offset of its first element in the arena
   */
  public record Place(String name, Parameter parameter, int offset) {
    /**
     * The number of elements.
     *
     * @return the product of the parameter's sizes
     */
    public int length() {
      return parameter.length();
    }
  }

  /**
   * The layout of a model.
   *
   * @param spec the model
   * @throws IllegalArgumentException if a layer does not accept the shape of its input
   * @throws ArithmeticException if the model has more parameters than an array can hold
   */
  public ParameterLayout(VaeSpec spec) {
    Nets nets = spec.nets();
    encoder = nets.encoder();
    decoder = nets.decoder();
    TopLevel top = spec.latents().top();
    topEncoder = top == null ? null : upwards(top, spec.latent());
    topDecoder = top == null ? null : downwards(top, spec.latent());
    int at = 0;
    for (Net net : nets()) {
      at = place(net, true, at);
    }
    trained = placeOthers(spec, at);
    at = trained;
    for (Net net : nets()) {
      at = place(net, false, at);
    }
    length = at;
  }

  private static Net upwards(TopLevel top, int latent) {
    int columns = Math.multiplyExact(2, top.latent());
    return Net.of("top.encoder", Shape.flat(latent), top.encoder(), "top.posterior", columns);
  }

  private static Net downwards(TopLevel top, int latent) {
    int columns = Math.multiplyExact(2, latent);
    return Net.of("top.decoder", Shape.flat(top.latent()), top.decoder(), "top.prior", columns);
  }

  private int place(Net net, boolean trainedOnes, int at) {
    for (Net.Placed placed : net.layers()) {
      for (Parameter parameter : placed.layer().parameters(placed.input())) {
        if (parameter.role().trained() == trainedOnes) {
          at = place(placed.name() + "." + parameter.name(), parameter, at);
        }
      }
    }
    return at;
  }

  private int placeOthers(VaeSpec spec, int at) {
    int shared = spec.likelihood().shared(spec.features());
    if (shared > 0) {
      at = place(SHARED, Parameter.vector("shared", shared, Role.OTHER), at);
    }
    for (Parameter parameter : spec.latents().prior().parameters(spec)) {
      at = place("prior." + parameter.name(), parameter, at);
    }
    return at;
  }

  private int place(String name, Parameter parameter, int at) {
    places.put(name, new Place(name, parameter, at));
    try {
      return Math.addExact(Math.addExact(at, parameter.length()), ALIGN - 1) / ALIGN * ALIGN;
    } catch (ArithmeticException e) {
      ArithmeticException named =
          new ArithmeticException(
              name
                  + ": with this tensor the model has more parameters than an array can hold (2^31)");
      named.initCause(e);
      throw named;
    }
  }

  /**
   * All nets, the encoder first.
   *
   * @return two, or four with a second stochastic layer
   */
  public List<Net> nets() {
    List<Net> nets = new ArrayList<>(List.of(encoder, decoder));
    if (topEncoder != null && topDecoder != null) {
      nets.add(topEncoder);
      nets.add(topDecoder);
    }
    return nets;
  }

  /**
   * The encoder, from x to the posterior's head.
   *
   * @return the net
   */
  public Net encoder() {
    return encoder;
  }

  /**
   * The decoder, from z to the observation's head.
   *
   * @return the net
   */
  public Net decoder() {
    return decoder;
  }

  /**
   * The net from z to the second stochastic layer.
   *
   * @return the net
   * @throws IllegalStateException if the model has no such layer
   */
  public Net topEncoder() {
    return top(topEncoder);
  }

  /**
   * The net from the second stochastic layer to z's prior.
   *
   * @return the net
   * @throws IllegalStateException if the model has no such layer
   */
  public Net topDecoder() {
    return top(topDecoder);
  }

  private static Net top(@Nullable Net net) {
    if (net == null) {
      throw new IllegalStateException("the model has no second stochastic layer");
    }
    return net;
  }

  /**
   * All parameters, in the order of their places.
   *
   * @return the trained parameters, then state
   */
  public List<Place> places() {
    return new ArrayList<>(places.values());
  }

  /**
   * A parameter's place.
   *
   * @param name in a checkpoint
   * @return the place
   * @throws IllegalArgumentException if the model has no such parameter
   */
  public Place place(String name) {
    Place place = places.get(name);
    if (place == null) {
      throw new IllegalArgumentException("the model has no " + name);
    }
    return place;
  }

  /**
   * Whether the model has a parameter.
   *
   * @param name in a checkpoint
   * @return whether it has a place
   */
  public boolean has(String name) {
    return places.containsKey(name);
  }

  /**
   * The length of the trained part, with the padding that aligns each parameter to 64 bytes.
   *
   * @return elements
   */
  public int trained() {
    return trained;
  }

  /**
   * The length of the whole arena, with padding: the trained part, then state.
   *
   * @return elements
   */
  public int length() {
    return length;
  }

  /**
   * Refuses an array of another length than the whole arena's.
   *
   * @param weights trained parameters, then state
   * @throws IllegalArgumentException if the length differs
   */
  public void requireWhole(float[] weights) {
    if (weights.length != length) {
      throw new IllegalArgumentException(
          "weights: expected " + length + " values, given " + weights.length);
    }
  }

  /**
   * The number of trained parameters, without padding.
   *
   * @return parameters
   */
  public long parameters() {
    return places.values().stream()
        .filter(place -> place.parameter().role().trained())
        .mapToLong(Place::length)
        .sum();
  }
}
