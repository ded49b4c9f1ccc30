// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.numeric.Elementary;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;

/**
 * Chains of codes under p(z) p(x|z)^beta, moved by Hamiltonian Monte Carlo (Neal 2011, "MCMC using
 * Hamiltonian dynamics", section 5.3): momenta are standard normal, trajectories are leapfrog
 * steps, the end is accepted with probability min(1, exp(H - H')). Each row has a step size; each
 * transition varies it by up to a fifth, because trajectories of constant length can return to
 * their start. All chains move together, with one pass of the backend per leapfrog step.
 */
final class AnnealedChains {
  private static final double JITTER = 0.2;

  private final LatentEnergy energy;
  private final int batch;
  private final int chains;
  private final int latent;
  private final int leapfrogs;
  private final long seed;
  private final int decisionColumn;

  private final float[] z;
  private final float[] nll;
  private final float[] gradient;
  private final float[] nextZ;
  private final float[] nextNll;
  private final float[] nextGradient;
  private final double[] momentum;
  private final double[] start;
  private final double[] epsilon;
  private int firstChain;

  /** The step size of each row. */
  final double[] stepSize;

  /** The mean over a row's chains of the probability that the last transition is accepted. */
  final double[] acceptance;

  AnnealedChains(LatentEnergy energy, int batch, int chains, int latent, int leapfrogs, long seed) {
    this.energy = energy;
    this.batch = batch;
    this.chains = chains;
    this.latent = latent;
    this.leapfrogs = leapfrogs;
    this.seed = seed;
    // Momenta are columns 0 to latent - 1; the two decisions have a separate Philox block.
    this.decisionColumn = (latent + 3) / 4 * 4;
    int rows = batch * chains;
    z = new float[rows * latent];
    nll = new float[rows];
    gradient = new float[rows * latent];
    nextZ = new float[rows * latent];
    nextNll = new float[rows];
    nextGradient = new float[rows * latent];
    momentum = new double[rows * latent];
    start = new double[rows];
    epsilon = new double[rows];
    stepSize = new double[batch];
    acceptance = new double[batch];
  }

  /**
   * Draws all chains from the prior.
   *
   * @param firstRow the number of the batch's first row in the data set, so that the noise of a
   *     chain does not depend on the batch
   * @param step the step of the noise
   */
  void begin(int firstRow, long step) {
    firstChain = Math.multiplyExact(firstRow, chains);
    for (int i = 0; i < z.length; i++) {
      z[i] = (float) normal(step, i);
    }
    energy.evaluate(z, nll, gradient);
  }

  /** The total number of chains. */
  int chains() {
    return nll.length;
  }

  /** log p(x|z) of a chain's present code. */
  double logLikelihood(int chain) {
    return -nll[chain];
  }

  /**
   * One transition of all chains.
   *
   * @param beta the power of p(x|z)
   * @param step the step of the noise
   */
  void move(double beta, long step) {
    for (int chain = 0; chain < start.length; chain++) {
      double jitter = 2 * uniform(step, chain, 1) - 1;
      epsilon[chain] = stepSize[chain / chains] * (1 + JITTER * jitter);
      for (int at = chain * latent; at < (chain + 1) * latent; at++) {
        momentum[at] = normal(step, at);
      }
      start[chain] = hamiltonian(chain, beta, z, nll);
    }
    System.arraycopy(z, 0, nextZ, 0, z.length);
    kick(beta, gradient, 0.5);
    for (int leap = 1; leap <= leapfrogs; leap++) {
      for (int at = 0; at < nextZ.length; at++) {
        nextZ[at] += (float) (epsilon[at / latent] * momentum[at]);
      }
      energy.evaluate(nextZ, nextNll, nextGradient);
      kick(beta, nextGradient, leap < leapfrogs ? 1 : 0.5);
    }
    decide(beta, step);
  }

  /** Changes the momenta by a fraction of a step against the gradient of the potential. */
  private void kick(double beta, float[] slope, double part) {
    for (int at = 0; at < momentum.length; at++) {
      momentum[at] -= part * epsilon[at / latent] * (nextZ[at] + beta * slope[at]);
    }
  }

  private void decide(double beta, long step) {
    for (int row = 0; row < batch; row++) {
      double sum = 0;
      for (int chain = row * chains; chain < (row + 1) * chains; chain++) {
        double change = start[chain] - hamiltonian(chain, beta, nextZ, nextNll);
        // A trajectory that leaves the range of floats is rejected.
        double probability = Double.isNaN(change) ? 0 : Math.min(1, Elementary.exp(change));
        sum += probability;
        if (uniform(step, chain, 0) < probability) {
          System.arraycopy(nextZ, chain * latent, z, chain * latent, latent);
          System.arraycopy(nextGradient, chain * latent, gradient, chain * latent, latent);
          nll[chain] = nextNll[chain];
        }
      }
      acceptance[row] = sum / chains;
    }
  }

  private double hamiltonian(int chain, double beta, float[] codes, float[] energies) {
    double squares = 0;
    for (int at = chain * latent; at < (chain + 1) * latent; at++) {
      squares += (double) codes[at] * codes[at] + momentum[at] * momentum[at];
    }
    return squares / 2 + beta * energies[chain];
  }

  private double normal(long step, int at) {
    return Philox.normal(seed, Stream.ANNEAL, step, firstChain + at / latent, at % latent);
  }

  private double uniform(long step, int chain, int which) {
    return Philox.uniform(seed, Stream.ANNEAL, step, firstChain + chain, decisionColumn + which);
  }
}
