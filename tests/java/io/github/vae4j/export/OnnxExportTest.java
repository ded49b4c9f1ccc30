// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Activation;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.likelihood.Composite;
import io.github.vae4j.likelihood.FeatureLikelihood;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Latents;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.Layers;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The graphs of models of every kind give the model's numbers in ONNX Runtime. */
final class OnnxExportTest {
  @TempDir private Path folder = Path.of("");

  private void check(VaeSpec spec, Matrix rows) throws Exception {
    try (ExportedModel model = new ExportedModel(spec, folder, false)) {
      for (int count : new int[] {1, 7}) {
        Matrix some = Matrix.zeros(count, spec.features());
        System.arraycopy(rows.values(), 0, some.values(), 0, some.values().length);
        try (DataSet data = DataSets.of(some)) {
          OnnxRun run = new OnnxRun().put("x", model.input(some), model.dims(count));
          model.check(run, data, null);
        }
      }
    }
  }

  static List<Likelihood> likelihoods() {
    List<Likelihood> all = new ArrayList<>(Likelihoods.all());
    Stream.of(
            "gaussian:sigma=0.2",
            "laplace:scale=3",
            "student-t:nu=1000000",
            "categorical:levels=5",
            "discretized-logistic:levels=7",
            "discretized-logistic-mixture:components=2,levels=16",
            "multinomial:total=40",
            "composite:0-2=gaussian-shared;3=poisson;4-5=laplace-learned;6-=multinomial:total=9")
        .map(Likelihoods::parse)
        .forEach(all::add);
    return all;
  }

  @ParameterizedTest
  @MethodSource("likelihoods")
  void everyObservationModelIsExported(Likelihood likelihood) throws Exception {
    VaeSpec spec = VaeSpec.builder(9).hidden(8).latent(3).likelihood(likelihood).build();
    check(spec, ExportedModel.rows(likelihood, 7, 9));
  }

  private static VaeSpec flat(List<Layer> layers, Latents latents) {
    return spec(9, null, layers, 2, Layers.mirrored(layers), latents);
  }

  private static VaeSpec spec(
      int features,
      @Nullable ImageShape image,
      List<Layer> encoder,
      int latent,
      List<Layer> decoder,
      Latents latents) {
    VaeSpec plain = VaeSpec.builder(features).image(image).latent(latent).build();
    return new VaeSpec(
        features,
        encoder,
        latent,
        decoder,
        Likelihoods.parse("gaussian-learned"),
        plain.initializer(),
        image,
        null,
        latents,
        false,
        plain.names(),
        null);
  }

  private static Matrix normal(int columns) {
    Random random = new Random(11);
    Matrix rows = Matrix.zeros(7, columns);
    for (int i = 0; i < rows.values().length; i++) {
      rows.values()[i] = (float) random.nextGaussian();
    }
    return rows;
  }

  static List<String> flatLayers() {
    List<String> all = new ArrayList<>(List.of("5,norm", "6,layer-norm,4", "6,group-norm:2"));
    all.add("dropout:0.25,5,batch-norm,dropout:0.1,7,layer-norm");
    for (Activation activation : Activation.values()) {
      all.add("8," + activation.id());
    }
    all.add("layer-norm,silu,batch-norm,tanh,4,gelu,elu");
    return all;
  }

  @ParameterizedTest
  @MethodSource("flatLayers")
  void everyLayerOfFlatRowsIsExported(String layers) throws Exception {
    check(flat(Layers.parse(layers, Activation.RELU), Latents.STANDARD), normal(9));
  }

  static List<String> imageLayers() {
    return List.of(
        "conv:4x3,silu",
        "conv:6x3x1s2p1x0,relu",
        "conv:4x3p2d2g2,tanh,conv:3x1",
        "norm,conv:4x2s2p0,norm,leakyRelu",
        "group-norm:1,conv:4x3,group-norm:2,gelu",
        "attention",
        "conv:6x3s2,attention:3,silu",
        "deconv:3x4s2",
        "deconv:4x3x2s2x3p1x0o1x2,elu",
        "conv:4x1,deconv:6x3s2p1o1g2,relu",
        "max-pool:2",
        "max-pool:3x2s2p1",
        "avg-pool:2,silu",
        "avg-pool:3s2p1",
        "conv:5x3,global-pool",
        "upsample:2",
        "upsample:1x3",
        "bilinear:2",
        "bilinear:3x2",
        "pixel-unshuffle:2",
        "pixel-unshuffle:3x2",
        "conv:12x3,pixel-shuffle:2",
        "conv:12x3,pixel-shuffle:3x2",
        "flatten",
        "conv:4x3,dropout:0.5,24,reshape:2x3x4,conv:3x3",
        "res(conv:2x3,silu)",
        "res(conv:5x3s2,tanh,res(group-norm:5,attention:1,gelu))",
        "res(upsample:2,conv:3x3)",
        "res(norm,silu,conv:2x3),softplus");
  }

  /** The last layer may be of flat rows; the decoder has other layers of images. */
  @ParameterizedTest
  @MethodSource("imageLayers")
  void everyLayerOfImagesIsExported(String layers) throws Exception {
    ImageShape image = new ImageShape(4, 6, 2);
    List<Layer> encoder = Layers.parse(layers, Activation.RELU);
    List<Layer> decoder =
        Layers.parse("12,tanh,reshape:2x3x2,deconv:4x4s2,silu,conv:outx3", Activation.RELU);
    check(spec(48, image, encoder, 3, decoder, Latents.STANDARD), normal(48));
  }

  /** A new layer fails here until it is among the examples. */
  @Test
  void thereIsAnExampleOfEachLayer() {
    Set<Class<?>> seen = new HashSet<>();
    Stream.concat(flatLayers().stream(), imageLayers().stream())
        .flatMap(text -> Layers.parse(text, Activation.RELU).stream())
        .forEach(layer -> seen.add(layer.getClass()));
    assertEquals(Set.of(Layer.class.getPermittedSubclasses()), seen);
  }

  /** An observation model of a user. */
  private record Mine(int kind) implements FeatureLikelihood {
    @Override
    public String name() {
      return "mine";
    }

    @Override
    public int parametersPerFeature() {
      return 1;
    }

    @Override
    public boolean isDensity() {
      return true;
    }

    @Override
    public String support() {
      return "finite values";
    }

    @Override
    public boolean supports(double x) {
      return true;
    }

    @Override
    public double featureNll(double[] parameters, double x, double[] gradient) {
      return kind;
    }

    @Override
    public double featureMean(double[] parameters) {
      return kind;
    }

    @Override
    public double featureSample(double[] parameters, RandomGenerator random) {
      return kind;
    }
  }

  @Test
  void anObservationModelWithoutAGraphIsRefusedByName() {
    Composite likelihood =
        new Composite(
            List.of(
                new Composite.Part(0, 3, Likelihoods.parse("poisson")),
                new Composite.Part(4, 8, new Mine(1))));
    VaeException refused =
        assertThrows(VaeException.class, () -> LikelihoodGraphs.check(likelihood, 9));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains("likelihood: mine has no graph in ONNX"), message);
  }
}
