package io.github.vae4j.backend.cuda;

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

  /** Rows of a block of which each is a warp's. */
  private static final int WARP_ROWS = ROW_THREADS / WARP;

  /** Columns of a block of mixture_prior_dcomponents. */
  private static final int STRIP = 4 * WARP;

  private PriorPlans() {}

  static List<Step> sampledKl(Planner planner, SampledKl op) {
    return List.of(
        planner.launch(
            "sampled_kl",
            "sampled_kl",
            Launch.Shape.line(Grids.ceilDiv(op.batch(), WARP_ROWS), ROW_THREADS),
            planner
                .arguments()
                .buffer(op.logRatio())
                .buffer(op.kl())
                .integer(op.batch())
                .integer(op.samples())));
  }

  static List<Step> mixture(Planner planner, MixturePrior op) {
    return List.of(
        planner.launch(
            "mixture_prior",
            "mixture_prior",
            Launch.Shape.line(Grids.ceilDiv(op.rows(), WARP_ROWS), ROW_THREADS),
            planner
                .arguments()
                .buffer(op.z())
                .buffer(op.components())
                .buffer(op.logits())
                .buffer(op.responsibilities())
                .buffer(op.logRatio())
                .integer(op.rows())
                .integer(op.latent())
                .integer(op.componentCount())
                .integer(Grids.lanes(op.latent(), WARP))));
  }

  static List<Step> mixtureBackward(Planner planner, MixturePriorBackward op) {
    Step samples =
        planner.launch(
            "mixture_prior_backward",
            "mixture_prior_dz",
            byQuads(op.rows(), op.latent()),
            planner
                .arguments()
                .buffer(op.z())
                .buffer(op.components())
                .buffer(op.responsibilities())
                .buffer(op.weight())
                .buffer(op.dz())
                .control(op.control())
                .integer(op.rows())
                .integer(op.latent())
                .integer(op.componentCount())
                .number(op.scale()));
    int strips = Math.toIntExact(Grids.ceilDiv(op.latent(), STRIP));
    Step components =
        planner.launch(
            "mixture_prior_backward",
            "mixture_prior_dcomponents",
            new Launch.Shape(op.componentCount(), strips, THREADS, 1),
            planner
                .arguments()
                .buffer(op.z())
                .buffer(op.components())
                .buffer(op.logits())
                .buffer(op.responsibilities())
                .buffer(op.weight())
                .buffer(op.dComponents())
                .buffer(op.dLogits())
                .control(op.control())
                .integer(op.rows())
                .integer(op.latent())
                .integer(op.componentCount())
                .number(op.scale())
                .integer(Grids.lanes(op.latent(), WARP)));
    return List.of(samples, components);
  }

  static List<Step> gaussian(Planner planner, GaussianPrior op) {
    int lanes = Grids.lanes(op.latent(), WARP);
    return List.of(
        planner.launch(
            "gaussian_prior",
            "gaussian_prior",
            Launch.Shape.line(Grids.ceilDiv(op.rows(), THREADS / lanes), THREADS),
            planner
                .arguments()
                .buffer(op.z())
                .buffer(op.components())
                .buffer(op.logRatio())
                .integer(op.rows())
                .integer(op.latent())
                .integer(lanes)));
  }

  static List<Step> gaussianBackward(Planner planner, GaussianPriorBackward op) {
    return List.of(
        planner.launch(
            "gaussian_prior_backward",
            "gaussian_prior_backward",
            byQuads(op.rows(), op.latent()),
            planner
                .arguments()
                .buffer(op.z())
                .buffer(op.components())
                .buffer(op.weight())
                .buffer(op.dz())
                .buffer(op.dComponents())
                .control(op.control())
                .integer(op.rows())
                .integer(op.latent())
                .number(op.scale())));
  }

  /** A thread for each four columns of each row. */
  private static Launch.Shape byQuads(int rows, int latent) {
    long threads = rows * Grids.ceilDiv(latent, 4);
    return Launch.Shape.line(Grids.ceilDiv(threads, ROW_THREADS), ROW_THREADS);
  }
}
