package io.github.vae4j.backend.cuda;

import io.github.vae4j.VaeException;
import io.github.vae4j.backend.op.ImportanceWeights;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.op.SampleWeights;
import io.github.vae4j.likelihood.Likelihood;
import java.util.List;

/** {@link LikelihoodLoss}, {@link ImportanceWeights} and {@link SampleWeights}. */
final class LossPlans {
  private static final int THREADS = 256;

  /** Rows a block of importance_weights or sample_weights owns: one a warp. */
  private static final int WEIGHT_ROWS = 4;

  /** The size of the kernels' struct Constants. */
  private static final int CONSTANTS = 4;

  private LossPlans() {}

  static List<Step> likelihood(Planner planner, LikelihoodLoss op) {
    refuse(op);
    String kernel = kernel(op.likelihood());
    int lanes = Grids.lanes(op.features(), THREADS);
    long rows = (long) op.batch() * op.samples();
    return List.of(
        planner.launch(
            kernel,
            kernel,
            Launch.Shape.line(Grids.ceilDiv(rows, THREADS / lanes), THREADS),
            planner
                .arguments()
                .buffer(op.parameters())
                .buffer(op.x())
                .buffer(op.nll())
                .buffer(op.dParameters())
                .integer(Math.toIntExact(rows))
                .integer(op.samples())
                .integer(op.features())
                .number(op.scale())
                .integer(lanes)
                .floats(constants(op.likelihood()))));
  }

  /** The kernel's file and name follow from the likelihood's: there is no list to keep. */
  private static String kernel(Likelihood likelihood) {
    return "likelihood_" + likelihood.name().replace('-', '_');
  }

  /** Whether there is a kernel for a likelihood. */
  static boolean hasKernel(Likelihood likelihood) {
    return KernelSources.exists(kernel(likelihood));
  }

  /** What the kernels do not compute is refused, not left out. */
  private static void refuse(LikelihoodLoss op) {
    if (!hasKernel(op.likelihood())) {
      throw missing("likelihood " + op.likelihood());
    }
    if (op.mask() != null) {
      throw missing("missing values (a mask)");
    }
    if (op.rowWeight() != null) {
      throw missing("weights of rows");
    }
  }

  private static VaeException missing(String what) {
    return new VaeException("the cuda backend has no kernel for " + what + "; use --backend cpu");
  }

  static List<Step> importanceWeights(Planner planner, ImportanceWeights op) {
    return List.of(
        planner.launch(
            "importance_weights",
            "importance_weights",
            Launch.Shape.line(Grids.ceilDiv(op.batch(), WEIGHT_ROWS), WEIGHT_ROWS * 32),
            planner
                .arguments()
                .buffer(op.nll())
                .buffer(op.logRatio())
                .buffer(op.state())
                .integer(op.batch())
                .integer(op.samples())));
  }

  static List<Step> sampleWeights(Planner planner, SampleWeights op) {
    return List.of(
        planner.launch(
            "sample_weights",
            "sample_weights",
            Launch.Shape.line(Grids.ceilDiv(op.batch(), WEIGHT_ROWS), WEIGHT_ROWS * 32),
            planner
                .arguments()
                .buffer(op.nll())
                .buffer(op.logRatio())
                .buffer(op.rowWeight())
                .buffer(op.weight())
                .buffer(op.bound())
                .buffer(op.control().buffer())
                .integer(op.batch())
                .integer(op.samples())
                .integer(op.groups())
                .number(1 - op.alpha())));
  }

  private static float[] constants(Likelihood likelihood) {
    double[] given = likelihood.constants();
    if (given.length > CONSTANTS) {
      throw new IllegalArgumentException(
          "likelihood "
              + likelihood
              + ": kernels take at most "
              + CONSTANTS
              + " constants, given "
              + given.length);
    }
    float[] constants = new float[CONSTANTS];
    for (int i = 0; i < given.length; i++) {
      constants[i] = (float) given[i];
    }
    return constants;
  }
}
