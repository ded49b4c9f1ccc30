// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

/**
 * The closed set of ops. A record holds an op's tensors and settings and states its mathematics.
 * Its constructor checks them: a wrong one is an {@link IllegalArgumentException} that names the
 * op, the argument, the expected value and the given one. A {@link io.github.vae4j.backend.Backend}
 * computes. A buffer's length is exactly that of its shape: pass a slice of a longer one. Unless an
 * op says otherwise, no buffer that it writes overlaps another of its operands. All matrices are
 * row-major and dense, written (rows, columns). All sums over a batch run in a fixed order.
 */
public sealed interface Op
    permits AdamUpdate,
        Add,
        BatchNorm,
        BatchNormBackward,
        Copy,
        CopyColumns,
        Dense,
        DenseBackward,
        Dropout,
        Gather,
        GaussianPrior,
        GaussianPriorBackward,
        GlobalNorm,
        ImportanceWeights,
        LayerNorm,
        LayerNormBackward,
        LikelihoodLoss,
        MmdPenalty,
        MixturePrior,
        MixturePriorBackward,
        PlanarFlow,
        PlanarFlowBackward,
        RecordMetrics,
        Reparameterize,
        ReparameterizeBackward,
        RunningAverage,
        SampleWeights,
        TotalCorrelation,
        TotalCorrelationBackward,
        SampledKl,
        TriangularMap,
        TriangularMapBackward {
  /**
   * The name in messages.
   *
   * @return the record's name, its first letter in lower case, unless the op has a shorter one
   */
  default String name() {
    String name = getClass().getSimpleName();
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }
}
