// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import java.util.List;

/** The family of p(z). {@link #parse} reads the names that {@code toString} gives. */
public sealed interface Prior {
  /** The names that {@link #parse} reads, for help and messages. */
  String NAMES = "standard, mog:COMPONENTS or vamp:COMPONENTS";

  /** N(0, I): the default. */
  Prior STANDARD = new StandardNormal();

  /**
   * Reads a family's name.
   *
   * @param text {@code standard}, {@code mog:COMPONENTS} or {@code vamp:COMPONENTS}
   * @return the family
   * @throws IllegalArgumentException if the text is none of these
   */
  static Prior parse(String text) {
    if (text.equals("standard")) {
      return STANDARD;
    } else if (text.startsWith("mog:")) {
      return new GaussianMixture(Counts.parse("prior", "mog", text));
    } else if (text.startsWith("vamp:")) {
      return new Vamp(Counts.parse("prior", "vamp", text));
    }
    throw new IllegalArgumentException("prior: expected " + NAMES + " as in mog:10, given " + text);
  }

  /**
   * The number of the prior's pseudo-inputs, whose posteriors the encoder must compute with those
   * of the batch.
   *
   * @return the number; 0 for a prior without pseudo-inputs
   */
  int posteriors();

  /**
   * The parameters of the prior.
   *
   * @param spec the model
   * @return a list, empty for the standard normal
   */
  List<Parameter> parameters(VaeSpec spec);

  /** N(0, I). */
  record StandardNormal() implements Prior {
    @Override
    public int posteriors() {
      return 0;
    }

    @Override
    public List<Parameter> parameters(VaeSpec spec) {
      return List.of();
    }

    @Override
    public String toString() {
      return "standard";
    }
  }

  /**
   * A mixture of diagonal Gaussians whose means, variances and weights are learned.
   *
   * @param components K
   */
  record GaussianMixture(int components) implements Prior {
    /** Checks the number of components. {@inheritDoc} */
    public GaussianMixture {
      Counts.check("prior", "mog", "component", components);
    }

    @Override
    public int posteriors() {
      return 0;
    }

    @Override
    public List<Parameter> parameters(VaeSpec spec) {
      int columns = Math.multiplyExact(2, spec.latent());
      return List.of(
          Parameter.matrix("components", components, columns, Parameter.Role.OTHER),
          Parameter.vector("logits", components, Parameter.Role.OTHER));
    }

    @Override
    public String toString() {
      return "mog:" + components;
    }
  }

  /**
   * A mixture, with equal weights, of the posteriors of K learned pseudo-inputs (Tomczak and
   * Welling 2018).
   *
   * @param components K
   */
  record Vamp(int components) implements Prior {
    /** Checks the number of components. {@inheritDoc} */
    public Vamp {
      Counts.check("prior", "vamp", "component", components);
    }

    @Override
    public int posteriors() {
      return components;
    }

    @Override
    public List<Parameter> parameters(VaeSpec spec) {
      return List.of(
          Parameter.matrix("pseudoInputs", components, spec.features(), Parameter.Role.OTHER));
    }

    @Override
    public String toString() {
      return "vamp:" + components;
    }
  }
}
