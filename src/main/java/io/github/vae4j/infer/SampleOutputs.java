// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** The decoder's outputs for samples of a row, as a likelihood takes them. */
final class SampleOutputs {
  private SampleOutputs() {}

  /**
   * The parameters of the likelihood for adjacent samples.
   *
   * @param all (samples of several rows, width)
   * @param first the number of the first sample
   * @param samples their number
   * @param width the number of the decoder's outputs
   * @param shared the shared parameters; null if there are none
   * @return (samples, outputs and shared parameters)
   */
  static double[][] of(float[] all, int first, int samples, int width, @Nullable Tensor shared) {
    float[] common = shared == null ? new float[0] : shared.toFloats();
    double[][] outputs = new double[samples][width + common.length];
    for (int l = 0; l < samples; l++) {
      for (int i = 0; i < width; i++) {
        outputs[l][i] = all[(first + l) * width + i];
      }
      for (int i = 0; i < common.length; i++) {
        outputs[l][width + i] = common[i];
      }
    }
    return outputs;
  }
}
