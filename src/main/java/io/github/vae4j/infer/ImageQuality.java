// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.VaeException;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.metrics.FeatureMoments;
import io.github.vae4j.metrics.FrechetDistances;
import io.github.vae4j.metrics.ImageFeatures;
import io.github.vae4j.metrics.Laplacian;
import io.github.vae4j.metrics.Moments;
import io.github.vae4j.metrics.Sharpness;
import io.github.vae4j.tensor.Matrix;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures of a model's images in comparison with the data. There is one reconstruction and one
 * sample for each row, both means E[x|z]; they are decoded in blocks, so that the whole set is
 * never in memory.
 */
public final class ImageQuality {
  private static final int BLOCK = 500;

  private final Decoder decoder;
  private final DataSet data;
  private final @Nullable DataSet conditions;
  private final ImageShape shape;
  private final Matrix posteriorMeans;
  private final Matrix priorCodes;

  /**
   * The images to measure.
   *
   * @param decoder of codes to images; the caller closes it
   * @param data the rows
   * @param conditions (rows, C), of the data, for reconstructions and for samples; null for a model
   *     without a condition
   * @param shape of a row as an image
   * @param posteriorMeans (rows, latent), of the data
   * @param priorCodes (rows, latent), drawn from the prior
   */
  public ImageQuality(
      Decoder decoder,
      DataSet data,
      @Nullable DataSet conditions,
      ImageShape shape,
      Matrix posteriorMeans,
      Matrix priorCodes) {
    this.decoder = decoder;
    this.data = data;
    this.conditions = conditions;
    this.shape = shape;
    this.posteriorMeans = posteriorMeans;
    this.priorCodes = priorCodes;
  }

  /** Makes the images of rows. */
  private interface Images {
    Matrix of(int first, int count);
  }

  private Images observed() {
    return (first, count) -> DataSets.values(data, first, count);
  }

  private Images decoded(Matrix codes) {
    return (first, count) ->
        decoder.mean(
            slice(codes, first, count),
            conditions == null ? null : DataSets.values(conditions, first, count));
  }

  private static Matrix slice(Matrix codes, int first, int count) {
    Matrix some = Matrix.zeros(count, codes.columns());
    System.arraycopy(
        codes.values(), first * codes.columns(), some.values(), 0, some.values().length);
    return some;
  }

  /** Processes each block of images. */
  private interface Sink {
    void block(int first, Matrix images);
  }

  private void forEach(Images images, Sink sink) {
    for (int first = 0; first < data.rows(); first += BLOCK) {
      sink.block(first, images.of(first, Math.min(BLOCK, data.rows() - first)));
    }
  }

  /**
   * The variance of the Laplacian. Each image has the weight of its row, a sample too.
   *
   * @return means over images
   */
  public Sharpness sharpness() {
    Laplacian.require(shape);
    return new Sharpness(
        data.rows(),
        sharpness(observed()),
        sharpness(decoded(posteriorMeans)),
        sharpness(decoded(priorCodes)));
  }

  private double sharpness(Images images) {
    Moments moments = new Moments();
    forEach(
        images,
        (first, block) -> {
          for (int row = 0; row < block.rows(); row++) {
            moments.add(Laplacian.variance(block, row, shape), data.weight(first + row));
          }
        });
    return moments.mean();
  }

  /**
   * Frechet distances to the data in the features of a network. The model's values are clipped to
   * [0, 1]. Each image has the weight of its row, a sample too.
   *
   * @param network computes the features; with Inception the distance is the FID
   * @return the distances of reconstructions and of samples
   * @throws VaeException if there are fewer than two rows, or a value of the data is outside [0, 1]
   */
  public FrechetDistances frechet(ImageFeatures network) {
    long images = IntStream.range(0, data.rows()).filter(row -> data.weight(row) > 0).count();
    if (images < 2) {
      throw new VaeException("FID: expected 2 images or more, given " + images);
    }
    FeatureMoments real = features(network, observed(), false);
    return new FrechetDistances(
        data.rows(),
        real.features(),
        real.distance(features(network, decoded(posteriorMeans), true)),
        real.distance(features(network, decoded(priorCodes), true)));
  }

  private FeatureMoments features(ImageFeatures network, Images images, boolean clip) {
    FeatureMoments moments = moments();
    forEach(
        images,
        (first, block) -> {
          toUnit(block, first, clip);
          moments.add(network.features(block, shape), row -> data.weight(first + row));
        });
    return moments;
  }

  private static FeatureMoments moments() {
    try {
      return new FeatureMoments();
    } catch (NoClassDefFoundError e) {
      throw new VaeException(
          "FID: the Frechet distance needs EJML, which is not on the class path: add"
              + " org.ejml:ejml-ddense:0.46.1 to your dependencies",
          e);
    }
  }

  private void toUnit(Matrix block, int first, boolean clip) {
    float[] values = block.values();
    for (int i = 0; i < values.length; i++) {
      if (clip) {
        values[i] = Math.min(Math.max(values[i], 0), 1);
      } else if (!(values[i] >= 0 && values[i] <= 1)) {
        throw new VaeException(
            String.format(
                Locale.ROOT,
                "FID: expected images with values in [0, 1]; %s of %s is %s",
                data.place(first + i / block.columns(), i % block.columns()),
                data.name(),
                values[i]));
      }
    }
  }
}
