// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.embed;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.InitialWeights;
import io.github.vae4j.model.Initializer;
import io.github.vae4j.model.Layers;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Models and rows of tests: every observation model, posterior, prior and kind of layer. */
public final class EmbeddedModels {
  private static final int FEATURES = 6;

  private static final List<String> IMAGE_LAYERS =
      List.of(
          "conv:4x3,silu,group-norm:2,silu,res(conv:6x3s2,tanh,res(group-norm:3,attention:2,gelu)),"
              + "attention:3,bilinear:2,upsample:1x2,max-pool:2,pixel-unshuffle:2,pixel-shuffle:2,"
              + "avg-pool:1x2,flatten,reshape:6x2x2,global-pool",
          "conv:3x3,batch-norm,relu,dropout:0.5,flatten,7,layer-norm");

  private EmbeddedModels() {}

  /** One of each part, small. */
  public static List<VaeSpec> all() {
    List<VaeSpec> specs = new ArrayList<>();
    for (Likelihood likelihood : Likelihoods.all()) {
      specs.add(rows().likelihood(likelihood).build());
    }
    specs.add(
        rows()
            .likelihood(
                Likelihoods.parse(
                    "composite:0-2=gaussian-learned;3=poisson;4-=categorical:levels=2"))
            .build());
    for (String posterior : List.of("diagonal", "full", "planar:3")) {
      specs.add(rows().posterior(Posterior.parse(posterior)).build());
    }
    for (String prior : List.of("standard", "mog:3", "vamp:2")) {
      specs.add(rows().prior(Prior.parse(prior)).build());
    }
    specs.add(rows().top(3, 4).build());
    specs.add(rows().condition(new Condition.Labels(3)).build());
    specs.add(rows().condition(new Condition.Covariates(2)).top(2, 5).build());
    specs.add(rows().build().withMaskInput(true));
    specs.add(
        rows()
            .layers(Layers.parse("7,batch-norm,layer-norm,dropout:0.25", Activation.GELU))
            .build());
    for (String layers : IMAGE_LAYERS) {
      specs.add(images(layers, "16,reshape:4x2x2,deconv:outx4s2"));
    }
    return specs;
  }

  private static VaeSpec.Builder rows() {
    return VaeSpec.builder(FEATURES).hidden(7).latent(3).activation(Activation.TANH);
  }

  private static VaeSpec images(String encoder, String decoder) {
    VaeSpec plain = VaeSpec.builder(16).image(new ImageShape(4, 4, 1)).latent(2).build();
    return new VaeSpec(
        plain.features(),
        Layers.parse(encoder, Activation.RELU),
        plain.latent(),
        Layers.parse(decoder, Activation.ELU),
        plain.likelihood(),
        plain.initializer(),
        plain.image(),
        null,
        plain.latents(),
        false,
        plain.names(),
        null);
  }

  /** A model's name for messages. */
  static String name(VaeSpec spec) {
    return spec.likelihood()
        + " "
        + spec.latents()
        + " "
        + spec.encoder().stream().map(Object::toString).collect(Collectors.joining(","));
  }

  /** Weights that are larger than usual, so that families differ; variances are positive. */
  public static float[] weights(VaeSpec spec) {
    ParameterLayout layout = new ParameterLayout(spec);
    float[] weights = InitialWeights.draw(layout, Initializer.PYTORCH, 5);
    for (int i = 0; i < layout.trained(); i++) {
      weights[i] *= 1.5f;
    }
    return weights;
  }

  /** Rows of zeros and ones, which all observation models have; some are missing if asked for. */
  static Matrix values(VaeSpec spec, int rows, boolean missing) {
    Matrix x = Matrix.zeros(rows, spec.features());
    for (int i = 0; i < x.values().length; i++) {
      boolean one = Philox.uniform(3, Stream.OBSERVATION, 0, i, 0) < 0.5;
      x.values()[i] = missing && i % 5 == 2 ? Float.NaN : one ? 1 : 0;
    }
    return x;
  }

  /** The condition of each row, one-hot for labels; null for a model without one. */
  static @Nullable Matrix conditions(VaeSpec spec, int rows) {
    if (spec.conditions() == 0) {
      return null;
    }
    Matrix conditions = Matrix.zeros(rows, spec.conditions());
    for (int row = 0; row < rows; row++) {
      conditions.values()[row * spec.conditions() + row % spec.conditions()] = 1;
    }
    return conditions;
  }

  static DataSet data(VaeSpec spec, Matrix x, boolean missing) {
    DataSet rows = missing ? DataSets.ofMissing(x) : DataSets.of(x, spec.image());
    Matrix given = conditions(spec, x.rows());
    if (given == null) {
      return rows;
    }
    int[] labels = new int[x.rows()];
    for (int row = 0; row < labels.length; row++) {
      labels[row] = row % spec.conditions();
    }
    return spec.labelled()
        ? DataViews.labelled(rows, labels)
        : DataViews.given(rows, DataSets.of(given));
  }
}
