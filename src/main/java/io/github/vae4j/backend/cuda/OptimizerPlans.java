// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.cuda.driver.Arguments;
import io.github.vae4j.backend.cuda.driver.Launch;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.tensor.Tensor;
import java.util.List;

/** {@link GlobalNorm}, {@link RecordMetrics} and {@link AdamUpdate}. */
final class OptimizerPlans {
  private static final int THREADS = 256;

  /** The greatest number of chunks: one block adds them, one per thread. */
  private static final int MAX_NORM_CHUNKS = 256;

  /** The size of the kernel's struct Update. */
  private static final int UPDATE_BYTES = 512;

  private OptimizerPlans() {}

  static List<Step> globalNorm(Planner planner, GlobalNorm op) {
    long n = op.gradients().length();
    int chunks = normChunks(n);
    return List.of(
        planner.launch(
            "global_norm",
            "global_norm",
            Launch.Shape.line(chunks, THREADS),
            planner
                .arguments()
                .tensor(op.gradients())
                .tensor(op.norm())
                .pointer(planner.scratch((long) chunks * Double.BYTES))
                .pointer(planner.scratch(Integer.BYTES))
                .integer64(n)));
  }

  static List<Step> recordMetrics(Planner planner, RecordMetrics op) {
    return List.of(
        planner.launch(
            "record_metrics",
            "record_metrics",
            Launch.Shape.line(1, THREADS),
            metrics(planner, op, planner.arguments())
                .tensor(op.norm())
                .block(op.control().buffer())));
  }

  static List<Step> adam(Planner planner, AdamUpdate op) {
    Arguments arguments =
        arenas(planner, op, planner.arguments())
            .tensor(op.norm())
            .tensor(op.status())
            .tensor(op.state())
            .block(op.control().buffer())
            .pointer(planner.scratch(Integer.BYTES));
    return List.of(
        planner.launch(
            "adam",
            "adam",
            Launch.Shape.line(quadBlocks(op.parameters().length()), THREADS),
            settings(op, arguments)));
  }

  /** The three ops as one launch, for the same norm, status, gradients and control. */
  static Step update(Planner planner, RecordMetrics metrics, AdamUpdate op) {
    long n = op.parameters().length();
    int chunks = normChunks(n);
    Arguments arguments = arenas(planner, op, planner.arguments());
    arguments = settings(op, metrics(planner, metrics, arguments));
    return planner.launch(
        "update",
        "update",
        Launch.Shape.line(quadBlocks(n), THREADS),
        arguments
            .tensor(op.norm())
            .tensor(op.state())
            .block(op.control().buffer())
            .pointer(planner.scratch((long) chunks * Double.BYTES))
            .pointer(planner.scratch(UPDATE_BYTES))
            .integer(chunks));
  }

  /** The number of chunks of the norm's sum, which depends only on n. */
  private static int normChunks(long n) {
    return (int) Math.min(MAX_NORM_CHUNKS, quadBlocks(n));
  }

  /** Blocks of threads that own four elements each. */
  private static long quadBlocks(long n) {
    return Grids.ceilDiv(n, 4 * THREADS);
  }

  /** The kernels' struct AdamArenas. */
  private static Arguments arenas(Planner planner, AdamUpdate op, Arguments arguments) {
    return arguments.words(
        planner.address(op.parameters()),
        planner.address(op.gradients()),
        planner.address(op.m()),
        planner.address(op.v()),
        planner.address(op.average()),
        op.parameters().length());
  }

  /** The kernels' struct Metrics. */
  private static Arguments metrics(Planner planner, RecordMetrics op, Arguments arguments) {
    Tensor penalty = op.penalty();
    return arguments.words(
        planner.address(op.nll()),
        planner.address(op.kl()),
        planner.address(op.bound()),
        planner.address(penalty),
        planner.address(op.ring()),
        planner.address(op.status()),
        op.nll().length(),
        op.kl().length(),
        penalty == null ? 0 : penalty.length(),
        op.ring().dim(0),
        Double.doubleToRawLongBits(op.mostNorm()));
  }

  /** The kernels' struct AdamSettings. */
  private static Arguments settings(AdamUpdate op, Arguments arguments) {
    return arguments.doublesAndFlag(
        op.decoupled(),
        op.beta1(),
        op.beta2(),
        op.epsilon(),
        op.weightDecay(),
        op.clipNorm(),
        op.emaDecay());
  }
}
