package io.github.vae4j.backend;

import static io.github.vae4j.tensor.DType.FLOAT32;

import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.GaussianPrior;
import io.github.vae4j.backend.op.GaussianPriorBackward;
import io.github.vae4j.backend.op.MixturePrior;
import io.github.vae4j.backend.op.MixturePriorBackward;
import io.github.vae4j.backend.op.PlanarFlow;
import io.github.vae4j.backend.op.PlanarFlowBackward;
import io.github.vae4j.backend.op.SampledKl;
import io.github.vae4j.backend.op.TriangularMap;
import io.github.vae4j.backend.op.TriangularMapBackward;
import io.github.vae4j.tensor.Buffer;

/** The checks of the ops that make other posteriors and priors of the Gaussian ones. */
final class LatentChecks {
  private LatentChecks() {}

  static void check(Add op) {
    OpCheck check = new OpCheck("add");
    Buffer source = check.open("source", op.source());
    check.reads("source", source, FLOAT32, source.length());
    check.writes("target", op.target(), FLOAT32, source.length());
    check.noOverlap();
  }

  static void check(SampledKl op) {
    OpCheck check = new OpCheck("sampledKl");
    check.atLeast("batch", op.batch(), 1);
    check.atLeast("samples", op.samples(), 1);
    check.reads("logRatio", op.logRatio(), FLOAT32, op.batch(), op.samples());
    check.writes("kl", op.kl(), FLOAT32, op.batch());
    check.noOverlap();
  }

  static void check(MixturePrior op) {
    OpCheck check = new OpCheck("mixturePrior");
    mixtureSizes(check, op.rows(), op.latent(), op.componentCount());
    check.reads("z", op.z(), FLOAT32, op.rows(), op.latent());
    check.reads("components", op.components(), FLOAT32, op.componentCount(), 2L * op.latent());
    check.mayRead("logits", op.logits(), FLOAT32, op.componentCount());
    check.writes(
        "responsibilities", op.responsibilities(), FLOAT32, op.rows(), op.componentCount());
    check.writes("logRatio", op.logRatio(), FLOAT32, op.rows());
    check.noOverlap();
  }

  static void check(MixturePriorBackward op) {
    OpCheck check = new OpCheck("mixturePriorBackward");
    mixtureSizes(check, op.rows(), op.latent(), op.componentCount());
    check.finite("scale", op.scale());
    check.reads("z", op.z(), FLOAT32, op.rows(), op.latent());
    check.reads("components", op.components(), FLOAT32, op.componentCount(), 2L * op.latent());
    check.mayRead("logits", op.logits(), FLOAT32, op.componentCount());
    check.reads("responsibilities", op.responsibilities(), FLOAT32, op.rows(), op.componentCount());
    check.mayRead("weight", op.weight(), FLOAT32, op.rows());
    check.writes("dz", op.dz(), FLOAT32, op.rows(), op.latent());
    check.writes("dComponents", op.dComponents(), FLOAT32, op.componentCount(), 2L * op.latent());
    check.mayWrite("dLogits", op.dLogits(), FLOAT32, op.componentCount());
    if ((op.logits() == null) != (op.dLogits() == null)) {
      throw check.wrong(
          "dLogits",
          op.logits() == null ? "null, as logits are" : "a buffer, as logits are one",
          op.dLogits() == null ? "null" : op.dLogits());
    }
    check.control(op.control());
    check.noOverlap();
  }

  static void check(PlanarFlow op) {
    OpCheck check = new OpCheck("planarFlow");
    sizes(check, op.batch(), op.samples(), op.latent(), op.layers(), op.width());
    check.reads("parameters", op.parameters(), FLOAT32, op.batch(), op.width());
    check.reads("z0", op.z0(), FLOAT32, op.batch(), op.samples(), op.latent());
    check.writes("z", op.z(), FLOAT32, op.batch(), op.samples(), op.latent());
    check.writes("tanh", op.tanh(), FLOAT32, op.batch(), op.samples(), op.layers());
    check.writes("logRatio", op.logRatio(), FLOAT32, op.batch(), op.samples());
    check.noOverlap();
  }

