// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.metrics.Moments;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.numeric.Elementary;

/** Weighted means over rows of the terms of the bound. */
final class EvaluationMeans {
  private static final double ACTIVE_VARIANCE = 0.01;

  private final boolean levels;
  private final PosteriorCodes codes;
  private final float[] mean;
  private final float[] logvars;
  private final Moments elbo = new Moments();
  private final Moments reconstruction = new Moments();
  private final Moments kl = new Moments();
  private final Moments entropy = new Moments();
  private final Moments sampledElbo = new Moments();
  private final Moments sampledKl = new Moments();
  private final Moments sampledEntropy = new Moments();
  private final Moments[] means;
  private final Moments[] klPerDimension;

  EvaluationMeans(VaeSpec spec) {
    int latent = spec.latent();
    levels = spec.latents().top() != null;
    codes = new PosteriorCodes(spec);
    mean = new float[latent];
    logvars = new float[latent];
    means = moments(latent);
    klPerDimension = moments(latent);
  }

  private static Moments[] moments(int count) {
    Moments[] all = new Moments[count];
    for (int i = 0; i < count; i++) {
      all[i] = new Moments();
    }
    return all;
  }

  void add(RowTerms row, double weight) {
    elbo.add(row.elbo(), weight);
    reconstruction.add(row.reconstruction(), weight);
    kl.add(row.kl(), weight);
    sampledElbo.add(row.reconstruction() + row.logRatio(), weight);
    sampledKl.add(-row.logRatio(), weight);
    sampledEntropy.add(-row.logPosterior(), weight);
    double closed = codes.read(row.head(), row.number(), mean, logvars, 0);
    for (int j = 0; j < mean.length; j++) {
      double marginal = Reparameterize.clamp(logvars[j]);
      means[j].add(mean[j], weight);
      double square = (double) mean[j] * mean[j];
      klPerDimension[j].add((Elementary.exp(marginal) + square - 1 - marginal) / 2, weight);
    }
    entropy.add(levels || Double.isNaN(closed) ? -row.logPosterior() : closed, weight);
  }

  Evaluation evaluation(int rows, int samples) {
    double[] klMeans = new double[means.length];
    int active = 0;
    for (int j = 0; j < means.length; j++) {
      klMeans[j] = klPerDimension[j].mean();
      active += means[j].variance() > ACTIVE_VARIANCE ? 1 : 0;
    }
    return new Evaluation(
        rows,
        samples,
        elbo.mean(),
        elbo.standardError(),
        reconstruction.mean(),
        kl.mean(),
        elbo.mean() - entropy.mean(),
        entropy.mean(),
        klMeans,
        active,
        new Evaluation.Sampled(
            sampledElbo.mean(),
            sampledElbo.standardError(),
            sampledKl.mean(),
            sampledElbo.mean() - sampledEntropy.mean(),
            sampledEntropy.mean()));
  }
}
