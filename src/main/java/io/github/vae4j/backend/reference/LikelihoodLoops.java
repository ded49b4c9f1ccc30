// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.likelihood.Block;
import io.github.vae4j.likelihood.GaussianOptimal;
import io.github.vae4j.likelihood.Likelihood;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@link LikelihoodLoss}, computed by the likelihoods of {@code io.github.vae4j.likelihood}, row by
 * row.
 */
final class LikelihoodLoops implements Runnable {
  private final LikelihoodLoss op;
  private final Likelihood likelihood;
  private final Floats parameters;
  private final @Nullable Floats shared;
  private final Floats x;
  private final @Nullable Floats mask;
  private final @Nullable Floats rowWeight;
  private final Floats nll;
  private final @Nullable Floats dParameters;
  private final @Nullable Floats dShared;
  private final int samples;
  private final int features;
  private final int rows;
  private final int outputs;

  LikelihoodLoops(LikelihoodLoss op) {
    this.op = op;
    likelihood = op.likelihood();
    parameters = Floats.of(op.parameters());
    shared = Floats.may(op.shared());
    x = Floats.of(op.x());
    mask = Floats.may(op.mask());
    rowWeight = Floats.may(op.rowWeight());
    nll = Floats.of(op.nll());
    dParameters = Floats.may(op.dParameters());
    dShared = Floats.may(op.dShared());
    samples = op.nll().dim(1);
    features = op.x().dim(1);
    rows = op.nll().dim(0) * samples;
    outputs = op.parameters().dim(2);
  }

  @Override
  public void run() {
    for (Block block : likelihood.blocks(features)) {
      if (block.likelihood() instanceof GaussianOptimal && shared != null && dShared != null) {
        setVariance(block, shared);
      }
    }
    int sharedCount = shared == null ? 0 : shared.length();
    double[] own = new double[outputs + sharedCount];
    double[] gradient = new double[own.length];
    double[] sharedGradient = new double[sharedCount];
    double[] ownX = new double[features];
    boolean[] observed = new boolean[features];
    for (int j = 0; j < sharedCount && shared != null; j++) {
      own[outputs + j] = shared.get(j);
    }
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < outputs; k++) {
        own[k] = parameters.get(r * outputs + k);
      }
      for (int d = 0; d < ownX.length; d++) {
        ownX[d] = x(r, d);
        observed[d] = observed(r, d);
      }
      nll.set(r, likelihood.negativeLogLikelihood(own, ownX, observed, gradient));
      if (dParameters != null) {
        scale(gradient, weight(r));
        for (int k = 0; k < outputs; k++) {
          dParameters.set(r * outputs + k, gradient[k]);
        }
        for (int j = 0; j < sharedCount; j++) {
          sharedGradient[j] += gradient[outputs + j];
        }
      }
    }
    if (dShared != null) {
      setSharedGradient(sharedGradient, dShared);
    }
  }

  private void setSharedGradient(double[] gradient, Floats target) {
    for (Block block : likelihood.blocks(features)) {
      for (int j = block.shared(); j < block.shared() + block.sharedCount(); j++) {
        target.set(j, block.likelihood() instanceof GaussianOptimal ? 0 : gradient[j]);
      }
    }
  }

  private void setVariance(Block block, Floats shared) {
    double squares = 0;
    double weights = 0;
    for (int r = 0; r < rows; r++) {
      double weight = weight(r);
      for (int i = 0; i < block.columns() && weight != 0; i++) {
        if (observed(r, block.column() + i)) {
          double mean = parameters.get(r * outputs + block.parameter() + i);
          double error = x(r, block.column() + i) - mean;
          squares += weight * error * error;
          weights += weight;
        }
      }
    }
    double logVariance = GaussianOptimal.logVariance(squares, weights);
    if (Double.isFinite(logVariance)) {
      shared.set(block.shared(), logVariance);
    }
  }

  private void scale(double[] gradient, double weight) {
    if (weight == 0) {
      Arrays.fill(gradient, 0);
      return;
    }
    for (int k = 0; k < gradient.length; k++) {
      gradient[k] *= op.scale() * weight;
    }
  }

  private double x(int row, int feature) {
    return x.get(row / samples * features + feature);
  }

  private boolean observed(int row, int feature) {
    return mask == null || mask.get(row / samples * features + feature) != 0;
  }

  private double weight(int row) {
    return rowWeight == null ? 1 : rowWeight.get(row / (rows / rowWeight.length()));
  }
}
