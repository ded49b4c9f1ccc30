// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.model.Architecture;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.Layers;
import io.github.vae4j.model.VaeSpec;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of encoder and decoder. They change a base specification. */
final class NetOptions {
  @Option(
      names = "--arch",
      paramLabel = "NAME",
      completionCandidates = Architectures.class,
      description =
          "Net of encoder and decoder: ${COMPLETION-CANDIDATES}; all but mlp need images (default"
              + " mlp).")
  private @Nullable Architecture architecture;

  @Option(
      names = "--hidden",
      paramLabel = "LAYERS",
      description =
          "Hidden layers of the encoder, as in 400,200 or 400,norm,200,dropout:0.1, or none; before"
              + " or after a size: "
              + Layer.NAMES
              + "; the decoder mirrors them (default 400).")
  private @Nullable HiddenLayers hidden;

  @Option(
      names = "--encoder",
      paramLabel = "LAYERS",
      description =
          "The same for images, as in conv:32x4s2,relu,conv:64x4s2,relu,256,relu: "
              + Layer.IMAGE_NAMES
              + ".")
  private @Nullable HiddenLayers encoder;

  @Option(
      names = "--decoder",
      paramLabel = "LAYERS",
      description = "Hidden layers of the decoder (default: those of the encoder, mirrored).")
  private @Nullable HiddenLayers decoder;

  @Option(
      names = "--activation",
      paramLabel = "NAME",
      completionCandidates = Activations.class,
      description =
          "Of the hidden layers, unless their text names activations: ${COMPLETION-CANDIDATES}"
              + " (default relu).")
  private @Nullable Activation activation;

  /** The names for the help. */
  static final class Activations implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Activation.values()).map(Activation::id).iterator();
    }
  }

  /** The names for the help. */
  static final class Architectures implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Architecture.values()).map(Architecture::id).iterator();
    }
  }

  /** The activation of layers that have no other. */
  Activation activation(VaeSpec base) {
    return activation == null ? Layers.activation(base.encoder()) : activation;
  }

  /** Whether an option gives layers of images. */
  boolean needsImages() {
    return (architecture != null && architecture != Architecture.MLP)
        || Stream.of(hidden, encoder)
            .filter(Objects::nonNull)
            .anyMatch(given -> given.layers().stream().anyMatch(Layer::spatial));
  }

  /** The layers, and the usual number of latent dimensions, over those of a specification. */
  Architecture.Layout over(VaeSpec base) {
    Architecture.Layout layout = encoderOver(base);
    return decoder == null
        ? layout
        : new Architecture.Layout(
            layout.encoder(), layout.latent(), decoder.with(activation(base)));
  }

  private Architecture.Layout encoderOver(VaeSpec base) {
    Activation function = activation(base);
    HiddenLayers given = encoder == null ? hidden : encoder;
    if (encoder != null && hidden != null) {
      throw new IllegalArgumentException("--encoder: expected without --hidden, given with it");
    } else if (architecture != null) {
      return ofArchitecture(architecture, given, base, function);
    } else if (given == null) {
      return activation == null
          ? new Architecture.Layout(base.encoder(), base.latent(), base.decoder())
          : activated(base, activation);
    }
    List<Layer> layers = given.with(function);
    List<Layer> mirrored =
        decoder == null ? Layers.mirrored(layers, base.features(), base.image()) : decoder.layers();
    return new Architecture.Layout(layers, base.latent(), mirrored);
  }

  private Architecture.Layout ofArchitecture(
      Architecture named, @Nullable HiddenLayers layers, VaeSpec base, Activation function) {
    if (layers != null || decoder != null) {
      throw new IllegalArgumentException(
          "--arch: expected without --hidden, --encoder and --decoder, which name other layers, given"
              + " with one of them");
    } else if (activation != null && named.activated()) {
      throw new IllegalArgumentException(
          "--activation: expected without --arch " + named.id() + ", whose layers have their own");
    }
    return named.layout(base.features(), base.image(), function);
  }

  private static Architecture.Layout activated(VaeSpec base, Activation function) {
    if (Layers.mixed(base.encoder()) || Layers.mixed(base.decoder())) {
      throw new IllegalArgumentException(
          "--activation: expected layers of one activation, given layers that have their own; give"
              + " --encoder");
    }
    return new Architecture.Layout(
        Layers.with(base.encoder(), function),
        base.latent(),
        Layers.with(base.decoder(), function));
  }
}
