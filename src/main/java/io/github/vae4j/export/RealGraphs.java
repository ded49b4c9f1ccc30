// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import io.github.vae4j.export.LikelihoodGraph.Feature;
import io.github.vae4j.export.LikelihoodGraph.Parameters;
import io.github.vae4j.likelihood.Gaussian;
import io.github.vae4j.likelihood.Laplace;
import io.github.vae4j.likelihood.StudentT;
import java.util.Objects;

/** Observation models of real values and of grey values with a density. */
final class RealGraphs {
  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  /** Log scales are clamped to these before they are exponentiated. */
  private static final double MIN_LOG = -30;

  static final double MAX_LOG = 20;

  private RealGraphs() {}

  static Value clamped(Value logScale) {
    return logScale.atLeast(MIN_LOG).atMost(MAX_LOG);
  }

  /** The first parameter is the mean. */
  private interface FirstIsMean extends Feature {
    @Override
    default ElementType type() {
      return ElementType.FLOAT;
    }

    @Override
    default Value mean(Parameters parameters) {
      return parameters.group(0, type());
    }
  }

  static LikelihoodGraph gaussian(Gaussian model) {
    FirstIsMean feature =
        (parameters, x) ->
            x.minus(parameters.group(0, ElementType.FLOAT))
                .times(1 / model.sigma())
                .squared()
                .times(0.5)
                .plus(Math.log(model.sigma()) + LOG_TWO_PI / 2);
    return LikelihoodGraph.sum(feature);
  }

  private static Value normal(Value residual, Value logvar) {
    return residual
        .squared()
        .times(logvar.negative().exp())
        .plus(logvar)
        .plus(LOG_TWO_PI)
        .times(0.5);
  }

  static LikelihoodGraph gaussianLearned() {
    FirstIsMean feature =
        (parameters, x) ->
            normal(
                x.minus(parameters.group(0, ElementType.FLOAT)),
                clamped(parameters.group(1, ElementType.FLOAT)));
    return LikelihoodGraph.sum(feature);
  }

  static LikelihoodGraph gaussianShared() {
    FirstIsMean feature =
        (parameters, x) ->
            normal(
                x.minus(parameters.group(0, ElementType.FLOAT)),
                clamped(Objects.requireNonNull(parameters.shared())));
    return LikelihoodGraph.sum(feature);
  }

  static LikelihoodGraph laplace(Laplace model) {
    FirstIsMean feature =
        (parameters, x) ->
            x.minus(parameters.group(0, ElementType.FLOAT))
                .abs()
                .times(1 / model.scale())
                .plus(Math.log(2 * model.scale()));
    return LikelihoodGraph.sum(feature);
  }

  static LikelihoodGraph laplaceLearned() {
    FirstIsMean feature =
        (parameters, x) -> {
          Value logScale = clamped(parameters.group(1, ElementType.FLOAT));
          return x.minus(parameters.group(0, ElementType.FLOAT))
              .abs()
              .times(logScale.negative().exp())
              .plus(logScale)
              .plus(Math.log(2));
        };
    return LikelihoodGraph.sum(feature);
  }

  /** In double, because log(1 + q / nu) has the factor nu. */
  static LikelihoodGraph studentT(StudentT model) {
    double nu = model.nu();
    // At x = location with the scale 1 the terms without x remain.
    double constant = model.featureNll(new double[2], 0, new double[2]);
    return LikelihoodGraph.sum(
        new FirstIsMean() {
          @Override
          public ElementType type() {
            return ElementType.DOUBLE;
          }

          @Override
          public Value nll(Parameters parameters, Value x) {
            Value logScale = clamped(parameters.group(1, type()));
            Value deviation = x.minus(parameters.group(0, type())).times(logScale.negative().exp());
            return deviation
                .squared()
                .times(1 / nu)
                .log1p()
                .times((nu + 1) / 2)
                .plus(logScale)
                .plus(constant);
          }
        });
  }

  static LikelihoodGraph bernoulli() {
    return LikelihoodGraph.sum(
        new Feature() {
          @Override
          public ElementType type() {
            return ElementType.FLOAT;
          }

          @Override
          public Value nll(Parameters parameters, Value x) {
            Value logit = parameters.group(0, type());
            return logit.softplus().minus(x.times(logit));
          }

          @Override
          public Value mean(Parameters parameters) {
            return parameters.group(0, type()).sigmoid();
          }
        });
  }

  /** In double, because the terms of the normaliser cancel near the logit 0. */
  static LikelihoodGraph continuousBernoulli() {
    return LikelihoodGraph.sum(
        new Feature() {
          /** Logits nearer to 0 use the series of the mean. */
          private static final double SERIES = 0.03;

          @Override
          public ElementType type() {
            return ElementType.DOUBLE;
          }

          @Override
          public Value nll(Parameters parameters, Value x) {
            Value logit = parameters.group(0, type());
            Value size = logit.abs();
            Value zero = size.is(0);
            Value safe = zero.choose(size.number(1), size);
            Value ratio = zero.choose(size.number(0), safe.oneMinusExp().over(safe).log());
            return ratio.plus(logit.atLeast(0)).minus(logit.times(x));
          }

          @Override
          public Value mean(Parameters parameters) {
            Value logit = parameters.group(0, type());
            Value square = logit.squared();
            Value inner = square.times(-1.0 / 30240).plus(1.0 / 720);
            Value series = square.times(inner).negative().plus(1.0 / 12).times(logit).plus(0.5);
            Value one = logit.number(1);
            Value direct =
                one.over(logit.negative().exp().negative().plus(1)).minus(one.over(logit));
            return logit.abs().below(SERIES).choose(series, direct);
          }
        });
  }
}
