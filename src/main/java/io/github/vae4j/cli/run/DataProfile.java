// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainConfig.Binarize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The range of a data set's values; the default likelihood and the remarks follow from it.
 *
 * @param data the rows
 * @param unit whether all values lie in [0, 1]
 * @param binary whether all values are 0 or 1
 */
public record DataProfile(DataSet data, boolean unit, boolean binary) {
  private static final int CHUNK_VALUES = 1 << 20;
  private static final String BERNOULLI = "bernoulli";
  private static final String GAUSSIAN = "gaussian-learned";

  /**
   * Reads the values of a data set.
   *
   * @param data the rows
   * @return the profile
   */
  public static DataProfile of(DataSet data) {
    boolean surelyUnit = data.type() == DType.UINT8 && 255 * data.scale() <= 1;
    boolean unit = true;
    boolean binary = true;
    int chunk = Math.max(1, CHUNK_VALUES / data.features());
    for (int first = 0; first < data.rows() && unit && !(surelyUnit && !binary); first += chunk) {
      int count = Math.min(chunk, data.rows() - first);
      for (float value : DataSets.values(data, first, count).values()) {
        if (data.missing() && Float.isNaN(value)) {
          continue;
        }
        unit &= value >= 0 && value <= 1;
        binary &= value == 0 || value == 1;
      }
    }
    return new DataProfile(data, unit, unit && binary);
  }

  /**
   * The default observation model for the data.
   *
   * @return bernoulli if all values lie in [0, 1], else a Gaussian with a learned variance
   */
  public VaeSpec standardModel() {
    return VaeSpec.builder(data.features())
        .image(data.image())
        .likelihood(Likelihoods.parse(unit ? BERNOULLI : GAUSSIAN))
        .build();
  }

  /**
   * Remarks for the user before a run.
   *
   * @param model the model
   * @param config its training
   * @return the remarks, possibly none
   */
  public List<String> remarks(VaeSpec model, TrainConfig config) {
    List<String> remarks = new ArrayList<>();
    boolean bernoulli = model.likelihood().name().equals(BERNOULLI);
    if (bernoulli && unit && !binary && config.binarize() == Binarize.NONE) {
      remarks.add(
          "warning: "
              + data.name()
              + " has values between 0 and 1: with bernoulli the objective is a cross-entropy, not"
              + " a likelihood; --binarize dynamic makes it one");
    }
    if (config.batch() > data.rows()) {
      remarks.add(
          String.format(
              Locale.ROOT,
              "warning: --batch %d is more than the %s of the data: each epoch is one step of all",
              config.batch(),
              Numbers.plural(data.rows(), "row")));
    }
    remarks.addAll(ConstantColumns.remark(data, model.likelihood()));
    return remarks;
  }
}
