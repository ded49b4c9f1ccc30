// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Architecture;
import io.github.vae4j.model.Initializer;
import io.github.vae4j.model.Latents;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.Layers;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.TopLevel;
import io.github.vae4j.model.VaeSpec;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options of a new model. They change a base specification, whose other settings are kept. */
public final class ModelOptions {
  @Option(names = "--latent", paramLabel = "Z", description = "Latent dimensions (default 20).")
  private @Nullable Integer latent;

  @ArgGroup(validate = false)
  private NetOptions net = new NetOptions();

  @Option(
      names = "--likelihood",
      paramLabel = "NAME",
      completionCandidates = ObservationModels.class,
      description =
          "Observation model: ${COMPLETION-CANDIDATES} (default: bernoulli if all values lie in"
              + " [0, 1], else gaussian-learned).")
  private @Nullable Likelihood likelihood;

  @Option(
      names = "--initializer",
      paramLabel = "NAME",
      description = "Initial weights: pytorch, glorot or he (default pytorch).")
  private @Nullable Initializer initializer;

  @Option(
      names = "--posterior",
      paramLabel = "NAME",
      description = "Family of q(z|x): " + Posterior.NAMES + " (default diagonal).")
  private @Nullable Posterior posterior;

  @Option(
      names = "--prior",
      paramLabel = "NAME",
      description = "Family of p(z): " + Prior.NAMES + " (default standard).")
  private @Nullable Prior prior;

  @Option(
      names = "--top",
      paramLabel = "SIZES",
      description =
          "A second stochastic layer above z: hidden layers, then its dimensions, as in 100,50;"
              + " or none (default none).")
  private @Nullable LayerSizes top;

  @Option(
      names = "--no-mask-input",
      description =
          "Do not give the encoder the mask of missing values (default: it gets it if the training"
              + " data may have missing values).")
  private boolean noMaskInput;

  /**
   * A new model for data that may have missing values: the encoder gets their mask, unless the
   * command line or the prior excludes it.
   *
   * @param spec the model
   * @return the model, with the mask as further inputs of the encoder
   */
  public VaeSpec forMissing(VaeSpec spec) {
    return noMaskInput || spec.latents().prior().posteriors() > 0 ? spec : spec.withMaskInput(true);
  }

  /** The registry's names for the help, with their settings. */
  static final class ObservationModels implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Likelihoods.entries().stream().map(ObservationModels::form).iterator();
    }

    private static String form(Likelihoods.Entry entry) {
      StringBuilder text = new StringBuilder(entry.name());
      for (Likelihoods.Setting setting : entry.settings()) {
        text.append(text.indexOf(":") < 0 ? "[:" : ",").append(setting.name()).append("=X");
      }
      return entry.settings().isEmpty() ? text.toString() : text.append(']').toString();
    }
  }

  /**
   * Whether the observation model is given, so that a table is a matrix of numbers.
   *
   * @return false if the data decide
   */
  public boolean hasLikelihood() {
    return likelihood != null;
  }

  /**
   * Whether the options give layers of images.
   *
   * @return false for layers of rows of numbers, and if no layers are given
   */
  public boolean needsImages() {
    return net.needsImages();
  }

  /**
   * The observation model that a new model will have.
   *
   * @param base the specification that is changed; null if the data decide
   * @return null if the data decide
   */
  public @Nullable Likelihood likelihood(@Nullable VaeSpec base) {
    return likelihood == null && base != null ? base.likelihood() : likelihood;
  }

  /**
   * A specification with the changes of the command line.
   *
   * @param base the specification
   * @return the changed specification
   */
  public VaeSpec over(VaeSpec base) {
    Architecture.Layout layers = net.over(base);
    return new VaeSpec(
        base.features(),
        layers.encoder(),
        latent == null ? layers.latent() : latent,
        layers.decoder(),
        likelihood == null ? base.likelihood() : likelihood,
        initializer == null ? base.initializer() : initializer,
        base.image(),
        base.condition(),
        latents(base.latents(), net.activation(base)),
        !noMaskInput && base.maskInput(),
        base.names(),
        base.schema());
  }

  private Latents latents(Latents base, Activation function) {
    return new Latents(
        posterior == null ? base.posterior() : posterior,
        prior == null ? base.prior() : prior,
        top == null ? base.top() : top(top.units(), function));
  }

  private static @Nullable TopLevel top(List<Integer> sizes, Activation function) {
    if (sizes.isEmpty()) {
      return null;
    }
    int last = sizes.size() - 1;
    List<Layer> encoder = Layers.dense(sizes.subList(0, last), function);
    return new TopLevel(encoder, sizes.get(last), Layers.mirrored(encoder));
  }
}
