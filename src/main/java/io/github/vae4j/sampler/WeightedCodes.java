// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.sampler;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.tensor.Matrix;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Codes to which a sampler is fitted, with their weights.
 *
 * @param codes (n, latent), one or more
 * @param weights of each code, above 0, with mean 1; null if they are equal
 */
@SuppressWarnings("ArrayRecordComponent")
public record WeightedCodes(Matrix codes, float @Nullable [] weights) {
  /** Checks the number of weights. {@inheritDoc} */
  public WeightedCodes {
    if (weights != null && weights.length != codes.rows()) {
      throw new IllegalArgumentException(
          "codes: expected " + codes.rows() + " weights, given " + weights.length);
    }
  }

  /**
   * Codes of equal weight.
   *
   * @param codes (n, latent)
   * @return the codes
   */
  public static WeightedCodes equal(Matrix codes) {
    return new WeightedCodes(codes, null);
  }

  /**
   * Codes of the rows of a data set, without those of weight 0.
   *
   * @param codes (rows * draws, latent), with the draws of a row adjacent
   * @param draws of each row
   * @param data the rows
   * @return the codes of rows whose weight is above 0
   */
  public static WeightedCodes of(Matrix codes, int draws, DataSet data) {
    if (!data.weighted()) {
      return equal(codes);
    }
    int latent = codes.columns();
    float[] values = new float[codes.values().length];
    float[] weights = new float[codes.rows()];
    int count = 0;
    double sum = 0;
    for (int i = 0; i < codes.rows(); i++) {
      float weight = data.weight(i / draws);
      if (weight > 0) {
        System.arraycopy(codes.values(), i * latent, values, count * latent, latent);
        weights[count++] = weight;
        sum += weight;
      }
    }
    Matrix some = new Matrix(count, latent, Arrays.copyOf(values, count * latent));
    boolean same = true;
    for (int i = 1; i < count; i++) {
      same &= weights[i] == weights[0];
    }
    if (same) {
      return equal(some);
    }
    for (int i = 0; i < count; i++) {
      weights[i] = (float) (weights[i] * count / sum);
    }
    return new WeightedCodes(some, Arrays.copyOf(weights, count));
  }

  /** The weight of a code. */
  double weight(int code) {
    return weights == null ? 1 : weights[code];
  }

  /**
   * The weighted mean of numbers, one for each code.
   *
   * @param values as many as codes
   * @return their mean
   */
  public double mean(double[] values) {
    double sum = 0;
    double total = 0;
    for (int i = 0; i < values.length; i++) {
      sum += weight(i) * values[i];
      total += weight(i);
    }
    return sum / total;
  }
}
