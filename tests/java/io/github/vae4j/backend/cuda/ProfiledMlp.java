// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;

/** The net 784-400-20-400-784 on MNIST. */
final class ProfiledMlp implements ProfiledNet {
  private static final int D = 784;
  private static final int H = 400;
  private static final int Z = 20;
  private static final VaeSpec SPEC = VaeSpec.builder(D).hidden(H).latent(Z).build();

  @Override
  public VaeSpec spec() {
    return SPEC;
  }

  @Override
  public DataSet data() {
    return DataSets.open("mnist");
  }

  @Override
  public long compulsory(String kernel, long batch) {
    return kernel.equals("likelihood_bernoulli")
        ? 12 * batch * D + 4 * batch
        : ProfiledNet.ofAnyNet(kernel, SPEC, new ParameterLayout(SPEC).length(), batch);
  }

  @Override
  public int convolutions() {
    return 0;
  }

  @Override
  public long productFlops(long batch) {
    long forward = (long) D * H + H * 2 * Z + Z * H + (long) H * D;
    // Two backward products for each forward one, except for the gradient of the data.
    return 2L * batch * (3 * forward - (long) D * H);
  }

  @Override
  public long productBytes(long batch) {
    long[][] layers = {{D, H}, {H, 2 * Z}, {Z, H}, {H, D}};
    long floats = 0;
    for (int i = 0; i < layers.length; i++) {
      long in = layers[i][0];
      long out = layers[i][1];
      long one = batch * in + in * out + batch * out;
      floats += i == 0 ? 2 * one : 3 * one;
    }
    return floats * Float.BYTES;
  }
}
