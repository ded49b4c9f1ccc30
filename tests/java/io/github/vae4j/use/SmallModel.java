// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.TrainConfig;

/** A model and its rows that train in milliseconds. */
final class SmallModel {
  static final int ROWS = 48;
  static final int FEATURES = 9;
  static final int BATCH = 16;
  static final VaeSpec SPEC =
      VaeSpec.builder(FEATURES)
          .hidden(8)
          .latent(2)
          .likelihood(Likelihoods.parse("gaussian"))
          .image(new ImageShape(3, 3, 1))
          .build();

  private SmallModel() {}

  static Vae create(BackendOptions.Kind kind) {
    return Vae.create(SPEC, new BackendOptions(kind, 2, Precision.FP32), 1);
  }

  static DataSet rows() {
    Matrix x = Matrix.zeros(ROWS, FEATURES);
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] = (i * 37 % 11) / 10f;
    }
    return DataSets.of(x);
  }

  static TrainConfig config(int epochs) {
    return TrainConfig.builder().epochs(epochs).batch(BATCH).seed(3).build();
  }
}
