// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.Activate;
import io.github.vae4j.backend.op.ActivateBackward;
import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.Attention;
import io.github.vae4j.backend.op.AttentionBackward;
import io.github.vae4j.backend.op.BatchNorm;
import io.github.vae4j.backend.op.BatchNormBackward;
import io.github.vae4j.backend.op.Conv;
import io.github.vae4j.backend.op.ConvBackward;
import io.github.vae4j.backend.op.ConvTranspose;
import io.github.vae4j.backend.op.ConvTransposeBackward;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.CopyColumns;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.Dropout;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.backend.op.GaussianPrior;
import io.github.vae4j.backend.op.GaussianPriorBackward;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.GroupNorm;
import io.github.vae4j.backend.op.GroupNormBackward;
import io.github.vae4j.backend.op.ImportanceWeights;
import io.github.vae4j.backend.op.LayerNorm;
import io.github.vae4j.backend.op.LayerNormBackward;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.op.MixturePrior;
import io.github.vae4j.backend.op.MixturePriorBackward;
import io.github.vae4j.backend.op.MmdPenalty;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.PixelShuffle;
import io.github.vae4j.backend.op.PlanarFlow;
import io.github.vae4j.backend.op.PlanarFlowBackward;
import io.github.vae4j.backend.op.Pool;
import io.github.vae4j.backend.op.PoolBackward;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import io.github.vae4j.backend.op.RunningAverage;
import io.github.vae4j.backend.op.SampleWeights;
import io.github.vae4j.backend.op.SampledKl;
import io.github.vae4j.backend.op.SwapAxes;
import io.github.vae4j.backend.op.TotalCorrelation;
import io.github.vae4j.backend.op.TotalCorrelationBackward;
import io.github.vae4j.backend.op.TriangularMap;
import io.github.vae4j.backend.op.TriangularMapBackward;
import io.github.vae4j.backend.op.Upsample;
import io.github.vae4j.backend.op.UpsampleBackward;
import io.github.vae4j.dispatch.SealedTable;

/** The loops of each op. Loaded with the first program, so that a backend opens without it. */
final class LoopTable {
  static final SealedTable<Op, ReferenceBackend, Runnable> LOOPS =
      SealedTable.<Op, ReferenceBackend, Runnable>of(Op.class)
          .with(Gather.class, GatherLoops::of)
          .with(Dense.class, DenseLoops::forward)
          .with(DenseBackward.class, DenseLoops::backward)
          .with(Conv.class, ConvLoops::forward)
          .with(ConvBackward.class, ConvLoops::backward)
          .with(ConvTranspose.class, ConvLoops::forward)
          .with(ConvTransposeBackward.class, ConvLoops::backward)
          .with(Reparameterize.class, ReparameterizeLoops::forward)
          .with(ReparameterizeBackward.class, ReparameterizeLoops::backward)
          .with(Add.class, MemoryLoops::add)
          .with(SampledKl.class, PriorLoops::sampledKl)
          .with(MixturePrior.class, MixtureLoops::forward)
          .with(MixturePriorBackward.class, MixtureLoops::backward)
          .with(PlanarFlow.class, PlanarLoops::forward)
          .with(PlanarFlowBackward.class, PlanarLoops::backward)
          .with(TriangularMap.class, TriangularLoops::forward)
          .with(TriangularMapBackward.class, TriangularLoops::backward)
          .with(GaussianPrior.class, PriorLoops::forward)
          .with(GaussianPriorBackward.class, PriorLoops::backward)
          .with(LikelihoodLoss.class, LikelihoodLoops::new)
          .with(SampleWeights.class, SampleWeightLoops::of)
          .with(ImportanceWeights.class, ImportanceLoops::of)
          .with(MmdPenalty.class, MmdLoops::new)
          .with(TotalCorrelation.class, TotalCorrelationLoops::forward)
          .with(TotalCorrelationBackward.class, TotalCorrelationLoops::backward)
          .with(GlobalNorm.class, OptimizerLoops::globalNorm)
          .with(RecordMetrics.class, OptimizerLoops::recordMetrics)
          .with(AdamUpdate.class, OptimizerLoops::adam)
          .with(Copy.class, MemoryLoops::copy)
          .with(CopyColumns.class, MemoryLoops::copyColumns)
          .with(Dropout.class, DropoutLoops::of)
          .with(BatchNorm.class, NormLoops::batch)
          .with(BatchNormBackward.class, NormLoops::batchBackward)
          .with(LayerNorm.class, NormLoops::layer)
          .with(LayerNormBackward.class, NormLoops::layerBackward)
          .with(RunningAverage.class, NormLoops::runningAverage)
          .with(GroupNorm.class, GroupNormLoops::forward)
          .with(GroupNormBackward.class, GroupNormLoops::backward)
          .with(Attention.class, AttentionLoops::forward)
          .with(AttentionBackward.class, AttentionLoops::backward)
          .with(Pool.class, PoolLoops::forward)
          .with(PoolBackward.class, PoolLoops::backward)
          .with(Upsample.class, UpsampleLoops::forward)
          .with(UpsampleBackward.class, UpsampleLoops::backward)
          .with(PixelShuffle.class, OrderLoops::pixelShuffle)
          .with(SwapAxes.class, OrderLoops::swapAxes)
          .with(Activate.class, ActivateLoops::forward)
          .with(ActivateBackward.class, ActivateLoops::backward)
          .complete();

  private LoopTable() {}
}
