// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Estimator;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.data.PictureOptions;
import io.github.vae4j.model.Layers;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.Objective;
import io.github.vae4j.train.TrainConfig;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RecordDifferenceTest {
  private static VaeSpec model(String layers) {
    return VaeSpec.builder(64)
        .image(new ImageShape(8, 8, 1))
        .layers(Layers.parse(layers, Activation.RELU))
        .latent(3)
        .build();
  }

  private static <R extends Record> List<String> of(R has, R other, String... ignored) {
    return RecordDifference.of(has, other, "given", Set.of(ignored));
  }

  @Test
  void equalRecordsHaveNone() {
    assertEquals(List.of(), of(model("8,5"), model("8,5")));
    assertEquals(List.of(), of(model("8"), model("9"), "encoder", "decoder"));
  }

  @Test
  void layersAreNamedAsInAList() {
    assertEquals(
        List.of(
            "encoder.1 is conv:4x3s1p1,relu, given conv:4x5s1p2,relu",
            "decoder.2 is deconv:2x3s1p1o0,relu, given deconv:2x5s1p2o0,relu"),
        of(model("conv:2x3,conv:4x3"), model("conv:2x3,conv:4x5")));
    assertEquals(
        List.of("the length of encoder is 1, given 2", "the length of decoder is 1, given 2"),
        of(model("8"), model("8,8")));
    assertEquals(
        List.of(
            "encoder.0 is 1,relu, given 9,relu",
            "encoder.1 is 2,relu, given 9,relu",
            "encoder.2 is 3,relu, given 9,relu",
            "encoder: 2 more elements differ"),
        of(model("1,2,3,4,5"), model("9,9,9,9,9"), "decoder"));
  }

  @Test
  void componentsOfARecordThatIsNotThereAreNamed() {
    RowReading pictures =
        RowReading.PLAIN.with(false, null, new PictureOptions(8, 9, null, null, null), null);
    DataSource plain = new DataSource("a/", null, 0, null, null, null);
    DataSource sized = new DataSource("a/", null, 0, pictures, null, null);
    assertEquals(
        List.of(
            "reading.pictures.width is none, given 8", "reading.pictures.height is none, given 9"),
        of(plain, sized));
    assertEquals(
        List.of(
            "reading.missing is false, given none",
            "reading.pictures.width is 8, given none",
            "reading.pictures.height is 9, given none"),
        of(sized, plain));
  }

  @Test
  void constantsAreWords() {
    TrainConfig has = TrainConfig.defaults();
    TrainConfig other =
        has.toBuilder()
            .binarize(TrainConfig.Binarize.DYNAMIC)
            .augment(new TrainConfig.Augment(true, 0))
            .build();
    assertEquals(
        List.of("binarize is none, given dynamic", "augment is none, given flip"), of(has, other));
    Objective plain = Objective.elbo();
    Objective.Bound bound = plain.bound().by(Estimator.DOUBLY_REPARAMETERIZED);
    assertEquals(List.of("bound.gradient is analytic, given dreg"), of(plain, Objective.of(bound)));
  }
}
