// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import java.util.List;

/** The family of p(z). {@code toString} and {@link #parse} have the same names. */
public sealed interface Prior {
  /** N(0, I): the default. */
  Prior STANDARD = new StandardNormal();

  /**
   * Reads a family's name.
   *
   * @param text {@code standard}, {@code mog:COMPONENTS} or {@code vamp:COMPONENTS}
   * @return the family
   * @throws IllegalArgumentException if it is none of these
   */
  static Prior parse(String text) {
    if (text.equals("standard")) {
      return STANDARD;
    } else if (text.startsWith("mog:")) {
      return new GaussianMixture(Counts.parse("prior", "mog", text));
    } else if (text.startsWith("vamp:")) {
      return new Vamp(Counts.parse("prior", "vamp", text));
    }
    throw new IllegalArgumentException(
        "prior: expected standard, mog:COMPONENTS as in mog:10 or vamp:COMPONENTS as in vamp:500,"
            + " given "
            + text);
  }

  /**
   * The posteriors of inputs that the prior owns, which the encoder has to give with those of a
   * batch.
   *
   * @return how many; 0 where the prior needs no encoder
   */
  int posteriors();

  /**
   * The tensors that the prior owns.
   *
   * @param spec the model
   * @return none for the standard normal
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
    /** Checks the number. {@inheritDoc} */
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
   * A mixture, in equal parts, of the posteriors of K learned pseudo-inputs (Tomczak and Welling
   * 2018).
   *
   * @param components K
   */
  record Vamp(int components) implements Prior {
    /** Checks the number. {@inheritDoc} */
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
