// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.cuda.driver.Step;
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
import java.util.List;

/** The plan of each op. Loaded with the first program, so that a backend opens without it. */
final class PlanTable {
  static final SealedTable<Op, Planner, List<Step>> PLANS =
      SealedTable.<Op, Planner, List<Step>>of(Op.class)
          .with(Gather.class, DataPlans::gather)
          .with(Dense.class, DensePlans::forward)
          .with(DenseBackward.class, DensePlans::backward)
          .with(Conv.class, ConvPlans::forward)
          .with(ConvBackward.class, ConvPlans::backward)
          .with(ConvTranspose.class, ConvPlans::transposed)
          .with(ConvTransposeBackward.class, ConvPlans::transposedBackward)
          .with(Reparameterize.class, LatentPlans::forward)
          .with(ReparameterizeBackward.class, LatentPlans::backward)
          .with(Add.class, DataPlans::add)
          .with(SampledKl.class, PriorPlans::sampledKl)
          .with(MixturePrior.class, PriorPlans::mixture)
          .with(MixturePriorBackward.class, PriorPlans::mixtureBackward)
          .with(PlanarFlow.class, FlowPlans::forward)
          .with(PlanarFlowBackward.class, FlowPlans::backward)
          .with(TriangularMap.class, FlowPlans::triangular)
          .with(TriangularMapBackward.class, FlowPlans::triangularBackward)
          .with(GaussianPrior.class, PriorPlans::gaussian)
          .with(GaussianPriorBackward.class, PriorPlans::gaussianBackward)
          .with(LikelihoodLoss.class, LikelihoodPlans::likelihood)
          .with(SampleWeights.class, WeightPlans::sampleWeights)
          .with(ImportanceWeights.class, WeightPlans::importanceWeights)
          .with(MmdPenalty.class, PenaltyPlans::mmd)
          .with(TotalCorrelation.class, PenaltyPlans::totalCorrelation)
          .with(TotalCorrelationBackward.class, PenaltyPlans::totalCorrelationBackward)
          .with(GlobalNorm.class, OptimizerPlans::globalNorm)
          .with(RecordMetrics.class, OptimizerPlans::recordMetrics)
          .with(AdamUpdate.class, OptimizerPlans::adam)
          .with(Copy.class, DataPlans::copy)
          .with(CopyColumns.class, DataPlans::copyColumns)
          .with(Dropout.class, NormPlans::dropout)
          .with(BatchNorm.class, NormPlans::batch)
          .with(BatchNormBackward.class, NormPlans::batchBackward)
          .with(LayerNorm.class, NormPlans::layer)
          .with(LayerNormBackward.class, NormPlans::layerBackward)
          .with(RunningAverage.class, NormPlans::runningAverage)
          .with(GroupNorm.class, GroupNormPlans::group)
          .with(GroupNormBackward.class, GroupNormPlans::groupBackward)
          .with(Attention.class, AttentionPlans::forward)
          .with(AttentionBackward.class, AttentionPlans::backward)
          .with(Activate.class, DataPlans::activate)
          .with(ActivateBackward.class, DataPlans::activateBackward)
          .with(Pool.class, ImagePlans::pool)
          .with(PoolBackward.class, ImagePlans::poolBackward)
          .with(Upsample.class, ImagePlans::upsample)
          .with(UpsampleBackward.class, ImagePlans::upsampleBackward)
          .with(PixelShuffle.class, ImagePlans::pixelShuffle)
          .with(SwapAxes.class, ImagePlans::swapAxes)
          .complete();

  private PlanTable() {}
}
