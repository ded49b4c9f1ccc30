package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.ImportanceWeights;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.likelihood.Likelihood;
import org.jspecify.annotations.Nullable;

/** {@link LikelihoodLoss} and {@link ImportanceWeights}. */
final class LossLoops {
  private LossLoops() {}

  static Runnable likelihood(LikelihoodLoss op) {
    Likelihood likelihood = op.likelihood();
    Floats parameters = Floats.of(op.parameters());
    Floats x = Floats.of(op.x());
    @Nullable Floats mask = op.mask() == null ? null : Floats.of(op.mask());
    @Nullable Floats rowWeight = op.rowWeight() == null ? null : Floats.of(op.rowWeight());
    Floats nll = Floats.of(op.nll());
    @Nullable Floats dParameters = op.dParameters() == null ? null : Floats.of(op.dParameters());
    int features = op.features();
    int rows = op.batch() * op.samples();
    int width = likelihood.parameters(features);
    double[] rowParameters = new double[width];
    double[] rowX = new double[features];
    boolean @Nullable [] observed = mask == null ? null : new boolean[features];
    double[] rowGradient = new double[width];
    return () -> {
      for (int r = 0; r < rows; r++) {
        int b = r / op.samples();
        for (int k = 0; k < width; k++) {
          rowParameters[k] = parameters.get(r * width + k);
        }
        for (int d = 0; d < features; d++) {
          rowX[d] = x.get(b * features + d);
          if (mask != null && observed != null) {
            observed[d] = mask.get(b * features + d) != 0;
          }
        }
        nll.set(r, likelihood.negativeLogLikelihood(rowParameters, rowX, observed, rowGradient));
        if (dParameters != null) {
          double weight = rowWeight == null ? 1 : rowWeight.get(r / (rows / rowWeight.length()));
          for (int k = 0; k < width; k++) {
            double gradient = weight == 0 ? 0 : op.scale() * weight * rowGradient[k];
            dParameters.set(r * width + k, gradient);
          }
        }
      }
    };
  }

  static Runnable importanceWeights(ImportanceWeights op) {
    Floats nll = Floats.of(op.nll());
    Floats logRatio = Floats.of(op.logRatio());
    Doubles state = Doubles.of(op.state());
    return () -> {
      for (int b = 0; b < op.batch(); b++) {
        double max = state.get(3 * b);
        double sum = state.get(3 * b + 1);
        double squares = state.get(3 * b + 2);
        for (int r = b * op.samples(); r < (b + 1) * op.samples(); r++) {
          double logWeight = logRatio.get(r) - nll.get(r);
          if (logWeight == Double.NEGATIVE_INFINITY) {
            continue;
          }
          double newMax = Math.max(max, logWeight);
          sum = sum * Math.exp(max - newMax) + Math.exp(logWeight - newMax);
          squares = squares * Math.exp(2 * (max - newMax)) + Math.exp(2 * (logWeight - newMax));
          max = newMax;
        }
        state.set(3 * b, max);
        state.set(3 * b + 1, sum);
        state.set(3 * b + 2, squares);
      }
    };
  }
}
