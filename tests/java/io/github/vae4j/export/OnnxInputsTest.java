// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.Latents;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.Layers;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.TopLevel;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions, masks, bytes, images and codes that are images, in graphs. */
final class OnnxInputsTest {
  private static final int[] LABELS = {2, 0, 1, 1, 2, 0, 0};

  @TempDir private Path folder = Path.of("");

  private static Matrix numbers(int columns, boolean missing) {
    Random random = new Random(17);
    Matrix rows = Matrix.zeros(7, columns);
    for (int i = 0; i < rows.values().length; i++) {
      rows.values()[i] = missing && i % 5 == 3 ? Float.NaN : (float) random.nextGaussian();
    }
    return rows;
  }

  private static VaeSpec images(
      String encoder, int latent, String decoder, @Nullable Condition condition, boolean mask) {
    return ImageModels.of("laplace-learned", encoder, latent, decoder, condition, mask);
  }

  private void check(VaeSpec spec, boolean missing) throws Exception {
    Matrix rows = numbers(spec.features(), missing);
    Matrix covariates = numbers(2, false);
    try (ExportedModel model = new ExportedModel(spec, folder, false);
        DataSet plain = missing ? DataSets.ofMissing(rows) : DataSets.of(rows, spec.image());
        DataSet given = DataSets.of(covariates)) {
      OnnxRun run = new OnnxRun().put("x", model.input(rows), model.dims(7));
      Condition condition = spec.condition();
      if (condition == null) {
        model.check(run, plain, null);
      } else if (spec.labelled()) {
        run.put("c", new long[] {2, 0, 1, 1, 2, 0, 0});
        try (DataSet labelled = DataViews.labelled(plain, LABELS)) {
          model.check(run, labelled, new Condition.Labels(3).rows(LABELS));
        }
      } else {
        run.put("c", covariates.values(), 7, 2);
        try (DataSet joined = DataViews.given(plain, given)) {
          model.check(run, joined, covariates);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void conditionsAreInputs(boolean mask) throws Exception {
    VaeSpec spec =
        VaeSpec.builder(6)
            .hidden(5)
            .latent(2)
            .maskInput(mask)
            .likelihood(Likelihoods.parse("student-t"))
            .build();
    check(spec.with(new Condition.Labels(3)), mask);
    check(spec.with(new Condition.Covariates(2)), mask);
    check(spec, mask);
  }

  @Test
  void aLabelThatIsNoClassGivesNan() throws Exception {
    VaeSpec spec =
        VaeSpec.builder(6)
            .hidden(5)
            .latent(2)
            .likelihood(Likelihoods.parse("categorical:levels=3"))
            .build()
            .with(new Condition.Labels(3));
    try (ExportedModel model = new ExportedModel(spec, folder, false)) {
      OnnxRun run =
          new OnnxRun()
              .put("x", new float[24], 4, 6)
              .put("c", new long[] {0, 3, -1, 2})
              .put("z", new float[8], 4, 2)
              .put("eps", new float[8], 4, 1, 2);
      model.refuses(run, List.of(1, 2), 4);
    }
  }

  @Test
  void aMissingValueGivesNanWhereTheModelHasNoMask() throws Exception {
    VaeSpec spec = VaeSpec.builder(6).hidden(5).latent(2).build();
    float[] x = new float[24];
    x[8] = Float.NaN;
    try (ExportedModel model = new ExportedModel(spec, folder, false)) {
      OnnxRun run =
          new OnnxRun()
              .put("x", x, 4, 6)
              .put("z", new float[] {0, 0, Float.NaN, 0, 0, 0, 0, 0}, 4, 2)
              .put("eps", new float[8], 4, 1, 2);
      model.refuses(run, List.of(1), 4);
    }
  }

  @Test
  void everyObservationModelTakesMissingValues() throws Exception {
    for (Likelihood likelihood : Likelihoods.all()) {
      VaeSpec spec =
          VaeSpec.builder(6).hidden(5).latent(2).maskInput(true).likelihood(likelihood).build();
      Matrix rows = ExportedModel.rows(likelihood, 7, 6);
      for (int i = 0; i < 14; i++) {
        rows.values()[i % 6 + (i < 6 ? 0 : 6 * (1 + i % 5))] = Float.NaN;
      }
      try (ExportedModel model = new ExportedModel(spec, folder, false);
          DataSet data = DataSets.ofMissing(rows)) {
        model.check(new OnnxRun().put("x", rows.values(), 7, 6), data, null);
      }
    }
  }

  @Test
  void conditionsAndMasksAreFurtherChannelsOfImages() throws Exception {
    String decoder = "12,tanh,reshape:2x3x2,deconv:4x4s2,silu,conv:outx3";
    for (boolean mask : List.of(false, true)) {
      check(images("conv:4x3,silu", 3, decoder, null, mask), false);
      check(images("conv:4x3,silu", 3, decoder, new Condition.Labels(3), mask), false);
      check(images("conv:4x3,silu", 3, decoder, new Condition.Covariates(2), mask), false);
    }
  }

  @Test
  void onlyOneOfTheNetsHasLayersOfImages() throws Exception {
    check(images("12", 3, "12,reshape:2x3x2,deconv:outx4s2", null, true), false);
    check(images("conv:3x3", 3, "12", new Condition.Labels(3), false), false);
    check(images("12", 3, "12", null, false), false);
  }

  @Test
  void codesMayBeImages() throws Exception {
    String encoder = "conv:4x4s2,group-norm:2,silu,conv:outx3";
    String decoder = "conv:4x3,silu,deconv:outx4s2";
    check(images(encoder, 18, decoder, null, true), false);
    check(images(encoder, 18, decoder, new Condition.Labels(3), false), false);
    for (Prior prior : List.of(new Prior.GaussianMixture(3), new Prior.Vamp(2))) {
      VaeSpec plain = images(encoder, 18, decoder, null, false);
      check(withLatents(plain, Latents.STANDARD.withPrior(prior)), false);
    }
    List<Layer> none = List.of();
    TopLevel top = new TopLevel(none, 2, none);
    VaeSpec plain = images(encoder, 18, decoder, null, false);
    check(withLatents(plain, Latents.STANDARD.withTop(top)), false);
  }

  private static VaeSpec withLatents(VaeSpec spec, Latents latents) {
    return new VaeSpec(
        spec.features(),
        spec.encoder(),
        spec.latent(),
        spec.decoder(),
        spec.likelihood(),
        spec.initializer(),
        spec.image(),
        spec.condition(),
        latents,
        spec.maskInput(),
        spec.names(),
        null);
  }

  private static final List<Posterior> POSTERIORS =
      List.of(Posterior.DIAGONAL, Posterior.FULL, new Posterior.Planar(3));

  private static final List<Prior> PRIORS =
      List.of(Prior.STANDARD, new Prior.GaussianMixture(3), new Prior.Vamp(4));

  private static Set<Class<?>> classes(List<?> members) {
    return members.stream().map(Object::getClass).collect(toSet());
  }

  @Test
  void thereIsAnExampleOfEachFamily() {
    assertEquals(Set.of(Posterior.class.getPermittedSubclasses()), classes(POSTERIORS));
    assertEquals(Set.of(Prior.class.getPermittedSubclasses()), classes(PRIORS));
  }

  @Test
  void everyPosteriorAndPriorIsExported() throws Exception {
    VaeSpec spec = VaeSpec.builder(6).hidden(5).latent(4).build();
    VaeSpec real = withGaussian(spec);
    for (Prior prior : PRIORS) {
      check(withLatents(real, Latents.STANDARD.withPrior(prior)), false);
    }
    for (Posterior posterior : POSTERIORS) {
      check(withLatents(real, Latents.STANDARD.withPosterior(posterior)), false);
      Latents mixed = Latents.STANDARD.withPosterior(posterior);
      check(withLatents(real, mixed.withPrior(new Prior.GaussianMixture(3))), false);
      List<Layer> hidden = Layers.parse("5", Activation.TANH);
      check(withLatents(real, mixed.withTop(new TopLevel(hidden, 3, hidden))), false);
    }
    VaeSpec one = withGaussian(VaeSpec.builder(6).hidden(5).latent(1).build());
    check(withLatents(one, Latents.STANDARD.withPosterior(Posterior.FULL)), false);
  }

  private static VaeSpec withGaussian(VaeSpec spec) {
    return VaeSpec.builder(spec.features())
        .hidden(5)
        .latent(spec.latent())
        .likelihood(Likelihoods.parse("gaussian"))
        .build();
  }

  @Test
  void bytesAreScaledInTheGraph() throws Exception {
    VaeSpec spec = VaeSpec.builder(6).hidden(5).latent(2).build();
    byte[] bytes = new byte[12];
    new Random(1).nextBytes(bytes);
    Matrix rows = Matrix.zeros(2, 6);
    for (int i = 0; i < bytes.length; i++) {
      rows.values()[i] = (bytes[i] & 0xFF) * (1 / 255f);
    }
    try (ExportedModel model = new ExportedModel(spec, folder, true);
        DataSet data = DataSets.of(rows)) {
      model.check(new OnnxRun().put("x", bytes, 2, 6), data, null);
    }
  }

  @Test
  void parametersOfAnImageAreImages() throws Exception {
    VaeSpec spec = images("conv:3x3", 2, "12,reshape:2x3x2,deconv:outx4s2", null, false);
    try (ExportedModel model = new ExportedModel(spec, folder, false)) {
      OnnxRun run = new OnnxRun().put("z", new float[] {1, 2, 3, 4}, 2, 2);
      Map<String, OnnxRun.Result> results = run.run(model.graph("decoder.onnx"));
      OnnxRun.Result parameters = ExportedModel.result(results, "parameters");
      assertArrayEquals(new long[] {2, 2, 2, 6, 4}, parameters.dims());
      float[] mean = ExportedModel.result(results, "mean").values();
      for (int i = 0; i < mean.length; i++) {
        // The mean is the first of the two parameters.
        assertEquals(mean[i], parameters.values()[i / 48 * 96 + i % 48]);
      }
    }
  }
}
