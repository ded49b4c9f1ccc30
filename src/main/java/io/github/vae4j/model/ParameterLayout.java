package io.github.vae4j.model;

import io.github.vae4j.tensor.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where each parameter lies in the flat arena of all parameters (and in those of gradients and
 * moments). Weights are (inputs, outputs) in memory. Names are those of a checkpoint: {@code
 * encoder.0.weight}, {@code encoder.0.bias}, ..., {@code posterior.weight} (means, then log
 * variances), {@code decoder.0.weight}, ..., {@code observation.weight}. The likelihood's shared
 * parameters, where it has some, come last.
 */
public final class ParameterLayout {
  private static final int ALIGN = 16;

  private final List<DenseParameters> layers;
  private final int encoderLayers;
  private final int shared;
  private final int sharedOffset;
  private final int length;

  /**
   * One dense layer's place.
   *
   * @param name the layer's name
   * @param inputs I
   * @param outputs O
   * @param weightOffset of the (inputs, outputs) weight, in elements
   * @param biasOffset of the (outputs) bias, in elements
   */
  public record DenseParameters(
      String name, int inputs, int outputs, int weightOffset, int biasOffset) {
    /**
     * The number of the layer's parameters.
     *
     * @return weights and biases
     */
    public long parameters() {
      return (long) inputs * outputs + outputs;
    }
  }

  /**
   * The layout of a model.
   *
   * @param spec the model
   */
  public ParameterLayout(VaeSpec spec) {
    List<DenseParameters> all = new ArrayList<>();
    int inputs = Math.addExact(spec.features(), spec.conditions());
    int at = append(all, 0, "encoder", spec.encoder(), inputs, "posterior", 2 * spec.latent());
    encoderLayers = all.size();
    int outputs = spec.likelihood().parameters(spec.features());
    int codes = Math.addExact(spec.latent(), spec.conditions());
    at = append(all, at, "decoder", spec.decoder(), codes, "observation", outputs);
    layers = List.copyOf(all);
    shared = spec.likelihood().shared(spec.features());
    sharedOffset = at;
    length = align(Math.addExact(at, shared));
  }

  private static int append(
      List<DenseParameters> all,
      int at,
      String prefix,
      List<Layer> hidden,
      int inputs,
      String head,
      int headOutputs) {
    int index = 0;
    for (Layer layer : hidden) {
      Layer.Dense dense = (Layer.Dense) layer;
      at = add(all, at, prefix + "." + index++, inputs, dense.units());
      inputs = dense.units();
    }
    return add(all, at, head, inputs, headOutputs);
  }

  private static int add(List<DenseParameters> all, int at, String name, int inputs, int outputs) {
    int bias = align(Math.addExact(at, Math.multiplyExact(inputs, outputs)));
    all.add(new DenseParameters(name, inputs, outputs, at, bias));
    return align(Math.addExact(bias, outputs));
  }

  private static int align(int offset) {
    return Math.addExact(offset, ALIGN - 1) / ALIGN * ALIGN;
  }

  /**
   * All layers, the encoder's first.
   *
   * @return the layers, each side ending in its head
   */
  public List<DenseParameters> layers() {
    return layers;
  }

  /**
   * The encoder's layers.
   *
   * @return hidden layers and the posterior's head
   */
  public List<DenseParameters> encoder() {
    return layers.subList(0, encoderLayers);
  }

  /**
   * The decoder's layers.
   *
   * @return hidden layers and the observation's head
   */
  public List<DenseParameters> decoder() {
    return layers.subList(encoderLayers, layers.size());
  }

  /**
   * The number of the likelihood's shared parameters.
   *
   * @return 0 for most likelihoods
   */
  public int shared() {
    return shared;
  }

  /**
   * Where the shared parameters lie.
   *
   * @return the first one's index
   */
  public int sharedOffset() {
    return sharedOffset;
  }

  /**
   * The shared parameters in a flat arena.
   *
   * @param flat a buffer of {@link #length} elements
   * @return a view; null where there are none
   */
  public @Nullable Buffer shared(Buffer flat) {
    return shared == 0 ? null : flat.slice(sharedOffset, shared);
  }

  /**
   * The arena's length, with the padding that aligns each parameter to 64 bytes.
   *
   * @return elements
   */
  public int length() {
    return length;
  }

  /**
   * The number of parameters, without padding.
   *
   * @return parameters
   */
  public long parameters() {
    long sum = shared;
    for (DenseParameters layer : layers) {
      sum += layer.parameters();
    }
    return sum;
  }
}
