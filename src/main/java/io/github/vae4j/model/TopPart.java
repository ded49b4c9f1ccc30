package io.github.vae4j.model;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.Estimator;
import io.github.vae4j.backend.op.GaussianPrior;
import io.github.vae4j.backend.op.GaussianPriorBackward;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A second stochastic layer: one sample y of q(y|z) for each z, p(z|y) as z's prior and N(0, I) as
 * y's.
 */
final class TopPart implements LatentPart {
  private final Ops ops;
  private final Arena arena;
  private final LatentStage.Noise noise;
  private final Stream stream;
  private final Buffer z;
  private final Buffer logRatio;
  private final DenseStack encoder;
  private final DenseStack decoder;
  private final Buffer y;
  private final Buffer kl;
  private final Buffer ownRatio;
  private final int rows;
  private final int latent;
  private final int topLatent;

  TopPart(
      Ops ops,
      Arena arena,
      VaeSpec spec,
      TopLevel top,
      ParameterLayout layout,
      Buffer parameters,
      LatentStage.Noise noise,
      Buffer z,
      Buffer logRatio) {
    this.ops = ops;
    this.arena = arena;
    this.noise = noise;
    this.z = z;
    this.logRatio = logRatio;
    stream = noise.stream() == Stream.LATENT ? Stream.LATENT_TOP : Stream.EVALUATE_TOP;
    rows = Math.toIntExact(logRatio.length());
    latent = spec.latent();
    topLatent = top.latent();
    encoder = new DenseStack(ops, arena, layout.topEncoder(), top.encoder(), parameters, z, rows);
    y = ops.floats(arena, rows, topLatent);
    kl = ops.floats(arena, rows, 1);
    ownRatio = ops.floats(arena, rows, 1);
    decoder = new DenseStack(ops, arena, layout.topDecoder(), top.decoder(), parameters, y, rows);
  }

  /** FLOAT32 (rows, the top's latent). */
  Buffer y() {
    return y;
  }

  /** log p(y) - log q(y|z) of each sample. */
  Buffer ownRatio() {
    return ownRatio;
  }

  @Override
  public List<PreparedOp> forward() {
    List<PreparedOp> forward = new ArrayList<>(encoder.forward());
    forward.add(
        arena.own(
            ops.reparameterize(
                new Reparameterize(
                    encoder.output(),
                    y,
                    kl,
                    null,
                    ownRatio,
                    noise.control(),
                    rows,
                    1,
                    topLatent,
                    noise.seed(),
                    stream,
                    0))));
    forward.addAll(decoder.forward());
    forward.add(
        arena.own(
            ops.gaussianPrior(new GaussianPrior(z, decoder.output(), logRatio, rows, latent))));
    forward.add(arena.own(ops.add(new Add(ownRatio, logRatio))));
    return forward;
  }

  @Override
  public List<PreparedOp> backward(
      Buffer gradients, EncoderStage.Gradient head, Buffer dz, Share share) {
    Buffer dPrior = ops.floats(arena, rows, 2 * latent);
    Buffer dy = ops.floats(arena, rows, topLatent);
    Buffer dStats = ops.floats(arena, rows, 2 * topLatent);
    Buffer dAbove = ops.floats(arena, rows, latent);
    List<PreparedOp> backward = new ArrayList<>();
    backward.add(
        arena.own(
            ops.gaussianPriorBackward(
                new GaussianPriorBackward(
                    z,
                    decoder.output(),
                    share.weight(),
                    dz,
                    dPrior,
                    noise.control(),
                    rows,
                    latent,
                    share.scale()))));
    backward.addAll(decoder.backward(gradients, dPrior, dy));
    backward.add(
        arena.own(
            ops.reparameterizeBackward(
                new ReparameterizeBackward(
                    encoder.output(),
                    dy,
                    null,
                    share.weight(),
                    dStats,
                    noise.control(),
                    rows,
                    1,
                    1,
                    topLatent,
                    noise.seed(),
                    stream,
                    0,
                    share.scale(),
                    0,
                    false,
                    Estimator.SAMPLED))));
    backward.addAll(encoder.backward(gradients, dStats, dAbove));
    backward.add(arena.own(ops.add(new Add(dAbove, dz))));
    return backward;
  }
}
