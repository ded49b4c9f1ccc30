package io.github.vae4j.backend;

import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.CopyColumns;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.Fill;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.backend.op.GaussianPrior;
import io.github.vae4j.backend.op.GaussianPriorBackward;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.ImportanceWeights;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.op.MixturePrior;
import io.github.vae4j.backend.op.MixturePriorBackward;
import io.github.vae4j.backend.op.MmdPenalty;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.PlanarFlow;
import io.github.vae4j.backend.op.PlanarFlowBackward;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import io.github.vae4j.backend.op.SampleWeights;
import io.github.vae4j.backend.op.SampledKl;
import io.github.vae4j.backend.op.TotalCorrelation;
import io.github.vae4j.backend.op.TotalCorrelationBackward;
import io.github.vae4j.backend.op.TriangularMap;
import io.github.vae4j.backend.op.TriangularMapBackward;
import java.util.List;
import java.util.stream.Stream;

/**
 * The op table: every op on operands that are ordinary, odd-sized and extreme. {@link OpSuite} runs
 * it as an equivalence test of a backend; benchmarks run {@link #large()}.
 */
public final class OpCases {
  private OpCases() {}

  /**
   * The cases of the equivalence test.
   *
   * @return all ops, likelihoods and activations
   */
  public static List<OpCase> all() {
    return Stream.of(
            DataCases.all(),
            DenseCases.all(),
            FlowCases.all(),
            LatentCases.all(),
            LossCases.all(),
            OptimizerCases.all(),
            PenaltyCases.all(),
            PriorCases.all(),
            WeightCases.all())
        .flatMap(List::stream)
        .toList();
  }

  /**
   * The cases worth timing: the shapes of 784-400-20-400-784 at batches 128 and 1024.
   *
   * @return ops on large operands
   */
  public static List<OpCase> large() {
    return Stream.of(
            DataCases.large(),
            DenseCases.large(),
            FlowCases.large(),
            LatentCases.large(),
            LossCases.large(),
            OptimizerCases.large(),
            PenaltyCases.large(),
            PriorCases.large(),
            WeightCases.large())
        .flatMap(List::stream)
        .toList();
  }

  /**
   * Plans an op, whichever it is.
   *
   * @param ops of the backend
   * @param op the op
   * @return the planned op
   */
  public static PreparedOp plan(Ops ops, Op op) {
    if (op instanceof AdamUpdate adam) {
      return ops.adam(adam);
    } else if (op instanceof Copy copy) {
      return ops.copy(copy);
    } else if (op instanceof CopyColumns columns) {
      return ops.copyColumns(columns);
    } else if (op instanceof Dense dense) {
      return ops.dense(dense);
    } else if (op instanceof DenseBackward backward) {
      return ops.denseBackward(backward);
    } else if (op instanceof Fill fill) {
      return ops.fill(fill);
    } else if (op instanceof Gather gather) {
      return ops.gather(gather);
    } else if (op instanceof GlobalNorm norm) {
      return ops.globalNorm(norm);
    } else if (op instanceof ImportanceWeights weights) {
      return ops.importanceWeights(weights);
    } else if (op instanceof LikelihoodLoss loss) {
      return ops.likelihood(loss);
    } else if (op instanceof MmdPenalty mmd) {
      return ops.mmdPenalty(mmd);
    } else if (op instanceof RecordMetrics metrics) {
      return ops.recordMetrics(metrics);
    } else if (op instanceof Reparameterize sample) {
      return ops.reparameterize(sample);
    } else if (op instanceof ReparameterizeBackward backward) {
      return ops.reparameterizeBackward(backward);
    } else if (op instanceof Add add) {
      return ops.add(add);
    } else if (op instanceof SampledKl kl) {
      return ops.sampledKl(kl);
    } else if (op instanceof MixturePrior prior) {
      return ops.mixturePrior(prior);
    } else if (op instanceof MixturePriorBackward backward) {
      return ops.mixturePriorBackward(backward);
    } else if (op instanceof PlanarFlow flow) {
      return ops.planarFlow(flow);
    } else if (op instanceof PlanarFlowBackward backward) {
      return ops.planarFlowBackward(backward);
    } else if (op instanceof TriangularMap map) {
      return ops.triangularMap(map);
    } else if (op instanceof TriangularMapBackward backward) {
      return ops.triangularMapBackward(backward);
    } else if (op instanceof GaussianPrior prior) {
      return ops.gaussianPrior(prior);
    } else if (op instanceof GaussianPriorBackward backward) {
      return ops.gaussianPriorBackward(backward);
    } else if (op instanceof SampleWeights weights) {
      return ops.sampleWeights(weights);
    } else if (op instanceof TotalCorrelation correlation) {
      return ops.totalCorrelation(correlation);
    } else if (op instanceof TotalCorrelationBackward backward) {
      return ops.totalCorrelationBackward(backward);
    }
    throw new IllegalArgumentException("the op table cannot plan " + op);
  }
}
