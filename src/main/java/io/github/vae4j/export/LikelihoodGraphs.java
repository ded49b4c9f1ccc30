// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import io.github.vae4j.VaeException;
import io.github.vae4j.export.LikelihoodGraph.Observed;
import io.github.vae4j.export.LikelihoodGraph.Parameters;
import io.github.vae4j.likelihood.Bernoulli;
import io.github.vae4j.likelihood.Block;
import io.github.vae4j.likelihood.Categorical;
import io.github.vae4j.likelihood.ContinuousBernoulli;
import io.github.vae4j.likelihood.DiscretizedLogistic;
import io.github.vae4j.likelihood.DiscretizedLogisticMixture;
import io.github.vae4j.likelihood.Gaussian;
import io.github.vae4j.likelihood.GaussianLearned;
import io.github.vae4j.likelihood.GaussianOptimal;
import io.github.vae4j.likelihood.GaussianShared;
import io.github.vae4j.likelihood.Laplace;
import io.github.vae4j.likelihood.LaplaceLearned;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Multinomial;
import io.github.vae4j.likelihood.NegativeBinomial;
import io.github.vae4j.likelihood.Poisson;
import io.github.vae4j.likelihood.StudentT;
import io.github.vae4j.likelihood.ZeroInflatedNegativeBinomial;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The graphs of observation models, by their classes. */
final class LikelihoodGraphs {
  private static final Map<Class<?>, Function<Likelihood, LikelihoodGraph>> GRAPHS =
      new Table()
          .with(Bernoulli.class, model -> RealGraphs.bernoulli())
          .with(ContinuousBernoulli.class, model -> RealGraphs.continuousBernoulli())
          .with(Gaussian.class, RealGraphs::gaussian)
          .with(GaussianLearned.class, model -> RealGraphs.gaussianLearned())
          .with(GaussianShared.class, model -> RealGraphs.gaussianShared())
          .with(GaussianOptimal.class, model -> RealGraphs.gaussianShared())
          .with(Laplace.class, RealGraphs::laplace)
          .with(LaplaceLearned.class, model -> RealGraphs.laplaceLearned())
          .with(StudentT.class, RealGraphs::studentT)
          .with(Categorical.class, LevelGraphs::categorical)
          .with(DiscretizedLogistic.class, LevelGraphs::discretizedLogistic)
          .with(DiscretizedLogisticMixture.class, LevelGraphs::mixture)
          .with(Poisson.class, model -> CountGraphs.poisson())
          .with(NegativeBinomial.class, model -> CountGraphs.negativeBinomial())
          .with(ZeroInflatedNegativeBinomial.class, model -> CountGraphs.zeroInflated())
          .with(Multinomial.class, CountGraphs::multinomial)
          .complete();

  private LikelihoodGraphs() {}

  private static final class Table {
    private final Map<Class<?>, Function<Likelihood, LikelihoodGraph>> graphs = new HashMap<>();

    <T extends Likelihood> Table with(Class<T> type, Function<T, LikelihoodGraph> graph) {
      graphs.put(type, model -> graph.apply(type.cast(model)));
      return this;
    }

    Map<Class<?>, Function<Likelihood, LikelihoodGraph>> complete() {
      return Map.copyOf(graphs);
    }
  }

  /**
   * Refuses an observation model without a graph.
   *
   * @param likelihood of a model
   * @param features of the model
   * @throws VaeException if a block of it has none; the message names it
   */
  static void check(Likelihood likelihood, int features) {
    for (Block block : likelihood.blocks(features)) {
      of(block.likelihood());
    }
  }

  private static LikelihoodGraph of(Likelihood likelihood) {
    Function<Likelihood, LikelihoodGraph> graph = GRAPHS.get(likelihood.getClass());
    if (graph == null) {
      throw new VaeException(
          "likelihood: "
              + likelihood.name()
              + " has no graph in ONNX: add an entry for "
              + likelihood.getClass().getName()
              + " to LikelihoodGraphs, or use another likelihood");
    }
    return graph.apply(likelihood);
  }

  /**
   * -log p(x) of each sample.
   *
   * @param likelihood of the model
   * @param parameters of all features
   * @param x FLOAT (B, 1, D), 0 where a value is missing
   * @param present BOOL (B, 1, D); null if no value is missing
   * @param oneHot whether a column is one of several that are a 1 among zeros
   * @return DOUBLE (B, L)
   */
  static Value nll(
      Likelihood likelihood,
      Parameters parameters,
      Value x,
      @Nullable Value present,
      IntPredicate oneHot) {
    Value sum = null;
    for (Block block : likelihood.blocks(parameters.features())) {
      Observed own =
          new Observed(
              columns(x, block, parameters.features()),
              present == null ? null : columns(present, block, parameters.features()),
              oneHot.test(block.column()));
      Value nll = of(block.likelihood()).nll(own(parameters, block), own).as(ElementType.DOUBLE);
      sum = sum == null ? nll : sum.plus(nll);
    }
    if (sum == null) {
      throw new IllegalStateException("a likelihood without columns");
    }
    return sum;
  }

  /**
   * E[x].
   *
   * @param likelihood of the model
   * @param parameters of all features
   * @return FLOAT (B, L, D)
   */
  static Value mean(Likelihood likelihood, Parameters parameters) {
    List<Value> means = new ArrayList<>();
    for (Block block : likelihood.blocks(parameters.features())) {
      means.add(of(block.likelihood()).mean(own(parameters, block)));
    }
    Value first = means.remove(0);
    return means.isEmpty() ? first : first.with(2, means.toArray(Value[]::new));
  }

  private static Value columns(Value all, Block block, int features) {
    return block.columns() == features
        ? all
        : all.slice(2, block.column(), block.column() + (long) block.columns());
  }

  private static Parameters own(Parameters all, Block block) {
    Value shared = all.shared();
    long from = block.parameter();
    Value outputs =
        block.columns() == all.features()
            ? all.outputs()
            : all.outputs().slice(2, from, from + block.parameters());
    int count = block.sharedCount();
    return new Parameters(
        outputs,
        shared == null || count == 0
            ? null
            : shared.slice(0, block.shared(), block.shared() + (long) count),
        block.columns());
  }
}
