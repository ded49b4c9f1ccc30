// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.cuda.driver.Launch;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.backend.op.GaussianPrior;
import io.github.vae4j.backend.op.GaussianPriorBackward;
import io.github.vae4j.backend.op.MixturePrior;
import io.github.vae4j.backend.op.MixturePriorBackward;
import io.github.vae4j.backend.op.SampledKl;
import java.util.List;

/**
 * {@link SampledKl}, {@link MixturePrior}, {@link GaussianPrior} and the gradients of the last two.
 */
final class PriorPlans {
  private static final int THREADS = 256;
  private static final int ROW_THREADS = 128;
  private static final int WARP = 32;

  /** The rows of a block with one warp per row. */
  private static final int WARP_ROWS = ROW_THREADS / WARP;

  /** Columns of a block of mixture_prior_dcomponents. */
  private static final int STRIP = 4 * WARP;

  private PriorPlans() {}

  static List<Step> sampledKl(Planner planner, SampledKl op) {
    return List.of(
        planner.launch(
            "sampled_kl",
            "sampled_kl",
            Launch.Shape.line(Grids.ceilDiv(op.logRatio().dim(0), WARP_ROWS), ROW_THREADS),
            planner
                .arguments()
                .tensor(op.logRatio())
                .tensor(op.kl())
                .integer(op.logRatio().dim(0))
                .integer(op.logRatio().dim(1))));
  }

  static List<Step> mixture(Planner planner, MixturePrior op) {
    return List.of(
        planner.launch(
            "mixture_prior",
            "mixture_prior",
            Launch.Shape.line(Grids.ceilDiv(op.z().rows(), WARP_ROWS), ROW_THREADS),
            planner
                .arguments()
                .tensor(op.z())
                .tensor(op.components())
                .tensor(op.logits())
                .tensor(op.responsibilities())
                .tensor(op.logRatio())
                .integer(op.z().rows())
                .integer(op.z().dim(-1))
                .integer(op.components().dim(0))
                .integer(Grids.lanes(op.z().dim(-1), WARP))));
  }

  static List<Step> mixtureBackward(Planner planner, MixturePriorBackward op) {
    MixturePrior forward = op.forward();
    int rows = op.dz().rows();
    int latent = op.dz().dim(-1);
    int count = op.dComponents().dim(0);
    Step samples =
        planner.launch(
            "mixture_prior_backward",
            "mixture_prior_dz",
            byQuads(rows, latent),
            planner
                .arguments()
                .tensor(forward.z())
                .tensor(forward.components())
                .tensor(forward.responsibilities())
                .tensor(op.weight())
                .tensor(op.dz())
                .block(op.control().buffer())
                .integer(rows)
                .integer(latent)
                .integer(count)
                .number(op.scale()));
    int strips = Math.toIntExact(Grids.ceilDiv(latent, STRIP));
    Step components =
        planner.launch(
            "mixture_prior_backward",
            "mixture_prior_dcomponents",
            new Launch.Shape(count, strips, THREADS, 1),
            planner
                .arguments()
                .tensor(forward.z())
                .tensor(forward.components())
                .tensor(forward.logits())
                .tensor(forward.responsibilities())
                .tensor(op.weight())
                .tensor(op.dComponents())
                .tensor(op.dLogits())
                .block(op.control().buffer())
                .integer(rows)
                .integer(latent)
                .integer(count)
                .number(op.scale())
                .integer(Grids.lanes(latent, WARP)));
    return List.of(samples, components);
  }

  static List<Step> gaussian(Planner planner, GaussianPrior op) {
    int rows = op.z().rows();
    int latent = op.z().dim(-1);
    int lanes = Grids.lanes(latent, WARP);
    return List.of(
        planner.launch(
            "gaussian_prior",
            "gaussian_prior",
            Launch.Shape.line(Grids.ceilDiv(rows, THREADS / lanes), THREADS),
            planner
                .arguments()
                .tensor(op.z())
                .tensor(op.components())
                .tensor(op.logRatio())
                .integer(rows)
                .integer(latent)
                .integer(lanes)));
  }

  static List<Step> gaussianBackward(Planner planner, GaussianPriorBackward op) {
    int rows = op.dz().rows();
    int latent = op.dz().dim(-1);
    return List.of(
        planner.launch(
            "gaussian_prior_backward",
            "gaussian_prior_backward",
            byQuads(rows, latent),
            planner
                .arguments()
                .tensor(op.forward().z())
                .tensor(op.forward().components())
                .tensor(op.weight())
                .tensor(op.dz())
                .tensor(op.dComponents())
                .block(op.control().buffer())
                .integer(rows)
                .integer(latent)
                .number(op.scale())));
  }

  /** A launch with one thread for each four columns of each row. */
  private static Launch.Shape byQuads(int rows, int latent) {
    long threads = rows * Grids.ceilDiv(latent, 4);
    return Launch.Shape.line(Grids.ceilDiv(threads, ROW_THREADS), ROW_THREADS);
  }
}