  static void check(PlanarFlowBackward op) {
    OpCheck check = new OpCheck("planarFlowBackward");
    sizes(check, op.batch(), op.samples(), op.latent(), op.layers(), op.width());
    check.finite("scale", op.scale());
    check.reads("parameters", op.parameters(), FLOAT32, op.batch(), op.width());
    check.reads("z", op.z(), FLOAT32, op.batch(), op.samples(), op.latent());
    check.reads("tanh", op.tanh(), FLOAT32, op.batch(), op.samples(), op.layers());
    check.mayRead("weight", op.weight(), FLOAT32, op.batch(), op.samples());
    check.writes("dz", op.dz(), FLOAT32, op.batch(), op.samples(), op.latent());
    check.writes("dParameters", op.dParameters(), FLOAT32, op.batch(), op.width());
    check.control(op.control());
    check.noOverlap();
  }

  static void check(TriangularMap op) {
    OpCheck check = new OpCheck("triangularMap");
    sizes(check, op.batch(), op.samples(), op.latent());
    check.atLeast("width", op.width(), Math.max(1, TriangularMap.entries(op.latent())));
    check.reads("parameters", op.parameters(), FLOAT32, op.batch(), op.width());
    check.reads("z0", op.z0(), FLOAT32, op.batch(), op.samples(), op.latent());
    check.writes("z", op.z(), FLOAT32, op.batch(), op.samples(), op.latent());
    check.writes("logRatio", op.logRatio(), FLOAT32, op.batch(), op.samples());
    check.noOverlap();
  }

  static void check(TriangularMapBackward op) {
    OpCheck check = new OpCheck("triangularMapBackward");
    sizes(check, op.batch(), op.samples(), op.latent());
    check.atLeast("width", op.width(), Math.max(1, TriangularMap.entries(op.latent())));
    check.finite("scale", op.scale());
    check.reads("parameters", op.parameters(), FLOAT32, op.batch(), op.width());
    check.reads("z0", op.z0(), FLOAT32, op.batch(), op.samples(), op.latent());
    check.reads("z", op.z(), FLOAT32, op.batch(), op.samples(), op.latent());
    check.mayRead("weight", op.weight(), FLOAT32, op.batch(), op.samples());
    check.writes("dz", op.dz(), FLOAT32, op.batch(), op.samples(), op.latent());
    check.writes("dParameters", op.dParameters(), FLOAT32, op.batch(), op.width());
    check.control(op.control());
    check.noOverlap();
  }

  static void check(GaussianPrior op) {
    OpCheck check = new OpCheck("gaussianPrior");
    check.atLeast("rows", op.rows(), 1);
    check.atLeast("latent", op.latent(), 1);
    check.reads("z", op.z(), FLOAT32, op.rows(), op.latent());
    check.reads("components", op.components(), FLOAT32, op.rows(), 2L * op.latent());
    check.writes("logRatio", op.logRatio(), FLOAT32, op.rows());
    check.noOverlap();
  }

  static void check(GaussianPriorBackward op) {
    OpCheck check = new OpCheck("gaussianPriorBackward");
    check.atLeast("rows", op.rows(), 1);
    check.atLeast("latent", op.latent(), 1);
    check.finite("scale", op.scale());
    check.reads("z", op.z(), FLOAT32, op.rows(), op.latent());
    check.reads("components", op.components(), FLOAT32, op.rows(), 2L * op.latent());
    check.mayRead("weight", op.weight(), FLOAT32, op.rows());
    check.writes("dz", op.dz(), FLOAT32, op.rows(), op.latent());
    check.writes("dComponents", op.dComponents(), FLOAT32, op.rows(), 2L * op.latent());
    check.control(op.control());
    check.noOverlap();
  }

  private static void mixtureSizes(OpCheck check, int rows, int latent, int components) {
    check.atLeast("rows", rows, 1);
    check.atLeast("latent", latent, 1);
    check.atLeast("componentCount", components, 1);
  }

  private static void sizes(OpCheck check, int batch, int samples, int latent) {
    check.atLeast("batch", batch, 1);
    check.atLeast("samples", samples, 1);
    check.atLeast("latent", latent, 1);
  }

  private static void sizes(
      OpCheck check, int batch, int samples, int latent, int layers, int width) {
    sizes(check, batch, samples, latent);
    check.atLeast("layers", layers, 1);
    long own = (long) layers * PlanarFlow.parametersPerLayer(latent);
    check.atLeast("width", width, Math.toIntExact(check.size("layers", own)));
  }
}
