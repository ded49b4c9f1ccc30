// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.model.Parameter.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A layer of an encoder or decoder, as data: the shape of its output for a shape of its input, and
 * its parameters. {@link #parse} reads the names that {@link #name} gives.
 */
public sealed interface Layer
    permits ActivationLayer,
        AttentionLayer,
        ConvLayer,
        DropoutLayer,
        FlattenLayer,
        GroupNormLayer,
        Layer.BatchNorm,
        Layer.Dense,
        Layer.LayerNorm,
        PixelShuffleLayer,
        PoolLayer,
        ReshapeLayer,
        ResidualLayer,
        UpsampleLayer {
  /** The names that {@link #parse} reads beside a number of units, for help and messages. */
  String NAMES = "norm (or batch-norm), layer-norm, group-norm:GROUPS or dropout:RATE";

  /** The names of layers of images that {@link #parse} reads, for help and messages. */
  String IMAGE_NAMES =
      "conv:CHANNELSxKERNEL (conv:32x4s2p1 has a stride and a padding), deconv:CHANNELSxKERNEL,"
          + " max-pool:KERNEL, avg-pool:KERNEL, global-pool, upsample:FACTOR, bilinear:FACTOR,"
          + " pixel-shuffle:FACTOR, pixel-unshuffle:FACTOR, flatten,"
          + " reshape:CHANNELSxHEIGHTxWIDTH, attention:HEADS (attention has one head),"
          + " res(LAYERS), or an activation";

  /**
   * The shape of the layer's output.
   *
   * @param input the shape of its input
   * @return the shape
   * @throws IllegalArgumentException if the layer does not accept the shape
   */
  Shape output(Shape input);

  /**
   * The layer's parameters, in the order of the arena.
   *
   * @param input the shape of its input
   * @return a list, empty for a layer without parameters
   */
  List<Parameter> parameters(Shape input);

  /**
   * The name in a list of layers; an activation is not part of it.
   *
   * @return the text that {@link #parse} reads
   */
  String name();

  /**
   * The activation, which one option sets for all layers of a net.
   *
   * @return the function; null for a layer without an activation
   */
  default @Nullable Activation activation() {
    return null;
  }

  /**
   * A copy with another activation.
   *
   * @param function the activation
   * @return the copy; the layer itself if it has no activation
   */
  default Layer with(Activation function) {
    return this;
  }

  /**
   * The number of residual blocks that contain each other in the layer.
   *
   * @return 0 for most layers
   */
  default int depth() {
    return 0;
  }

  /**
   * The layers inside this one.
   *
   * @param name of this layer
   * @param input the shape of its input
   * @return the layers with their names and shapes; empty for most layers
   */
  default List<Net.Placed> inner(String name, Shape input) {
    return List.of();
  }

  /**
   * Whether the layer computes on images.
   *
   * @return false for layers of flat rows and for those of any shape
   */
  default boolean spatial() {
    return false;
  }

  /**
   * Whether the layer computes on flat rows: an image is flattened before it.
   *
   * @return false for layers of images and for those of any shape
   */
  default boolean flat() {
    return false;
  }

  /**
   * Whether the layer's output is a flat row, of an image too: no layer of images may follow.
   *
   * @return false for layers of images and for those of any shape
   */
  default boolean flattens() {
    return false;
  }

  /**
   * Whether the layer is the head of its net, which has as many channels as its output needs.
   *
   * @return false for most layers
   */
  default boolean isHead() {
    return false;
  }

  /**
   * The size of the image that a head gives.
   *
   * @param input the shape of its input
   * @return height and width, and any number of channels
   */
  default Shape headSize(Shape input) {
    return output(input);
  }

  /**
   * The layer as the head of a net.
   *
   * @param input the shape of its input
   * @param outputs the number of values of its output
   * @param parts the number of values for each value of a row
   * @return the layer
   * @throws IllegalArgumentException if an image of its size cannot have so many values
   */
  default Layer head(Shape input, int outputs, int parts) {
    return this;
  }

  /**
   * Whether the layer's output has another meaning than its input, so that a decoder has a layer
   * for it.
   *
   * @return false for normalisations, dropout and activations
   */
  default boolean reshapes() {
    return false;
  }

  /**
   * The layers that bring this layer's output back to the shape of its input, for the decoder of an
   * encoder.
   *
   * @param input the shape of the input
   * @return the layers; empty for a layer that does not {@link #reshapes reshape}
   * @throws IllegalArgumentException if there are none
   */
  default List<Layer> reversed(Shape input) {
    return List.of();
  }

  /**
   * The layer {@link #reversed} as the head of a decoder.
   *
   * @param input the shape of the encoder's input
   * @return the head; null if another head follows the layers
   */
  default @Nullable Layer reversedHead(Shape input) {
    return null;
  }

  /**
   * Whether the output for a row depends on the other rows of the batch.
   *
   * @return false for most layers
   */
  default boolean mixesRows() {
    return false;
  }

  /**
   * Reads a layer.
   *
   * @param text {@code 400} for a dense layer, {@code norm} or {@code batch-norm}, {@code
   *     layer-norm}, {@code dropout:RATE}, or a layer of images, as in docs/images.md
   * @param activation of a dense layer or a convolution
   * @return the layer
   * @throws IllegalArgumentException if the text is none of these
   */
  static Layer parse(String text, Activation activation) {
    return LayerText.layer(text, activation);
  }

  /**
   * A fully connected layer.
   *
   * @param units outputs
   * @param activation the function after the matrix product
   */
  record Dense(int units, Activation activation) implements Layer {
    /** Checks the size. {@inheritDoc} */
    public Dense {
      if (units < 1) {
        throw new IllegalArgumentException("dense layer: expected 1 unit or more, given " + units);
      }
    }

    @Override
    public Layer with(Activation function) {
      return new Dense(units, function);
    }

    @Override
    public boolean flat() {
      return true;
    }

    @Override
    public boolean flattens() {
      return true;
    }

    @Override
    public boolean reshapes() {
      return true;
    }

    @Override
    public List<Layer> reversed(Shape input) {
      Layer dense = new Dense(input.size(), activation);
      return input.isFlat() ? List.of(dense) : List.of(dense, new ReshapeLayer(input));
    }

    @Override
    public Shape output(Shape input) {
      return Shape.flat(units);
    }

    @Override
    public List<Parameter> parameters(Shape input) {
      return List.of(
          Parameter.matrix("weight", input.size(), units, Role.WEIGHT),
          Parameter.vector("bias", units, Role.BIAS));
    }

    @Override
    public String name() {
      return Integer.toString(units);
    }
  }

  /**
   * Batch normalisation (Ioffe and Szegedy 2015) of each channel: by the moments of the batch in
   * training, by their running averages in evaluation. A batch of one row does not change the
   * averages; the moments ignore the weights of rows.
   *
   * @param momentum the weight of a new batch in the running averages
   * @param epsilon added to the variance
   */
  record BatchNorm(float momentum, float epsilon) implements Layer {
    static final String NAME = "batch-norm";

    /** PyTorch's settings. */
    public BatchNorm() {
      this(0.1f, 1e-5f);
    }

    /** Checks ranges. {@inheritDoc} */
    public BatchNorm {
      if (!(momentum >= 0) || momentum > 1) {
        throw new IllegalArgumentException(
            "batch-norm: momentum: expected 0 to 1, given " + momentum);
      }
      LayerText.checkEpsilon(NAME, epsilon);
    }

    @Override
    public boolean mixesRows() {
      return true;
    }

    @Override
    public Shape output(Shape input) {
      return input;
    }

    @Override
    public List<Parameter> parameters(Shape input) {
      int channels = input.channels();
      return List.of(
          Parameter.vector("weight", channels, Role.SCALE),
          Parameter.vector("bias", channels, Role.SHIFT),
          Parameter.vector("running_mean", channels, Role.RUNNING_MEAN),
          Parameter.vector("running_var", channels, Role.RUNNING_VARIANCE));
    }

    @Override
    public String name() {
      return NAME;
    }
  }

  /**
   * Layer normalisation (Ba et al. 2016): each row by its own moments.
   *
   * @param epsilon added to the variance
   */
  record LayerNorm(float epsilon) implements Layer {
    static final String NAME = "layer-norm";

    /** PyTorch's setting. */
    public LayerNorm() {
      this(1e-5f);
    }

    /** Checks the range. {@inheritDoc} */
    public LayerNorm {
      LayerText.checkEpsilon(NAME, epsilon);
    }

    @Override
    public Shape output(Shape input) {
      if (!input.isFlat()) {
        throw new IllegalArgumentException(
            "layer-norm: expected flat rows, given images of "
                + input
                + "; group-norm:1 normalises images");
      } else if (input.size() < 2) {
        throw new IllegalArgumentException(
            "layer-norm: expected rows of 2 values or more, as rows of 1 value all become equal,"
                + " given "
                + input);
      }
      return input;
    }

    @Override
    public List<Parameter> parameters(Shape input) {
      return List.of(
          Parameter.vector("weight", input.size(), Role.SCALE),
          Parameter.vector("bias", input.size(), Role.SHIFT));
    }

    @Override
    public String name() {
      return NAME;
    }
  }
}
