// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where each parameter lies in the flat arena of all parameters (and in those of gradients and
 * moments). Weights are (inputs, outputs) in memory. Names are those of a checkpoint: {@code
 * encoder.0.weight}, {@code encoder.0.bias}, ..., {@code posterior.weight} (means, then log
 * variances, then the rest), {@code decoder.0.weight}, ..., {@code observation.weight}; with a
 * second stochastic layer {@code top.encoder.0.weight}, ..., {@code top.posterior.weight}, {@code
 * top.decoder.0.weight}, ..., {@code top.prior.weight}. The likelihood's shared parameters, where
 * it has some, come after the layers; then what the prior has of its own.
 */
public final class ParameterLayout {
  /** Means, then log variances, of a mixture's components. */
  public static final String COMPONENTS = "prior.components";

  /** The logarithms of a mixture's weights, but for a constant. */
  public static final String LOGITS = "prior.logits";

  /** The inputs whose posteriors make up a VampPrior. */
  public static final String PSEUDO_INPUTS = "prior.pseudoInputs";

  private static final int ALIGN = 16;

  private final List<DenseParameters> layers;
  private final int encoderEnd;
  private final int decoderEnd;
  private final int topEncoderEnd;
  private final List<TensorParameters> tensors;
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

    /**
     * The weight in a flat arena.
     *
     * @param flat a tensor of {@link ParameterLayout#length} elements
     * @return (inputs, outputs), a view
     */
    public Tensor weight(Tensor flat) {
      return flat.part(weightOffset, inputs * outputs).as(inputs, outputs);
    }

    /**
     * The bias in a flat arena.
     *
     * @param flat a tensor of {@link ParameterLayout#length} elements
     * @return (outputs), a view
     */
    public Tensor bias(Tensor flat) {
      return flat.part(biasOffset, outputs);
    }
  }

  /**
   * The place of parameters that are no layer's.
   *
   * @param name the tensor's name
   * @param rows of the matrix
   * @param columns of the matrix; one column is a vector
   * @param offset of the (rows, columns) matrix, in elements
   */
  public record TensorParameters(String name, int rows, int columns, int offset) {
    /**
     * The number of parameters.
     *
     * @return elements
     */
    public int length() {
      return rows * columns;
    }

    /**
     * The tensor in a flat arena.
     *
     * @param flat a tensor of {@link ParameterLayout#length} elements
     * @return (rows, columns), a view
     */
    public Tensor in(Tensor flat) {
      return flat.part(offset, length()).as(rows, columns);
    }
  }

  /**
   * The layout of a model.
   *
   * @param spec the model
   */
  public ParameterLayout(VaeSpec spec) {
    List<DenseParameters> all = new ArrayList<>();
    int columns = spec.posteriorColumns();
    int inputs = Math.addExact(spec.features(), spec.conditions());
    int at = append(all, 0, "encoder", spec.encoder(), inputs, "posterior", columns);
    encoderEnd = all.size();
    int outputs = spec.likelihood().parameters(spec.features());
    int codes = Math.addExact(spec.latent(), spec.conditions());
    at = append(all, at, "decoder", spec.decoder(), codes, "observation", outputs);
    decoderEnd = all.size();
    TopLevel top = spec.latents().top();
    if (top != null) {
      int up = Math.multiplyExact(2, top.latent());
      at = append(all, at, "top.encoder", top.encoder(), spec.latent(), "top.posterior", up);
    }
    topEncoderEnd = all.size();
    if (top != null) {
      int down = Math.multiplyExact(2, spec.latent());
      at = append(all, at, "top.decoder", top.decoder(), top.latent(), "top.prior", down);
    }
    layers = List.copyOf(all);
    shared = spec.likelihood().shared(spec.features());
    sharedOffset = at;
    List<TensorParameters> own = new ArrayList<>();
    at = addPrior(own, align(Math.addExact(at, shared)), spec);
    tensors = List.copyOf(own);
    length = at;
  }

  private static int addPrior(List<TensorParameters> own, int at, VaeSpec spec) {
    Prior prior = spec.latents().prior();
    if (prior instanceof Prior.GaussianMixture mixture) {
      int columns = Math.multiplyExact(2, spec.latent());
      at = addTensor(own, at, COMPONENTS, mixture.components(), columns);
      at = addTensor(own, at, LOGITS, mixture.components(), 1);
    } else if (prior instanceof Prior.Vamp vamp) {
      at = addTensor(own, at, PSEUDO_INPUTS, vamp.components(), spec.features());
    }
    return at;
  }

  private static int addTensor(
      List<TensorParameters> own, int at, String name, int rows, int columns) {
    own.add(new TensorParameters(name, rows, columns, at));
    return align(Math.addExact(at, Math.multiplyExact(rows, columns)));
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
   * All layers, the encoder's first, each net's ending in its head.
   *
   * @return the layers
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
    return layers.subList(0, encoderEnd);
  }

  /**
   * The decoder's layers.
   *
   * @return hidden layers and the observation's head
   */
  public List<DenseParameters> decoder() {
    return layers.subList(encoderEnd, decoderEnd);
  }

  /**
   * The layers from z to the second stochastic layer.
   *
   * @return hidden layers and the head; empty where there is no such layer
   */
  public List<DenseParameters> topEncoder() {
    return layers.subList(decoderEnd, topEncoderEnd);
  }

  /**
   * The layers from the second stochastic layer to z's prior.
   *
   * @return hidden layers and the head; empty where there is no such layer
   */
  public List<DenseParameters> topDecoder() {
    return layers.subList(topEncoderEnd, layers.size());
  }

  /**
   * What the prior has of its own.
   *
   * @return its tensors
   */
  public List<TensorParameters> tensors() {
    return tensors;
  }

  /**
   * A tensor of the prior.
   *
   * @param name one of the constants
   * @return its place
   * @throws IllegalArgumentException if the model has no such tensor
   */
  public TensorParameters tensor(String name) {
    return tensors.stream()
        .filter(tensor -> tensor.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the model has no " + name));
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
   * @param flat a tensor of {@link #length} elements
   * @return a view; null where there are none
   */
  public @Nullable Tensor shared(Tensor flat) {
    return shared == 0 ? null : flat.part(sharedOffset, shared);
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
    for (TensorParameters tensor : tensors) {
      sum += tensor.length();
    }
    return sum;
  }
}
