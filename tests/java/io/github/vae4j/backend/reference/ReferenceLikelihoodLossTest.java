// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.LikelihoodLossSuite;

/** Missing values, row weights and shared parameters on the reference backend. */
final class ReferenceLikelihoodLossTest extends LikelihoodLossSuite {
  ReferenceLikelihoodLossTest() {
    super(new ReferenceBackend());
  }
}
