// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.benchmarks;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.Trainer;
import java.util.Locale;

/** A training run of 784-400-(20+20)-400-784 on made-up rows that can be taken step by step. */
final class Runs implements AutoCloseable {
  private static final int FEATURES = 784;
  private static final int BATCHES = 64;

  private final DataSet data;
  private final Vae vae;
  private final Trainer trainer;

  Runs(String backend, int batch) {
    Matrix rows = Matrix.zeros(batch * BATCHES, FEATURES);
    for (int i = 0; i < rows.values().length; i++) {
      rows.values()[i] = (i * 7919 & 255) / 255f;
    }
    data = DataSets.of(rows);
    BackendOptions.Kind kind = BackendOptions.Kind.valueOf(backend.toUpperCase(Locale.ROOT));
    vae =
        Vae.create(
            VaeSpec.builder(FEATURES).build(), new BackendOptions(kind, 0, Precision.FP32), 0);
    TrainConfig config = TrainConfig.builder().epochs(Integer.MAX_VALUE).batch(batch).build();
    trainer = vae.trainer(data, null, config, TrainListener.NONE);
  }

  /** Takes some steps and returns how the run then stands. */
  Trainer.End take(int steps) {
    int[] left = {steps};
    return trainer.run(() -> left[0]-- == 0).end();
  }

  @Override
  public void close() {
    trainer.close();
    vae.close();
    data.close();
  }
}
