package io.github.vae4j.model;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.TriangularMap;
import io.github.vae4j.backend.op.TriangularMapBackward;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import java.util.List;

/** A triangular map after the Gaussian's samples, which gives them a full covariance matrix. */
final class TriangularPart implements LatentPart {
  private final Ops ops;
  private final Arena arena;
  private final Control control;
  private final Buffer head;
  private final Buffer z0;
  private final Buffer z;
  private final Buffer logRatio;
  private final int batch;
  private final int samples;
  private final int latent;
  private final int width;

  TriangularPart(
      Ops ops,
      Arena arena,
      VaeSpec spec,
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
    width = spec.posteriorColumns();
  }

  @Override
  public List<PreparedOp> forward() {
    return List.of(
        arena.own(
            ops.triangularMap(
                new TriangularMap(head, z0, z, logRatio, batch, samples, latent, width))));
  }

  @Override
  public List<PreparedOp> backward(
      Buffer gradients, EncoderStage.Gradient gradient, Buffer dz, Share share) {
    return List.of(
        arena.own(
            ops.triangularMapBackward(
                new TriangularMapBackward(
                    head,
                    z0,
                    z,
                    share.weight(),
                    dz,
                    gradient.head(),
                    control,
                    batch,
                    samples,
                    latent,
                    width,
                    share.scale()))));
  }
}
