// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import io.github.vae4j.export.LikelihoodGraph.Feature;
import io.github.vae4j.export.LikelihoodGraph.Observed;
import io.github.vae4j.export.LikelihoodGraph.Parameters;
import io.github.vae4j.likelihood.Multinomial;

/** Observation models of counts. Their losses are in double: the terms of a large count cancel. */
final class CountGraphs {
  /** The logit of a column that takes no part; finite, so that its product with 0 is 0. */
  private static final double LEFT_OUT = -1e300;

  private CountGraphs() {}

  private interface InDouble extends Feature {
    @Override
    default ElementType type() {
      return ElementType.DOUBLE;
    }
  }

  static LikelihoodGraph poisson() {
    return LikelihoodGraph.sum(
        new InDouble() {
          @Override
          public Value nll(Parameters parameters, Value x) {
            Value logRate = parameters.group(0, type()).atMost(RealGraphs.MAX_LOG);
            return logRate.exp().minus(x.times(logRate)).plus(GammaGraph.logFactorial(x));
          }

          @Override
          public Value mean(Parameters parameters) {
            return parameters.group(0, type()).atMost(RealGraphs.MAX_LOG).exp();
          }
        });
  }

  private static Value negativeBinomial(Parameters parameters, Value x) {
    Value logMean = parameters.group(0, ElementType.DOUBLE);
    Value logTheta = RealGraphs.clamped(parameters.group(1, ElementType.DOUBLE));
    Value theta = logTheta.exp();
    return theta
        .plus(x)
        .times(logMean.minus(logTheta).softplus())
        .minus(x.times(logMean))
        .minus(GammaGraph.logRising(theta, x))
        .plus(GammaGraph.logFactorial(x));
  }

  static LikelihoodGraph negativeBinomial() {
    return LikelihoodGraph.sum(
        new InDouble() {
          @Override
          public Value nll(Parameters parameters, Value x) {
            return negativeBinomial(parameters, x);
          }

          @Override
          public Value mean(Parameters parameters) {
            return parameters.group(0, type()).exp();
          }
        });
  }

  static LikelihoodGraph zeroInflated() {
    return LikelihoodGraph.sum(
        new InDouble() {
          @Override
          public Value nll(Parameters parameters, Value x) {
            Value logit = parameters.group(2, type());
            Value counts = negativeBinomial(parameters, x);
            Value zero = x.above(0).choose(x.number(0), logit.plus(counts).softplus());
            return logit.softplus().plus(counts).minus(zero);
          }

          @Override
          public Value mean(Parameters parameters) {
            Value part = parameters.group(2, type()).negative().sigmoid();
            return part.times(parameters.group(0, type()).exp());
          }
        });
  }

  static LikelihoodGraph multinomial(Multinomial model) {
    return new LikelihoodGraph() {
      @Override
      public Value nll(Parameters parameters, Observed observed) {
        Value logits = parameters.group(0, ElementType.DOUBLE);
        Value x = observed.x().as(ElementType.DOUBLE);
        Value present = observed.present();
        Value count = (present == null ? x : present.choose(x, x.number(0))).sum(2);
        Value taken = present == null ? logits : present.choose(logits, logits.number(LEFT_OUT));
        Value likely = x.times(logits).sum(2);
        Value nll = count.times(taken.logSumExp(2)).minus(likely);
        return observed.oneHot()
            ? nll
            : nll.plus(GammaGraph.logFactorial(x).sum(2)).minus(GammaGraph.logFactorial(count));
      }

      @Override
      public Value mean(Parameters parameters) {
        return parameters.group(0, ElementType.FLOAT).softmax(2).times(model.total());
      }
    };
  }
}
