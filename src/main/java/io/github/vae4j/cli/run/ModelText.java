// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Estimator;
import io.github.vae4j.data.DataNames;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.Latents;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.Shape;
import io.github.vae4j.model.TopLevel;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.Objective;
import io.github.vae4j.train.TrainConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Short descriptions of models and trainings. */
public final class ModelText {
  /** The names of columns or classes that a line has. */
  private static final int NAMES = 30;

  /** The characters of a net's sizes on one line. */
  private static final int LONGEST = 100;

  private ModelText() {}

  /**
   * The sizes of a model's layers, for example {@code 784-400-20-400-784 relu}, or {@code
   * 784-400+batch-norm-20-400+batch-norm-784 relu}; of a net of many layers their number, {@code 28
   * x 28 x 1 - 3 layers - 20 - 5 layers - 28 x 28 x 1}.
   *
   * @param model the model
   * @return the text
   */
  public static String sizes(VaeSpec model) {
    List<String> sizes = new ArrayList<>();
    List<String> activations = new ArrayList<>();
    sizes.add(Integer.toString(model.features()));
    addLayers(model.encoder(), sizes, activations);
    sizes.add(Integer.toString(model.latent()));
    addLayers(model.decoder(), sizes, activations);
    sizes.add(Integer.toString(model.features()));
    String net = (String.join("-", sizes) + " " + String.join("/", activations)).strip();
    return (net.length() > LONGEST ? numbers(model) : net) + latents(model.latents());
  }

  private static String numbers(VaeSpec model) {
    String rows =
        model.image() == null
            ? Integer.toString(model.features())
            : Shape.of(model.image()).toString();
    return String.join(
        " - ",
        rows,
        Numbers.plural(model.encoder().size(), "layer"),
        model.codeShape().toString(),
        Numbers.plural(model.decoder().size(), "layer"),
        rows);
  }

  /** For example {@code , posterior planar:8, prior mog:10}; empty for the default families. */
  private static String latents(Latents latents) {
    StringBuilder text = new StringBuilder();
    if (!latents.posterior().equals(Posterior.DIAGONAL)) {
      text.append(", posterior ").append(latents.posterior());
    }
    if (!latents.prior().equals(Prior.STANDARD)) {
      text.append(", prior ").append(latents.prior());
    }
    TopLevel top = latents.top();
    if (top != null) {
      List<String> sizes = new ArrayList<>();
      addLayers(top.encoder(), sizes, new ArrayList<>());
      sizes.add(Integer.toString(top.latent()));
      text.append(", top ").append(String.join("-", sizes));
    }
    return text.toString();
  }

  /**
   * The condition of a model, for example {@code conditional on 10 labels}.
   *
   * @param model the model
   * @return the text; empty if the model has none
   */
  public static String condition(VaeSpec model) {
    Condition condition = model.condition();
    return condition == null
        ? ""
        : "conditional on "
            + condition.match(
                labels -> Numbers.plural(labels.classes(), "label"),
                covariates -> Numbers.plural(covariates.columns(), "covariate"));
  }

  /**
   * A model, for example {@code 784-400-20-400-784 relu, bernoulli}.
   *
   * @param model the model
   * @return the text
   */
  public static String describe(VaeSpec model) {
    String text = sizes(model) + ", " + model.likelihood();
    text += model.maskInput() ? ", mask as input" : "";
    return model.condition() == null ? text : text + ", " + condition(model);
  }

  private static void addLayers(List<Layer> layers, List<String> sizes, List<String> activations) {
    for (Layer layer : layers) {
      Activation activation = layer.activation();
      if (activation == null && !sizes.isEmpty()) {
        int last = sizes.size() - 1;
        sizes.set(last, sizes.get(last) + "+" + layer.name());
      } else {
        sizes.add(layer.name());
      }
      if (activation != null && !activations.contains(activation.id())) {
        activations.add(activation.id());
      }
    }
  }

  /**
   * A training, for example {@code 10 epochs, batch 128, adam 0.001}.
   *
   * @param config the training
   * @return the text
   */
  public static String training(TrainConfig config) {
    TrainConfig.Optimizer optimizer = config.optimizer();
    List<String> parts = new ArrayList<>();
    parts.add(Numbers.plural(config.epochs(), "epoch"));
    parts.add("batch " + config.batch());
    parts.add((optimizer.decoupled() ? "adamw " : "adam ") + optimizer.learningRate());
    if (config.schedule().shape() != TrainConfig.LearningRate.Shape.CONSTANT) {
      parts.add(config.schedule().shape().name().toLowerCase(Locale.ROOT) + " schedule");
    }
    Objective objective = config.objective();
    Objective.Bound bound = objective.bound();
    if (bound.kind() != Objective.Kind.ELBO) {
      String name = bound.kind().name().toLowerCase(Locale.ROOT);
      parts.add(bound.kind() == Objective.Kind.RENYI ? name + " " + bound.alpha() : name);
    }
    if (bound.rowSamples() > 1) {
      parts.add(
          (bound.groups() > 1 ? bound.groups() + " x " : "")
              + Numbers.plural(bound.samples(), "sample"));
    }
    if (bound.gradient() != Estimator.ANALYTIC) {
      parts.add(bound.gradient().id() + " gradient");
    }
    if (objective.beta() != 1) {
      parts.add("beta " + objective.beta());
    }
    if (config.binarize() != TrainConfig.Binarize.NONE) {
      parts.add("binarize " + config.binarize().name().toLowerCase(Locale.ROOT));
    }
    TrainConfig.Augment augment = config.augment();
    if (augment != null) {
      parts.add(augment.toString());
    }
    return String.join(", ", parts);
  }

  /**
   * The names of a model's columns and classes.
   *
   * @param names of the model
   * @return lines; empty if nothing has names
   */
  public static List<String> names(DataNames names) {
    List<String> lines = new ArrayList<>();
    if (names.columns() != null) {
      lines.add("columns " + String.join(", ", some(names.columns())));
    }
    if (names.covariates() != null) {
      lines.add("given   " + String.join(", ", some(names.covariates())));
    }
    List<String> classes = names.classes();
    if (classes != null) {
      List<String> numbered =
          IntStream.range(0, classes.size())
              .mapToObj(label -> label + " = " + classes.get(label))
              .toList();
      lines.add("labels  " + String.join(", ", some(numbered)));
    }
    return lines;
  }

  private static List<String> some(List<String> names) {
    if (names.size() <= NAMES) {
      return names;
    }
    List<String> first = new ArrayList<>(names.subList(0, NAMES));
    first.add("... (" + names.size() + " in all)");
    return first;
  }
}
