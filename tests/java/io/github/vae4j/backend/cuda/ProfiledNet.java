// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.model.VaeSpec;

/** A net whose step is counted, and the least that the step's mathematics must do. */
interface ProfiledNet {
  /** The model. */
  VaeSpec spec();

  /** The data, which the caller closes. */
  DataSet data();

  /** The compulsory bytes of all launches of one of our kernels, from the headers of its source. */
  long compulsory(String kernel, long batch);

  /**
   * The convolutions of a step and their gradients, which the emulated device counts as products.
   */
  int convolutions();

  /** Floating-point operations of the matrix products and convolutions of a step. */
  long productFlops(long batch);

  /** The least bytes that these can read and write: factors and results once. */
  long productBytes(long batch);

  /** The bytes that the kernels at both ends of the decoder and the update must move in any net. */
  static long ofAnyNet(String kernel, VaeSpec spec, long parameters, long batch) {
    long b = batch;
    long d = spec.features();
    long z = spec.latent();
    return switch (kernel) {
      case "gather_uint8" -> 5 * b * d;
      case "reparameterize" -> 12 * b * z + 4 * b;
      case "reparameterize_backward" -> 20 * b * z;
      // The norm needs all gradients before the first parameter changes, so they are read twice.
      case "update" -> 32 * parameters + 8 * b;
      default -> throw new IllegalArgumentException("no compulsory bytes are known of " + kernel);
    };
  }
}
