package io.github.vae4j.backend.cpu;

import static io.github.vae4j.backend.cpu.CpuBackend.address;

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

/** How the ops that make other posteriors and priors of the Gaussian ones are planned natively. */
final class LatentCalls {
  private LatentCalls() {}

  static NativeCall.Maker sampledKl(long context, SampledKl op) {
    return out ->
        Native.vae4j_plan_sampled_kl(
            context, address(op.logRatio()), address(op.kl()), op.batch(), op.samples(), out);
  }

  static NativeCall.Maker mixturePrior(long context, MixturePrior op) {
    return out ->
        Native.vae4j_plan_mixture_prior(
            context,
            address(op.z()),
            address(op.components()),
            address(op.logits()),
            address(op.responsibilities()),
            address(op.logRatio()),
            op.rows(),
            op.latent(),
            op.componentCount(),
            out);
  }

  static NativeCall.Maker mixturePriorBackward(long context, MixturePriorBackward op) {
    return out ->
        Native.vae4j_plan_mixture_prior_backward(
            context,
            address(op.z()),
            address(op.components()),
            address(op.logits()),
            address(op.responsibilities()),
            address(op.weight()),
            address(op.dz()),
            address(op.dComponents()),
            address(op.dLogits()),
            address(op.control().buffer()),
            op.rows(),
            op.latent(),
            op.componentCount(),
            op.scale(),
            out);
  }

  static NativeCall.Maker planarFlow(long context, PlanarFlow op) {
    return out ->
        Native.vae4j_plan_planar_flow(
            context,
            address(op.parameters()),
            address(op.z0()),
            address(op.z()),
            address(op.tanh()),
            address(op.logRatio()),
            op.batch(),
            op.samples(),
            op.latent(),
            op.layers(),
            op.width(),
            out);
  }

  static NativeCall.Maker planarFlowBackward(long context, PlanarFlowBackward op) {
    return out ->
        Native.vae4j_plan_planar_flow_backward(
            context,
            address(op.parameters()),
            address(op.z()),
            address(op.tanh()),
            address(op.weight()),
            address(op.dz()),
            address(op.dParameters()),
            address(op.control().buffer()),
            op.batch(),
            op.samples(),
            op.latent(),
            op.layers(),
            op.width(),
            op.scale(),
            out);
  }

  static NativeCall.Maker triangularMap(long context, TriangularMap op) {
    return out ->
        Native.vae4j_plan_triangular_map(
            context,
            address(op.parameters()),
            address(op.z0()),
            address(op.z()),
            address(op.logRatio()),
            op.batch(),
            op.samples(),
            op.latent(),
            op.width(),
            out);
  }

  static NativeCall.Maker triangularMapBackward(long context, TriangularMapBackward op) {
    return out ->
        Native.vae4j_plan_triangular_map_backward(
            context,
            address(op.parameters()),
            address(op.z0()),
            address(op.z()),
            address(op.weight()),
            address(op.dz()),
            address(op.dParameters()),
            address(op.control().buffer()),
            op.batch(),
            op.samples(),
            op.latent(),
            op.width(),
            op.scale(),
            out);
  }

  static NativeCall.Maker gaussianPrior(long context, GaussianPrior op) {
    return out ->
        Native.vae4j_plan_gaussian_prior(
            context,
            address(op.z()),
            address(op.components()),
            address(op.logRatio()),
            op.rows(),
            op.latent(),
            out);
  }

  static NativeCall.Maker gaussianPriorBackward(long context, GaussianPriorBackward op) {
    return out ->
        Native.vae4j_plan_gaussian_prior_backward(
            context,
            address(op.z()),
            address(op.components()),
            address(op.weight()),
            address(op.dz()),
            address(op.dComponents()),
            address(op.control().buffer()),
            op.rows(),
            op.latent(),
            op.scale(),
            out);
  }

  static NativeCall.Maker add(long context, Add op) {
    return out ->
        Native.vae4j_plan_add(
            context, address(op.source()), address(op.target()), op.target().length(), out);
  }
}
