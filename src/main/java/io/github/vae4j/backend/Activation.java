// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import org.jspecify.annotations.Nullable;

/**
 * The activation functions of a dense layer, element by element. {@link #apply} and {@link
 * #derivative} are the specification; backends compute them in float32.
 */
public enum Activation {
  /** y = v. */
  IDENTITY("identity", false),
  /** y = max(v, 0); the derivative at 0 is 0. */
  RELU("relu", false),
  /** y = tanh v. */
  TANH("tanh", false),
  /** y = 1 / (1 + exp(-v)). */
  SIGMOID("sigmoid", false),
  /** y = log(1 + exp v). */
  SOFTPLUS("softplus", false),
  /** y = v where v is positive, else exp(v) - 1. */
  ELU("elu", false),
  /** y = v where v is positive, else 0.01 v. */
  LEAKY_RELU("leakyRelu", false),
  /** y = v / (1 + exp(-v)). */
  SILU("silu", true),
  /** y = v Phi(v), Phi the standard normal's distribution function (the exact form, by erf). */
  GELU("gelu", true);

  private static final double LEAK = 0.01;

  private final String id;
  private final boolean needsPreactivation;

  Activation(String id, boolean needsPreactivation) {
    this.id = id;
    this.needsPreactivation = needsPreactivation;
  }

  /**
   * The name used in vae.json and on the command line.
   *
   * @return the name
   */
  public String id() {
    return id;
  }

  /**
   * Whether the derivative needs v; otherwise it is computed from y.
   *
   * @return true for silu and gelu, which are not monotonic
   */
  public boolean needsPreactivation() {
    return needsPreactivation;
  }

  /**
   * The function.
   *
   * @param v the preactivation
   * @return y
   */
  public double apply(double v) {
    return switch (this) {
      case IDENTITY -> v;
      case RELU -> Math.max(v, 0);
      case TANH -> Math.tanh(v);
      case SIGMOID -> sigmoid(v);
      case SOFTPLUS -> Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));
      case ELU -> v > 0 ? v : Math.expm1(v);
      case LEAKY_RELU -> v > 0 ? v : LEAK * v;
      case SILU -> v * sigmoid(v);
      case GELU -> v * 0.5 * Erf.erfc(-v / Math.sqrt(2));
    };
  }

  /**
   * The derivative dy/dv.
   *
   * @param v the preactivation
   * @return the derivative
   */
  public double derivative(double v) {
    return switch (this) {
      case IDENTITY -> 1;
      case RELU -> v > 0 ? 1 : 0;
      case TANH -> 1 - Math.tanh(v) * Math.tanh(v);
      case SIGMOID -> sigmoid(v) * sigmoid(-v);
      case SOFTPLUS -> sigmoid(v);
      case ELU -> v > 0 ? 1 : Math.exp(v);
      case LEAKY_RELU -> v > 0 ? 1 : LEAK;
      case SILU -> sigmoid(v) * (1 + v * sigmoid(-v));
      case GELU ->
          0.5 * Erf.erfc(-v / Math.sqrt(2)) + v * Math.exp(-v * v / 2) / Math.sqrt(2 * Math.PI);
    };
  }

  /**
   * The derivative dy/dv, computed from y, for a backward pass that keeps y and not v.
   *
   * @param y the function's value
   * @return the derivative
   * @throws UnsupportedOperationException if the activation {@link #needsPreactivation}
   */
  public double derivativeFromOutput(double y) {
    return switch (this) {
      case IDENTITY -> 1;
      case RELU -> y > 0 ? 1 : 0;
      case TANH -> 1 - y * y;
      case SIGMOID -> y * (1 - y);
      case SOFTPLUS -> -Math.expm1(-y);
      case ELU -> y > 0 ? 1 : y + 1;
      case LEAKY_RELU -> y > 0 ? 1 : LEAK;
      case SILU, GELU ->
          throw new UnsupportedOperationException(
              id + ": the derivative needs the preactivation, not the output");
    };
  }

  /**
   * The derivative dy/dv, computed from the tensor that a layer keeps.
   *
   * @param kept v if the activation {@link #needsPreactivation}, else y
   * @return the derivative
   */
  public double derivativeFromKept(double kept) {
    return needsPreactivation ? derivative(kept) : derivativeFromOutput(kept);
  }

  /**
   * The activation with a name, if there is one.
   *
   * @param id the {@link #id()} of an activation, in upper or lower case
   * @return the activation; null if there is none
   */
  public static @Nullable Activation find(String id) {
    for (Activation activation : values()) {
      if (activation.id.equalsIgnoreCase(id)) {
        return activation;
      }
    }
    return null;
  }

  /**
   * The activation with a name.
   *
   * @param id the {@link #id()} of an activation, in upper or lower case
   * @return the activation
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static Activation of(String id) {
    Activation found = find(id);
    if (found != null) {
      return found;
    }
    StringBuilder names = new StringBuilder();
    for (Activation activation : values()) {
      names.append(names.isEmpty() ? "" : ", ").append(activation.id);
    }
    throw new IllegalArgumentException("unknown activation \"" + id + "\"; one of " + names);
  }

  private static double sigmoid(double v) {
    return v >= 0 ? 1 / (1 + Math.exp(-v)) : Math.exp(v) / (1 + Math.exp(v));
  }
}
