// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.Thrown;
import io.github.vae4j.Vae;
import io.github.vae4j.VaeException;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.metrics.FrechetDistances;
import io.github.vae4j.metrics.ImageFeatures;
import io.github.vae4j.metrics.Laplacian;
import io.github.vae4j.metrics.Sharpness;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sharpness and Frechet distances of images for which they are known. */
class ImageQualityTest {
  private static final ImageShape FIVE = new ImageShape(5, 5, 1);

  /** The pixels themselves. */
  private static final class Pixels implements ImageFeatures {
    @Override
    public Matrix features(Matrix images, ImageShape shape) {
      return images;
    }

    @Override
    public void close() {}
  }

  private static Matrix dot() {
    Matrix image = Matrix.zeros(1, 25);
    image.values()[12] = 1;
    return image;
  }

  @Test
  void aDotsLaplacianIsItsStencil() {
    // -4 at the dot, 1 at four neighbours, 0 at the other four of nine pixels.
    assertEquals(20.0 / 9, Laplacian.variance(dot(), 0, FIVE), 1e-12);
  }

  @Test
  void aRampHasNoLaplacian() {
    Matrix ramp = Matrix.zeros(2, 12);
    for (int i = 0; i < 24; i++) {
      ramp.values()[i] = i % 4 + 10 * (i / 4 % 3);
    }
    assertEquals(0, Laplacian.variance(ramp, 1, new ImageShape(4, 3, 1)), 1e-9);
  }

  @Test
  void coloursAreWeighedToGrey() {
    double[] weights = {0.299, 0.587, 0.114};
    for (int channel = 0; channel < 3; channel++) {
      Matrix image = Matrix.zeros(1, 75);
      image.values()[36 + channel] = 1;
      assertEquals(
          weights[channel] * weights[channel] * 20 / 9,
          Laplacian.variance(image, 0, new ImageShape(5, 5, 3)),
          1e-12);
    }
  }

  private static Vae grey(@Nullable ImageShape shape, int features) {
    VaeSpec.Builder builder = VaeSpec.builder(features).hidden().latent(2);
    VaeSpec spec = (shape == null ? builder : builder.image(shape)).build();
    Vae vae = Vae.create(spec, new BackendOptions(Kind.REFERENCE, 1, Precision.FP32), 0);
    // Without weights every image it makes is 1/2 everywhere.
    vae.setWeights(new float[new ParameterLayout(spec).length()]);
    return vae;
  }

  @Test
  void aModelThatMakesFlatImagesHasNoSharpness() {
    Matrix images = Matrix.zeros(3, 25);
    System.arraycopy(dot().values(), 0, images.values(), 25, 25);
    try (Vae vae = grey(FIVE, 25);
        DataSet data = DataSets.of(images, FIVE)) {
      Sharpness sharpness = vae.measure().sharpness(data, 0);
      assertEquals(20.0 / 27, sharpness.data(), 1e-9);
      assertEquals(0, sharpness.reconstructions(), 0);
      assertEquals(0, sharpness.samples(), 0);
      assertEquals(3, sharpness.images());
    }
  }

  /** 1,000 images take two blocks; a constant model's covariance is 0. */
  @Test
  void theDistanceToAConstantIsMeanAndVariance() {
    ImageShape shape = new ImageShape(2, 1, 1);
    Matrix images = Matrix.zeros(1000, 2);
    for (int row = 0; row < 1000; row++) {
      images.values()[2 * row] = row % 2;
    }
    try (Vae vae = grey(shape, 2);
        DataSet data = DataSets.of(images, shape);
        Pixels pixels = new Pixels()) {
      FrechetDistances distances = vae.measure().frechet(data, pixels, 0);
      double expected = 0.25 + 0.25 * 1000 / 999;
      assertEquals(expected, distances.reconstructions(), 1e-9);
      assertEquals(expected, distances.samples(), 1e-9);
      assertEquals(2, distances.features());
      assertEquals(1000, distances.images());
    }
  }

  @Test
  void badInputIsNamed() {
    try (Vae vae = grey(null, 25);
        Vae small = grey(new ImageShape(2, 2, 1), 4);
        Pixels pixels = new Pixels();
        DataSet row = DataSets.of(dot());
        DataSet four = DataSets.of(Matrix.zeros(2, 4));
        DataSet bright = DataSets.of(new float[][] {{0, 0, 0, 0}, {0, 0, 1.5f, 0}})) {
      Thrown.says(
          IllegalArgumentException.class,
          () -> vae.measure().sharpness(row, 0),
          "model of images",
          "25");
      Thrown.says(
          IllegalArgumentException.class,
          () -> vae.measure().frechet(row, pixels, 0),
          "FID",
          "images");
      Thrown.says(
          IllegalArgumentException.class,
          () -> small.measure().sharpness(four, 0),
          "3 x 3",
          "given 2 x 2");
      Thrown.says(
          VaeException.class,
          () -> small.measure().frechet(DataSets.head(four, 1), pixels, 0),
          "2 images or more");
      Thrown.says(
          VaeException.class,
          () -> small.measure().frechet(bright, pixels, 0),
          "[0, 1]",
          "row 1, column 2",
          "1.5");
      Thrown.says(
          IllegalArgumentException.class,
          () -> Laplacian.variance(dot(), 0, new ImageShape(3, 3, 1)),
          "expected rows of 9",
          "given 25");
    }
  }
}
