// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.likelihood.Bernoulli;
import io.github.vae4j.likelihood.Block;
import io.github.vae4j.likelihood.Categorical;
import io.github.vae4j.likelihood.ContinuousBernoulli;
import io.github.vae4j.likelihood.DiscretizedLogistic;
import io.github.vae4j.likelihood.DiscretizedLogisticMixture;
import io.github.vae4j.likelihood.Gaussian;
import io.github.vae4j.likelihood.GaussianLearned;
import io.github.vae4j.likelihood.GaussianOptimal;
import io.github.vae4j.likelihood.GaussianShared;
import io.github.vae4j.likelihood.Laplace;
import io.github.vae4j.likelihood.LaplaceLearned;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Multinomial;
import io.github.vae4j.likelihood.NegativeBinomial;
import io.github.vae4j.likelihood.Poisson;
import io.github.vae4j.likelihood.StudentT;
import io.github.vae4j.likelihood.ZeroInflatedNegativeBinomial;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The table of a likelihood's blocks for likelihood_composite.cu, in its struct Part. */
final class CompositeTable {
  /** The models in the order of the kernel's FOR_EACH_LIKELIHOOD. */
  private static final List<String> MODELS =
      List.of(
          Bernoulli.NAME,
          ContinuousBernoulli.NAME,
          Gaussian.NAME,
          GaussianLearned.NAME,
          GaussianShared.NAME,
          GaussianOptimal.NAME,
          Laplace.NAME,
          LaplaceLearned.NAME,
          StudentT.NAME,
          Categorical.NAME,
          DiscretizedLogistic.NAME,
          DiscretizedLogisticMixture.NAME,
          Poisson.NAME,
          NegativeBinomial.NAME,
          ZeroInflatedNegativeBinomial.NAME,
          Multinomial.NAME);

  /** The size of the kernels' struct Constants. */
  private static final int CONSTANTS = 4;

  private static final int PART_BYTES = 5 * Integer.BYTES + CONSTANTS * Float.BYTES;

  private CompositeTable() {}

  /** The table, in a direct buffer from its position to its limit. */
  static ByteBuffer bytes(List<Block> blocks) {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(blocks.size() * PART_BYTES).order(ByteOrder.nativeOrder());
    for (Block block : blocks) {
      bytes
          .putInt(model(block.likelihood()))
          .putInt(block.column())
          .putInt(block.columns())
          .putInt(block.parameter())
          .putInt(block.shared());
      for (float constant : constants(block.likelihood())) {
        bytes.putFloat(constant);
      }
    }
    return bytes.flip();
  }

  private static int model(Likelihood likelihood) {
    int model = MODELS.indexOf(likelihood.name());
    if (model < 0) {
      throw new IllegalStateException(likelihood + " is not in " + MODELS);
    }
    return model;
  }

  /** A likelihood's settings, padded to the length of the kernels' struct. */
  static float[] constants(Likelihood likelihood) {
    double[] given = likelihood.constants();
    if (given.length > CONSTANTS) {
      throw new IllegalArgumentException(
          "likelihood "
              + likelihood
              + ": kernels take at most "
              + CONSTANTS
              + " constants, given "
              + given.length);
    }
    float[] constants = new float[CONSTANTS];
    for (int i = 0; i < given.length; i++) {
      constants[i] = (float) given[i];
    }
    return constants;
  }
}
