// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

/**
 * The closed set of ops. A record has an op's tensors and settings, and its Javadoc the
 * mathematics. Its constructor checks them: a wrong operand is an {@link IllegalArgumentException}
 * that names the op, the argument, the expected value and the given one. A {@link
 * io.github.vae4j.backend.Backend} computes. The length of a buffer is exactly that of its shape:
 * pass a slice of a longer buffer. Unless an op's Javadoc allows it, no buffer that the op writes
 * overlaps another of its operands. All matrices are row-major and dense; shapes are written (rows,
 * columns). All sums over a batch run in a fixed order.
 */
public sealed interface Op
    permits Activate,
        ActivateBackward,
        AdamUpdate,
        Add,
        Attention,
        AttentionBackward,
        BatchNorm,
        BatchNormBackward,
        Conv,
        ConvBackward,
        ConvTranspose,
        ConvTransposeBackward,
        Copy,
        CopyColumns,
        Dense,
        DenseBackward,
        Dropout,
        Gather,
        GaussianPrior,
        GaussianPriorBackward,
        GlobalNorm,
        GroupNorm,
        GroupNormBackward,
        ImportanceWeights,
        LayerNorm,
        LayerNormBackward,
        LikelihoodLoss,
        MmdPenalty,
        MixturePrior,
        MixturePriorBackward,
        PixelShuffle,
        PlanarFlow,
        PlanarFlowBackward,
        Pool,
        PoolBackward,
        RecordMetrics,
        Reparameterize,
        ReparameterizeBackward,
        RunningAverage,
        SampleWeights,
        TotalCorrelation,
        TotalCorrelationBackward,
        SampledKl,
        SwapAxes,
        TriangularMap,
        TriangularMapBackward,
        Upsample,
        UpsampleBackward {
  /**
   * The name in messages.
   *
   * @return the record's name, its first letter in lower case, unless the op has a shorter one
   */
  default String name() {
    String name = getClass().getSimpleName();
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  /**
   * The multiplications of its matrix products and convolutions; a product has as many additions.
   *
   * @return 0 for most ops
   */
  default long products() {
    return 0;
  }
}
