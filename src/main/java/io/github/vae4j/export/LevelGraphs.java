// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import io.github.vae4j.export.LikelihoodGraph.Feature;
import io.github.vae4j.export.LikelihoodGraph.Parameters;
import io.github.vae4j.likelihood.Categorical;
import io.github.vae4j.likelihood.DiscretizedLogistic;
import io.github.vae4j.likelihood.DiscretizedLogisticMixture;

/** Observation models of levels, with an order or without one. */
final class LevelGraphs {
  private LevelGraphs() {}

  static LikelihoodGraph categorical(Categorical model) {
    float[] numbers = new float[model.levels()];
    for (int level = 0; level < numbers.length; level++) {
      numbers[level] = level;
    }
    return LikelihoodGraph.sum(
        new Feature() {
          @Override
          public ElementType type() {
            return ElementType.FLOAT;
          }

          @Override
          public Value nll(Parameters parameters, Value x) {
            Value logits = parameters.groups(numbers.length, type());
            Value own = x.withAxes(2).is(x.graph().constant(numbers, numbers.length, 1));
            return logits.logSumExp(2).minus(own.choose(logits, logits.number(0)).sum(2));
          }

          @Override
          public Value mean(Parameters parameters) {
            return parameters.groups(numbers.length, type()).argMax(2);
          }
        });
  }

  /** The logistic distributions of a feature, of the same shape. */
  private record Logistic(Value mean, Value logScale, int levels) {
    private Value inverse() {
      return RealGraphs.clamped(logScale).negative().exp();
    }

    /** From x that has that shape, or is repeated to it. */
    Value nll(Value x) {
      Value inverse = inverse();
      Value level = x.times(levels - 1).rounded();
      Value above = edge(level.plus(1)).minus(mean).times(inverse);
      Value below = edge(level).minus(mean).times(inverse);
      Value none = mean.number(0);
      Value first = level.below(0.5);
      Value last = level.above(levels - 1.5);
      Value width = inverse.times(1.0 / (levels - 1));
      Value upper = last.choose(none, above.negative().softplus());
      Value lower = first.choose(none, below.softplus());
      Value inside = first.choose(none, last.choose(none, width.log1mExp()));
      return upper.plus(lower).minus(inside);
    }

    private Value edge(Value level) {
      return level.plus(-0.5).times(1.0 / (levels - 1));
    }

    /** The sum of P(x is at least the level) over levels above 0, times a step. */
    Value expected() {
      Value inverse = inverse();
      Value sum =
          mean.graph()
              .sum(
                  levels - 1,
                  mean.times(0),
                  index -> {
                    Graph body = index.graph();
                    Value edge = edge(index.as(ElementType.DOUBLE).plus(1));
                    return mean.in(body).minus(edge).times(inverse.in(body)).sigmoid();
                  });
      return sum.times(1.0 / (levels - 1));
    }
  }

  static LikelihoodGraph discretizedLogistic(DiscretizedLogistic model) {
    return LikelihoodGraph.sum(
        new Feature() {
          @Override
          public ElementType type() {
            return ElementType.DOUBLE;
          }

          private Logistic of(Parameters parameters) {
            return new Logistic(
                parameters.group(0, type()), parameters.group(1, type()), model.levels());
          }

          @Override
          public Value nll(Parameters parameters, Value x) {
            return of(parameters).nll(x);
          }

          @Override
          public Value mean(Parameters parameters) {
            return of(parameters).expected();
          }
        });
  }

  static LikelihoodGraph mixture(DiscretizedLogisticMixture model) {
    int components = model.components();
    return LikelihoodGraph.sum(
        new Feature() {
          @Override
          public ElementType type() {
            return ElementType.DOUBLE;
          }

          private Value part(Parameters parameters, int number) {
            return parameters
                .groups(3 * components, type())
                .slice(2, (long) number * components, (number + 1L) * components);
          }

          private Logistic of(Parameters parameters) {
            return new Logistic(part(parameters, 1), part(parameters, 2), model.levels());
          }

          @Override
          public Value nll(Parameters parameters, Value x) {
            Value logits = part(parameters, 0);
            Value each = of(parameters).nll(x.withAxes(2));
            return logits.logSumExp(2).minus(logits.minus(each).logSumExp(2));
          }

          @Override
          public Value mean(Parameters parameters) {
            return part(parameters, 0).softmax(2).times(of(parameters).expected()).sum(2);
          }
        });
  }
}
