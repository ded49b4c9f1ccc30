// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.backend.op.PlanarFlow;
import io.github.vae4j.backend.op.TriangularMap;

/** The family of q(z|x). {@link #parse} reads the names that {@code toString} gives. */
public sealed interface Posterior {
  /** The names that {@link #parse} reads, for help and messages. */
  String NAMES = "diagonal, full or planar:LAYERS";

  /** A Gaussian with one variance per dimension: the default. */
  Posterior DIAGONAL = new Diagonal();

  /** A Gaussian with a covariance matrix. */
  Posterior FULL = new FullCovariance();

  /**
   * The number of outputs of the encoder for a row: means, log variances, then the family's further
   * outputs.
   *
   * @param latent Z
   * @return outputs of the encoder's head
   */
  int columns(int latent);

  /**
   * Whether q(z|x) is the diagonal Gaussian that is made of the encoder's numbers, whose density
   * and KL have a closed form.
   *
   * @return false if maps follow the Gaussian
   */
  boolean diagonal();

  /**
   * Reads a family's name.
   *
   * @param text {@code diagonal}, {@code full} or {@code planar:LAYERS}
   * @return the family
   * @throws IllegalArgumentException if the text is none of these
   */
  static Posterior parse(String text) {
    if (text.equals("diagonal")) {
      return DIAGONAL;
    } else if (text.equals("full")) {
      return FULL;
    } else if (text.startsWith("planar:")) {
      return new Planar(Counts.parse("posterior", "planar", text));
    }
    throw new IllegalArgumentException(
        "posterior: expected " + NAMES + " as in planar:8, given " + text);
  }

  /** N(mu, diag(exp(logvar))). */
  record Diagonal() implements Posterior {
    @Override
    public int columns(int latent) {
      return Math.multiplyExact(2, latent);
    }

    @Override
    public boolean diagonal() {
      return true;
    }

    @Override
    public String toString() {
      return "diagonal";
    }
  }

  /**
   * A Gaussian with full covariance: a triangular map, with ones on its diagonal, of a diagonal
   * Gaussian.
   */
  record FullCovariance() implements Posterior {
    @Override
    public int columns(int latent) {
      return Math.addExact(Math.multiplyExact(2, latent), TriangularMap.entries(latent));
    }

    @Override
    public boolean diagonal() {
      return false;
    }

    @Override
    public String toString() {
      return "full";
    }
  }

  /**
   * Planar maps of a diagonal Gaussian (Rezende and Mohamed 2015).
   *
   * @param layers the number of maps
   */
  record Planar(int layers) implements Posterior {
    /** Checks the number of maps. {@inheritDoc} */
    public Planar {
      Counts.check("posterior", "planar", "layer", layers);
    }

    @Override
    public int columns(int latent) {
      int own = Math.multiplyExact(layers, PlanarFlow.parametersPerLayer(latent));
      return Math.addExact(Math.multiplyExact(2, latent), own);
    }

    @Override
    public boolean diagonal() {
      return false;
    }

    @Override
    public String toString() {
      return "planar:" + layers;
    }
  }
}
