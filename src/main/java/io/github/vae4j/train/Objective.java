// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.backend.Estimator;

/**
 * The objective of training, which is maximised, in nats, as a mean over rows: a bound on log p(x),
 * whose latent term can be weighted, less penalties.
 *
 * @param bound the bound and its estimator
 * @param beta weight of the latent term (Higgins et al. 2017); 1 for the bound itself
 * @param warmup the rise of that weight at the start
 * @param freeBits nats of KL per latent dimension without a gradient (Kingma et al. 2016); 0 for
 *     none
 * @param capacity the target of the KL, in place of 0
 * @param mmd weight of the maximum mean discrepancy of samples of q(z) from the prior (Zhao et al.
 *     2019); 0 for none
 * @param totalCorrelation additional weight of the total correlation of q(z), which the KL contains
 *     with weight beta: in beta-TCVAE its beta - 1 (Chen et al. 2018); 0 for none
 */
public record Objective(
    Bound bound,
    double beta,
    Warmup warmup,
    double freeBits,
    Capacity capacity,
    double mmd,
    double totalCorrelation) {
  /** Checks ranges and combinations. {@inheritDoc} */
  public Objective {
    Checks.finiteAtLeast("beta", beta, 0);
    Checks.finiteAtLeast("freeBits", freeBits, 0);
    Checks.finiteAtLeast("mmd", mmd, 0);
    Checks.finiteAtLeast("totalCorrelation", totalCorrelation, 0);
    if (bound.gradient() != Estimator.ANALYTIC) {
      requireOff("freeBits", freeBits);
      requireOff("capacity", capacity.nats());
    }
    if (capacity.nats() > 0) {
      requireOff("freeBits with capacity", freeBits);
    }
    if (bound.weighted() && bound.gradient() == Estimator.DOUBLY_REPARAMETERIZED) {
      requireNoPenalty("mmd", mmd);
      requireNoPenalty("totalCorrelation", totalCorrelation);
    }
  }

  /**
   * This estimator multiplies the gradient of a sample once more by the sample's weight, which is
   * wrong for a penalty.
   */
  private static void requireNoPenalty(String name, double value) {
    if (value != 0) {
      throw new IllegalArgumentException(
          name
              + ": expected 0 with the doubly reparameterised gradient of weighted samples (use the"
              + " sampled one), given "
              + value);
    }
  }

  private static void requireOff(String name, double value) {
    if (value != 0) {
      throw new IllegalArgumentException(
          name + ": expected 0, as it needs the analytic KL of an ELBO alone, given " + value);
    }
  }

  /**
   * The ELBO with one sample.
   *
   * @return the objective
   */
  public static Objective elbo() {
    return of(Bound.elbo(1));
  }

  /**
   * A bound without weights or penalties.
   *
   * @param bound the bound
   * @return the objective
   */
  public static Objective of(Bound bound) {
    return new Objective(bound, 1, Warmup.NONE, 0, Capacity.NONE, 0, 0);
  }

  /**
   * A copy with another weight of the latent term.
   *
   * @param weight beta
   * @param rise the warm-up of the weight
   * @return the objective
   */
  public Objective withBeta(double weight, Warmup rise) {
    return new Objective(bound, weight, rise, freeBits, capacity, mmd, totalCorrelation);
  }

  /**
   * A copy with free bits.
   *
   * @param nats per latent dimension
   * @return the objective
   */
  public Objective withFreeBits(double nats) {
    return new Objective(bound, beta, warmup, nats, capacity, mmd, totalCorrelation);
  }

  /**
   * A copy with a capacity; beta is then the weight of the distance from it.
   *
   * @param target the target of the KL
   * @return the objective
   */
  public Objective withCapacity(Capacity target) {
    return new Objective(bound, beta, warmup, freeBits, target, mmd, totalCorrelation);
  }

  /**
   * A copy with penalties.
   *
   * @param discrepancy weight of the maximum mean discrepancy
   * @param correlation weight of the additional total correlation
   * @return the objective
   */
  public Objective withPenalties(double discrepancy, double correlation) {
    return new Objective(bound, beta, warmup, freeBits, capacity, discrepancy, correlation);
  }

  /**
   * The weight of the latent term at a step.
   *
   * @param step from 0
   * @param stepsPerEpoch steps in an epoch
   * @return beta, or less during the warm-up
   */
  public double betaAt(long step, long stepsPerEpoch) {
    return beta * warmup.at((step + 1) / (double) stepsPerEpoch);
  }

  /**
   * The target of the KL at a step.
   *
   * @param step from 0
   * @param stepsPerEpoch steps in an epoch
   * @return nats
   */
  public double capacityAt(long step, long stepsPerEpoch) {
    double rise = capacity.epochs() * stepsPerEpoch;
    return step + 1 < rise ? capacity.nats() * (step + 1) / rise : capacity.nats();
  }

  /** The bounds. */
  public enum Kind {
    /** The evidence lower bound; samples are averaged. */
    ELBO,
    /** The importance-weighted bound (Burda et al. 2016). */
    IWAE,
    /** The variational Renyi bound of an order alpha (Li and Turner 2016). */
    RENYI
  }

  /**
   * A bound and its estimator.
   *
   * @param kind the kind of bound
   * @param samples K, the number of samples of a bound, which are averaged or weighted
   * @param groups M, the number of independent bounds of K samples, which are averaged (Rainforth
   *     et al. 2018, MIWAE); 1 for ELBO, whose samples are averaged in any case
   * @param alpha the order for RENYI: 0 is IWAE, 1 the ELBO; else 0
   * @param gradient the estimator of the latent term's gradient
   */
  public record Bound(Kind kind, int samples, int groups, double alpha, Estimator gradient) {
    /** Checks ranges and combinations. {@inheritDoc} */
    public Bound {
      Checks.atLeast("samples", samples, 1);
      Checks.atLeast("groups", groups, 1);
      if (!Double.isFinite(alpha)) {
        throw new IllegalArgumentException("alpha: expected a finite number, given " + alpha);
      }
      if (kind != Kind.RENYI && alpha != 0) {
        throw new IllegalArgumentException(
            "alpha: expected 0, as only renyi has an order, given " + alpha);
      }
      if (kind == Kind.ELBO && groups > 1) {
        throw new IllegalArgumentException(
            "groups: expected 1, as the samples of an ELBO are averaged anyway, given " + groups);
      }
      if (kind != Kind.ELBO && gradient == Estimator.ANALYTIC) {
        throw new IllegalArgumentException(
            "gradient: expected sampled or dreg (doubly reparameterised), as only the ELBO has an analytic"
                + " KL term, given analytic");
      }
      if (kind == Kind.RENYI && gradient == Estimator.DOUBLY_REPARAMETERIZED) {
        throw new IllegalArgumentException(
            "gradient: expected sampled, as dreg (doubly reparameterised) is for elbo and iwae, given"
                + " dreg");
      }
      if ((long) samples * groups > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "groups: expected samples * groups below 2^31, given " + samples + " * " + groups);
      }
    }

    /**
     * The ELBO as reconstruction - KL.
     *
     * @param samples K, which are averaged
     * @return the bound
     */
    public static Bound elbo(int samples) {
      return new Bound(Kind.ELBO, samples, 1, 0, Estimator.ANALYTIC);
    }

    /**
     * The importance-weighted bound with its standard gradient.
     *
     * @param samples K
     * @return the bound
     */
    public static Bound iwae(int samples) {
      return new Bound(Kind.IWAE, samples, 1, 0, Estimator.SAMPLED);
    }

    /**
     * A copy with another estimator.
     *
     * @param estimator of the gradient
     * @return the bound
     */
    public Bound by(Estimator estimator) {
      return new Bound(kind, samples, groups, alpha, estimator);
    }

    /**
     * A copy with the reparameterised gradient on the samples.
     *
     * @return the bound
     */
    public Bound sampled() {
      return by(Estimator.SAMPLED);
    }

    /**
     * A copy with the doubly reparameterised gradient (Tucker et al. 2019).
     *
     * @return the bound
     */
    public Bound doublyReparameterized() {
      return by(Estimator.DOUBLY_REPARAMETERIZED);
    }

    /**
     * The total number of samples of a row.
     *
     * @return K M
     */
    public int rowSamples() {
      return samples * groups;
    }

    /**
     * Whether the samples of a row have different weights.
     *
     * @return false for the ELBO and for the Renyi bound of order 1, which equals it
     */
    public boolean weighted() {
      return kind != Kind.ELBO && alpha != 1;
    }
  }

  /** The curve of a weight that rises from 0 to 1. */
  public enum Curve {
    /** A straight line. */
    LINEAR,
    /** A straight line over the first half of each cycle, then 1 (Fu et al. 2019). */
    CYCLICAL,
    /** A logistic curve (Bowman et al. 2016). */
    SIGMOID
  }

  /**
   * The warm-up of a weight.
   *
   * @param curve the curve of the weight
   * @param epochs until the weight is 1; for CYCLICAL the length of a cycle; 0 for no warm-up
   * @param cycles for CYCLICAL the number of cycles, after which the weight stays 1; else 1
   */
  public record Warmup(Curve curve, double epochs, int cycles) {
    /** No warm-up. */
    public static final Warmup NONE = linear(0);

    /** The logistic curve runs from -STEEPNESS to STEEPNESS. */
    private static final double STEEPNESS = 6;

    /** Checks ranges. {@inheritDoc} */
    public Warmup {
      Checks.finiteAtLeast("epochs", epochs, 0);
      Checks.atLeast("cycles", cycles, 1);
      if (curve != Curve.CYCLICAL && cycles > 1) {
        throw new IllegalArgumentException(
            "cycles: expected 1, as only a cyclical warm-up has more, given " + cycles);
      }
    }

    /**
     * A linear warm-up.
     *
     * @param epochs until the weight is 1
     * @return the warm-up
     */
    public static Warmup linear(double epochs) {
      return new Warmup(Curve.LINEAR, epochs, 1);
    }

    /** The weight after a number of epochs. */
    private double at(double time) {
      if (time >= epochs * cycles) {
        return 1;
      }
      double part = time / epochs - Math.floor(time / epochs);
      return switch (curve) {
        case LINEAR -> part;
        case CYCLICAL -> Math.min(1, 2 * part);
        case SIGMOID -> 1 / (1 + Math.exp(STEEPNESS * (1 - 2 * part)));
      };
    }
  }

  /**
   * The target C of the KL of a batch: the latent term is beta |KL - C|, and C rises linearly
   * (Burgess et al. 2018).
   *
   * @param nats the final C; 0 for the plain KL
   * @param epochs over which C rises from 0
   */
  public record Capacity(double nats, double epochs) {
    /** No capacity: the plain KL. */
    public static final Capacity NONE = new Capacity(0, 0);

    /** Checks ranges. {@inheritDoc} */
    public Capacity {
      Checks.finiteAtLeast("nats", nats, 0);
      Checks.finiteAtLeast("epochs", epochs, 0);
    }
  }
}
