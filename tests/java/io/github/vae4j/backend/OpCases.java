// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import java.util.List;
import java.util.stream.Stream;

/**
 * The cases of all ops, on operands that are ordinary, odd-sized and extreme. {@link OpSuite} runs
 * them as an equivalence test of a backend; benchmarks run {@link #large()}.
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
            AttentionCases.all(),
            ConvCases.all(),
            DataCases.all(),
            DenseCases.all(),
            FlowCases.all(),
            GroupNormCases.all(),
            ImageCases.all(),
            LatentCases.all(),
            LossCases.all(),
            NormCases.all(),
            OptimizerCases.all(),
            OrderCases.all(),
            PenaltyCases.all(),
            PriorCases.all(),
            WeightCases.all())
        .flatMap(List::stream)
        .toList();
  }

  /**
   * The cases worth timing: the shapes of 784-400-20-400-784 at batches 128 and 1024, and of
   * conv64.
   *
   * @return ops on large operands
   */
  public static List<OpCase> large() {
    return Stream.of(
            AttentionCases.large(),
            ConvCases.large(),
            DataCases.large(),
            DenseCases.large(),
            FlowCases.large(),
            GroupNormCases.large(),
            ImageCases.large(),
            LatentCases.large(),
            LossCases.large(),
            NormCases.large(),
            OptimizerCases.large(),
            OrderCases.large(),
            PenaltyCases.large(),
            PriorCases.large(),
            WeightCases.large())
        .flatMap(List::stream)
        .toList();
  }
}
