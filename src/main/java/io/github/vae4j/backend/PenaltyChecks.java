package io.github.vae4j.backend;

import static io.github.vae4j.tensor.DType.FLOAT32;

import io.github.vae4j.backend.op.MmdPenalty;
import io.github.vae4j.backend.op.TotalCorrelation;
import io.github.vae4j.backend.op.TotalCorrelationBackward;

/** The checks of the penalties on q(z). */
final class PenaltyChecks {
  private PenaltyChecks() {}

  static void check(MmdPenalty op) {
    OpCheck check = new OpCheck("mmdPenalty");
    check.atLeast("rows", op.rows(), 1);
    check.atLeast("latent", op.latent(), 1);
    check.finite("scale", op.scale());
    check.reads("z", op.z(), FLOAT32, op.rows(), op.latent());
    check.writes("dz", op.dz(), FLOAT32, op.rows(), op.latent());
    check.writes("penalty", op.penalty(), FLOAT32, 1);
    check.control(op.control());
    check.noOverlap();
  }

  static void check(TotalCorrelation op) {
    OpCheck check = new OpCheck("totalCorrelation");
    sizes(check, op.batch(), op.samples(), op.latent(), op.dataRows());
    check.finite("scale", op.scale());
    check.reads("stats", op.stats(), FLOAT32, op.batch(), 2L * op.latent());
    check.reads("z", op.z(), FLOAT32, op.batch(), op.samples(), op.latent());
    check.writes("dz", op.dz(), FLOAT32, op.batch(), op.samples(), op.latent());
    check.writes("joint", op.joint(), FLOAT32, op.batch(), op.samples());
    check.writes("marginal", op.marginal(), FLOAT32, op.batch(), op.samples(), op.latent());
    check.writes("penalty", op.penalty(), FLOAT32, 1);
    check.noOverlap();
  }

  static void check(TotalCorrelationBackward op) {
    OpCheck check = new OpCheck("totalCorrelationBackward");
    sizes(check, op.batch(), op.samples(), op.latent(), op.dataRows());
    check.finite("scale", op.scale());
    check.reads("stats", op.stats(), FLOAT32, op.batch(), 2L * op.latent());
    check.reads("z", op.z(), FLOAT32, op.batch(), op.samples(), op.latent());
    check.reads("joint", op.joint(), FLOAT32, op.batch(), op.samples());
    check.reads("marginal", op.marginal(), FLOAT32, op.batch(), op.samples(), op.latent());
    check.writes("dStats", op.dStats(), FLOAT32, op.batch(), 2L * op.latent());
    check.noOverlap();
  }

  private static void sizes(OpCheck check, int batch, int samples, int latent, int dataRows) {
    check.atLeast("batch", batch, 1);
    check.atLeast("samples", samples, 1);
    check.atLeast("latent", latent, 1);
    if (dataRows < batch) {
      throw check.wrong("dataRows", "at least the batch, " + batch, dataRows);
    }
  }
}
