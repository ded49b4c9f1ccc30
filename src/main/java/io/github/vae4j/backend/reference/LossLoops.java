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
    Floats nll = Floats.of(op.nll());
    @Nullable Floats dParameters = op.dParameters() == null ? null : Floats.of(op.dParameters());
    int width = likelihood.parameters(op.features());
    double[] rowParameters = new double[width];
    double[] rowX = new double[op.features()];
    double[] rowGradient = new double[width];
    return () -> {
      for (int r = 0; r < op.batch() * op.samples(); r++) {
        for (int k = 0; k < width; k++) {
          rowParameters[k] = parameters.get(r * width + k);
        }
        for (int d = 0; d < rowX.length; d++) {
          rowX[d] = x.get(r / op.samples() * rowX.length + d);
        }
        nll.set(r, likelihood.negativeLogLikelihood(rowParameters, rowX, rowGradient));
        if (dParameters != null) {
          for (int k = 0; k < width; k++) {
            dParameters.set(r * width + k, op.scale() * rowGradient[k]);
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
