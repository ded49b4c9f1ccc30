// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import org.jspecify.annotations.Nullable;

/** An observation model as nodes of a graph. */
interface LikelihoodGraph {
  /**
   * The parameters of D features of rows, with L samples each.
   *
   * @param outputs of the decoder, FLOAT (B, L, P D)
   * @param shared parameters, FLOAT (F); null if there are none
   * @param features D
   */
  record Parameters(Value outputs, @Nullable Value shared, int features) {
    /** The P parameters of each feature, (B, L, P, D). */
    Value groups(int count, ElementType type) {
      return outputs.as(type).reshape(0, 0, count, features);
    }

    /** One of the parameters of each feature, (B, L, D). */
    Value group(int number, ElementType type) {
      long from = (long) number * features;
      return outputs.slice(2, from, from + features).as(type);
    }
  }

  /**
   * The values of D features.
   *
   * @param x FLOAT (B, 1, D), 0 where a value is missing
   * @param present BOOL (B, 1, D), false where a value is missing; null if none is
   * @param oneHot whether each row has a 1 among zeros
   */
  record Observed(Value x, @Nullable Value present, boolean oneHot) {}

  /** -log p(x | parameters) in nats, FLOAT or DOUBLE (B, L). */
  Value nll(Parameters parameters, Observed observed);

  /** E[x | parameters], FLOAT (B, L, D). */
  Value mean(Parameters parameters);

  /** The formulas of a model whose features are independent, in one type of numbers. */
  interface Feature {
    /** The type in which the formulas have enough digits. */
    ElementType type();

    /** Of each feature, (B, L, D), from x (B, 1, D). */
    Value nll(Parameters parameters, Value x);

    /** Of each feature, (B, L, D). */
    Value mean(Parameters parameters);
  }

  /** Sums a model over its features. */
  static LikelihoodGraph sum(Feature feature) {
    return new LikelihoodGraph() {
      @Override
      public Value nll(Parameters parameters, Observed observed) {
        Value each = feature.nll(parameters, observed.x().as(feature.type()));
        Value present = observed.present();
        return (present == null ? each : present.choose(each, each.number(0))).sum(2);
      }

      @Override
      public Value mean(Parameters parameters) {
        return feature.mean(parameters).as(ElementType.FLOAT);
      }
    };
  }
}
