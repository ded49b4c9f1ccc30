// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

/**
 * The length of annealed importance sampling. A row costs {@code chains * (temperatures + max(20,
 * temperatures / 5)) * leapfrogs} forward and backward passes through the decoder; the second term
 * is the adaptation of step sizes.
 *
 * @param chains number of independent chains per row
 * @param temperatures steps from the prior to the posterior; 1 is plain importance sampling from
 *     the prior
 * @param leapfrogs leapfrog steps of a Hamiltonian Monte Carlo transition
 */
public record AnnealOptions(int chains, int temperatures, int leapfrogs) {
  /** Checks the sizes. {@inheritDoc} */
  public AnnealOptions {
    atLeastOne("chains", chains);
    atLeastOne("temperatures", temperatures);
    atLeastOne("leapfrogs", leapfrogs);
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "annealing: " + name + ": expected 1 or more, given " + value);
    }
  }
}
