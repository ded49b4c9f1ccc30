package io.github.vae4j.model;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.PlanarFlow;
import io.github.vae4j.backend.op.PlanarFlowBackward;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import java.util.List;

/** Planar maps after the Gaussian's samples. */
final class PlanarPart implements LatentPart {
  private final Ops ops;
  private final Arena arena;
  private final Control control;
  private final Buffer head;
  private final Buffer z0;
  private final Buffer z;
  private final Buffer tanh;
  private final Buffer logRatio;
  private final int batch;
  private final int samples;
  private final int latent;
  private final int layers;
  private final int width;

  PlanarPart(
      Ops ops,
      Arena arena,
      VaeSpec spec,
      Posterior.Planar posterior,
      Buffer head,
      Control control,
      Buffer z0,
      Buffer z,
      Buffer logRatio,
      int batch) {
    this.ops = ops;
    this.arena = arena;
    this.control = control;
    this.head = head;
    this.z0 = z0;
    this.z = z;
    this.logRatio = logRatio;
    this.batch = batch;
    samples = Math.toIntExact(logRatio.length() / batch);
    latent = spec.latent();
    layers = posterior.layers();
    width = spec.posteriorColumns();
    tanh = ops.floats(arena, batch * samples, layers);
  }

  @Override
  public List<PreparedOp> forward() {
    return List.of(
        arena.own(
            ops.planarFlow(
                new PlanarFlow(
                    head, z0, z, tanh, logRatio, batch, samples, latent, layers, width))));
  }

  @Override
  public List<PreparedOp> backward(
      Buffer gradients, EncoderStage.Gradient gradient, Buffer dz, Share share) {
    return List.of(
        arena.own(
            ops.planarFlowBackward(
                new PlanarFlowBackward(
                    head,
                    z,
                    tanh,
                    share.weight(),
                    dz,
                    gradient.head(),
                    control,
                    batch,
                    samples,
                    latent,
                    layers,
                    width,
                    share.scale()))));
  }
}
