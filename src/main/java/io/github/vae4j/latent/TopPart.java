// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.latent;

import io.github.vae4j.backend.Estimator;
import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.GaussianPrior;
import io.github.vae4j.backend.op.GaussianPriorBackward;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.TopLevel;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.NetStage;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.net.Pass;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A second stochastic layer: one sample y of q(y|z) for each z, p(z|y) as the prior of z and N(0,
 * I) as the prior of y. The layer takes each sample of z as a row.
 */
final class TopPart implements LatentPart {
  private final Pass pass;
  private final LatentStage.Noise noise;
  private final int batch;
  private final NetStage encoder;
  private final Reparameterize sample;
  private final NetStage decoder;
  private final GaussianPrior prior;
  private final Tensor ownRatio;

  TopPart(
      Pass pass, VaeSpec spec, TopLevel top, LatentStage.Noise noise, Tensor z, Tensor logRatio) {
    this.pass = pass;
    this.noise = noise;
    batch = z.dim(0);
    int rows = z.rows();
    ParameterLayout layout = pass.parameters().layout();
    encoder = new NetStage(pass, layout.topEncoder(), z.as(rows, spec.latent()));
    ownRatio = pass.tensor(rows, 1);
    sample =
        new Reparameterize(
            encoder.output(),
            pass.tensor(rows, 1, top.latent()),
            pass.tensor(rows),
            null,
            ownRatio,
            noise.control(),
            noise.seed(),
            noise.stream() == Stream.LATENT ? Stream.LATENT_TOP : Stream.EVALUATE_TOP,
            0);
    decoder = new NetStage(pass, layout.topDecoder(), sample.z());
    prior = new GaussianPrior(z, decoder.output(), logRatio);
  }

  /** FLOAT32 (rows, 1, the top's latent). */
  Tensor y() {
    return sample.z();
  }

  /** log p(y) - log q(y|z) of each sample. */
  Tensor ownRatio() {
    return ownRatio;
  }

  @Override
  public List<Op> forward() {
    List<Op> forward = new ArrayList<>(encoder.forward());
    forward.addAll(noise.ops(sample, batch));
    forward.addAll(decoder.forward());
    forward.add(prior);
    forward.add(new Add(ownRatio, prior.logRatio()));
    return forward;
  }

  @Override
  public List<Op> backward(
      Parameters gradients, EncoderStage.Gradient head, Tensor dz, Share share) {
    Tensor dPrior = pass.tensor(decoder.output().shape());
    Tensor dy = pass.tensor(y().shape());
    Tensor dStats = pass.tensor(encoder.output().shape());
    Tensor dAbove = pass.tensor(dz.rows(), dz.dim(-1));
    Tensor weight = share.weight();
    List<Op> backward = new ArrayList<>();
    backward.add(
        new GaussianPriorBackward(prior, weight, dz, dPrior, sample.control(), share.scale()));
    backward.addAll(decoder.backward(gradients, dPrior, dy));
    backward.add(
        new ReparameterizeBackward(
            sample,
            dy,
            weight == null ? null : weight.as(dz.rows(), 1),
            dStats,
            1,
            share.scale(),
            0,
            false,
            Estimator.SAMPLED));
    backward.addAll(encoder.backward(gradients, dStats, dAbove));
    backward.add(new Add(dAbove, dz));
    return backward;
  }

  @Override
  public List<Op> update(Tensor status) {
    List<Op> update = new ArrayList<>(encoder.update(status));
    update.addAll(decoder.update(status));
    return update;
  }
}
