package io.github.vae4j.train;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.MmdPenalty;
import io.github.vae4j.backend.op.TotalCorrelation;
import io.github.vae4j.backend.op.TotalCorrelationBackward;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an objective takes from the bound for the shape of q(z), planned for one batch size. Buffers
 * and ops belong to the arena it was planned in.
 */
final class Penalties {
  private final Ops ops;
  private final Arena arena;
  private final Codes codes;
  private final float mmd;
  private final float totalCorrelation;
  private final @Nullable Buffer values;
  private final @Nullable Buffer joint;
  private final @Nullable Buffer marginal;

  /**
   * Samples of a diagonal Gaussian posterior.
   *
   * @param stats FLOAT32 (batch, 2 latent)
   * @param z FLOAT32 (batch * samples, latent)
   * @param batch B
   * @param samples L
   * @param latent Z
   */
  record Codes(Buffer stats, Buffer z, int batch, int samples, int latent) {}

  Penalties(Ops ops, Arena arena, Objective objective, Codes codes) {
    this.ops = ops;
    this.arena = arena;
    this.codes = codes;
    mmd = (float) objective.mmd();
    totalCorrelation = (float) objective.totalCorrelation();
    int rows = Math.multiplyExact(codes.batch(), codes.samples());
    int count = (mmd > 0 ? 1 : 0) + (totalCorrelation > 0 ? 1 : 0);
    values = count == 0 ? null : ops.floats(arena, count, 1);
    joint = totalCorrelation > 0 ? ops.floats(arena, rows, 1) : null;
    marginal = totalCorrelation > 0 ? ops.floats(arena, rows, codes.latent()) : null;
  }

  /** The penalties, each with its weight; null where there are none. */
  @Nullable Buffer values() {
    return values;
  }

  /** The ops that compute them and add to z's gradient. */
  List<PreparedOp> forward(Buffer dz, Control control, long seed, int dataRows) {
    List<PreparedOp> step = new ArrayList<>();
    if (values != null && mmd > 0) {
      step.add(
          arena.own(
              ops.mmdPenalty(
                  new MmdPenalty(
                      codes.z(),
                      dz,
                      values.slice(0, 1),
                      control,
                      codes.batch() * codes.samples(),
                      codes.latent(),
                      seed,
                      mmd))));
    }
    if (values != null && joint != null && marginal != null) {
      step.add(
          arena.own(
              ops.totalCorrelation(
                  new TotalCorrelation(
                      codes.stats(),
                      codes.z(),
                      dz,
                      joint,
                      marginal,
                      values.slice(values.length() - 1, 1),
                      codes.batch(),
                      codes.samples(),
                      codes.latent(),
                      dataRows,
                      totalCorrelation))));
    }
    return step;
  }

  /** The ops that add to the posterior's gradient what does not come along z. */
  List<PreparedOp> backward(Buffer dStats, int dataRows) {
    if (joint == null || marginal == null) {
      return List.of();
    }
    return List.of(
        arena.own(
            ops.totalCorrelationBackward(
                new TotalCorrelationBackward(
                    codes.stats(),
                    codes.z(),
                    joint,
                    marginal,
                    dStats,
                    codes.batch(),
                    codes.samples(),
                    codes.latent(),
                    dataRows,
                    totalCorrelation))));
  }
}
