package io.github.vae4j.backend.cpu;

import static io.github.vae4j.backend.cpu.CpuBackend.address;

import io.github.vae4j.backend.op.MmdPenalty;
import io.github.vae4j.backend.op.TotalCorrelation;
import io.github.vae4j.backend.op.TotalCorrelationBackward;
import io.github.vae4j.random.Stream;

/** How the penalties on q(z) are planned natively. */
final class PenaltyCalls {
  private PenaltyCalls() {}

  static NativeCall.Maker mmd(long context, MmdPenalty op) {
    return out ->
        Native.vae4j_plan_mmd_penalty(
            context,
            address(op.z()),
            address(op.dz()),
            address(op.penalty()),
            address(op.control().buffer()),
            op.rows(),
            op.latent(),
            op.seed(),
            Stream.MMD.id(),
            MmdPenalty.kernelScale(op.latent()),
            op.scale(),
            out);
  }

  static NativeCall.Maker totalCorrelation(long context, TotalCorrelation op) {
    return out ->
        Native.vae4j_plan_total_correlation(
            context,
            address(op.stats()),
            address(op.z()),
            address(op.dz()),
            address(op.joint()),
            address(op.marginal()),
            address(op.penalty()),
            op.batch(),
            op.samples(),
            op.latent(),
            TotalCorrelation.logOwnWeight(op.batch(), op.dataRows()),
            TotalCorrelation.logOtherWeight(op.batch(), op.dataRows()),
            op.scale(),
            out);
  }

  static NativeCall.Maker totalCorrelationBackward(long context, TotalCorrelationBackward op) {
    return out ->
        Native.vae4j_plan_total_correlation_backward(
            context,
            address(op.stats()),
            address(op.z()),
            address(op.joint()),
            address(op.marginal()),
            address(op.dStats()),
            op.batch(),
            op.samples(),
            op.latent(),
            TotalCorrelation.logOwnWeight(op.batch(), op.dataRows()),
            TotalCorrelation.logOtherWeight(op.batch(), op.dataRows()),
            op.scale(),
            out);
  }
}
