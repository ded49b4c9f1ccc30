package io.github.vae4j.backend.cpu;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The C API of libvae4j as native/include/vae4j.h states it; JavaCPP makes the glue from these
 * declarations. Addresses are longs (0 for NULL), so that a call makes no object. Loaded are, in
 * this order, libvae4jwait (it sets how OpenMP waits), oneDNN's libgomp, oneDNN and libvae4j: one
 * OpenMP runtime for both.
 */
@Properties(
    @Platform(
        value = "linux-x86_64",
        include = "vae4j.h",
        preload = {"vae4jwait", "gomp@.1", "dnnl@.3"},
        preloadresource = "org/bytedeco/dnnl/",
        link = "vae4j",
        library = "jnivae4j"))
final class Native {
  private Native() {}

  static native String vae4j_last_error();

  static native String vae4j_version();

  static native String vae4j_onednn_version();

  static native int vae4j_allocate(@Cast("size_t") long bytes, @Cast("void**") long[] out);

  static native int vae4j_free(@Cast("void*") long memory);

  static native int vae4j_copy(
      @Cast("void*") long target,
      @Cast("const void*") ByteBuffer source,
      @Cast("size_t") long bytes);

  static native int vae4j_copy(
      @Cast("void*") ByteBuffer target,
      @Cast("const void*") long source,
      @Cast("size_t") long bytes);

  static native int vae4j_context_create(
      int threads, int precision, @Nullable String isa, @Cast("vae4j_context**") long[] out);

  static native int vae4j_context_destroy(@Cast("vae4j_context*") long context);

  static native int vae4j_context_threads(@Cast("vae4j_context*") long context, int[] out);

  static native String vae4j_context_isa(@Cast("vae4j_context*") long context);

  static native int vae4j_run(@Cast("vae4j_op*") long op);

  static native int vae4j_op_destroy(@Cast("vae4j_op*") long op);

  static native int vae4j_plan_sequence(
      @Cast("vae4j_context*") long context,
      @Cast("vae4j_op* const*") long[] ops,
      @Cast("size_t") long count,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_gather(
      @Cast("vae4j_context*") long context,
      @Cast("const void*") long source,
      int sourceType,
      @Cast("const int32_t*") long index,
      @Cast("float*") long out,
      @Cast("float*") long mask,
      @Cast("const double*") long control,
      int rows,
      int features,
      int batch,
      float scale,
      int shuffle,
      int binarize,
      long seed,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_dense(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long x,
      @Cast("const float*") long weight,
      @Cast("const float*") long bias,
      @Cast("float*") long preactivation,
      @Cast("float*") long y,
      int batch,
      int inputs,
      int outputs,
      String activation,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_dense_backward(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long x,
      @Cast("const float*") long weight,
      @Cast("const float*") long y,
      @Cast("float*") long dy,
      @Cast("float*") long dx,
      @Cast("float*") long dweight,
      @Cast("float*") long dbias,
      int batch,
      int inputs,
      int outputs,
      String activation,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_reparameterize(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long stats,
      @Cast("float*") long z,
      @Cast("float*") long kl,
      @Cast("float*") long klPerDimension,
      @Cast("float*") long logRatio,
      @Cast("const double*") long control,
      int batch,
      int samples,
      int latent,
      long seed,
      int stream,
      int rowOffset,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_reparameterize_backward(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long stats,
      @Cast("const float*") long dz,
      @Cast("const float*") long klPerDimension,
      @Cast("const float*") long weight,
      @Cast("float*") long dStats,
      @Cast("const double*") long control,
      int batch,
      int samples,
      int groups,
      int latent,
      long seed,
      int stream,
      int rowOffset,
      float klScale,
      float freeBits,
      int capacity,
      int estimator,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_sample_weights(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long nll,
      @Cast("const float*") long logRatio,
      @Cast("const float*") long rowWeight,
      @Cast("float*") long weight,
      @Cast("float*") long bound,
      @Cast("const double*") long control,
      int batch,
      int samples,
      int groups,
      double alpha,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_sampled_kl(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long logRatio,
      @Cast("float*") long kl,
      int batch,
      int samples,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_mixture_prior(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long z,
      @Cast("const float*") long components,
      @Cast("const float*") long logits,
      @Cast("float*") long responsibilities,
      @Cast("float*") long logRatio,
      int rows,
      int latent,
      int componentCount,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_mixture_prior_backward(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long z,
      @Cast("const float*") long components,
      @Cast("const float*") long logits,
      @Cast("const float*") long responsibilities,
      @Cast("const float*") long weight,
      @Cast("float*") long dz,
      @Cast("float*") long dComponents,
      @Cast("float*") long dLogits,
      @Cast("const double*") long control,
      int rows,
      int latent,
      int componentCount,
      float scale,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_planar_flow(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long parameters,
      @Cast("const float*") long z0,
      @Cast("float*") long z,
      @Cast("float*") long tanh,
      @Cast("float*") long logRatio,
      int batch,
      int samples,
      int latent,
      int layers,
      int width,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_planar_flow_backward(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long parameters,
      @Cast("const float*") long z,
      @Cast("const float*") long tanh,
      @Cast("const float*") long weight,
      @Cast("float*") long dz,
      @Cast("float*") long dParameters,
      @Cast("const double*") long control,
      int batch,
      int samples,
      int latent,
      int layers,
      int width,
      float scale,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_triangular_map(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long parameters,
      @Cast("const float*") long z0,
      @Cast("float*") long z,
      @Cast("float*") long logRatio,
      int batch,
      int samples,
      int latent,
      int width,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_triangular_map_backward(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long parameters,
      @Cast("const float*") long z0,
      @Cast("const float*") long z,
      @Cast("const float*") long weight,
      @Cast("float*") long dz,
      @Cast("float*") long dParameters,
      @Cast("const double*") long control,
      int batch,
      int samples,
      int latent,
      int width,
      float scale,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_gaussian_prior(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long z,
      @Cast("const float*") long components,
      @Cast("float*") long logRatio,
      int rows,
      int latent,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_gaussian_prior_backward(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long z,
      @Cast("const float*") long components,
      @Cast("const float*") long weight,
      @Cast("float*") long dz,
      @Cast("float*") long dComponents,
      @Cast("const double*") long control,
      int rows,
      int latent,
      float scale,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_add(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long source,
      @Cast("float*") long target,
      long count,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_likelihood(
      @Cast("vae4j_context*") long context,
      String names,
      @Cast("const double*") double[] constants,
      int constantCount,
      @Cast("const int*") int[] columns,
      int blockCount,
      @Cast("const float*") long parameters,
      @Cast("float*") long shared,
      @Cast("const float*") long x,
      @Cast("const float*") long mask,
      @Cast("const float*") long rowWeight,
      int weightCount,
      @Cast("float*") long nll,
      @Cast("float*") long dParameters,
      @Cast("float*") long dShared,
      int batch,
      int samples,
      int features,
      float scale,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_importance_weights(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long nll,
      @Cast("const float*") long logRatio,
      @Cast("double*") long state,
      int batch,
      int samples,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_mmd_penalty(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long z,
      @Cast("float*") long dz,
      @Cast("float*") long penalty,
      @Cast("const double*") long control,
      int rows,
      int latent,
      long seed,
      int stream,
      double kernelScale,
      float scale,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_total_correlation(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long stats,
      @Cast("const float*") long z,
      @Cast("float*") long dz,
      @Cast("float*") long joint,
      @Cast("float*") long marginal,
      @Cast("float*") long penalty,
      int batch,
      int samples,
      int latent,
      double logOwn,
      double logOther,
      float scale,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_total_correlation_backward(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long stats,
      @Cast("const float*") long z,
      @Cast("const float*") long joint,
      @Cast("const float*") long marginal,
      @Cast("float*") long dStats,
      int batch,
      int samples,
      int latent,
      double logOwn,
      double logOther,
      float scale,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_global_norm(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long gradients,
      long count,
      @Cast("double*") long norm,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_record_metrics(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long nll,
      long nllCount,
      @Cast("const float*") long kl,
      long klCount,
      @Cast("const float*") long bound,
      @Cast("const float*") long penalty,
      long penaltyCount,
      @Cast("const double*") long norm,
      @Cast("double*") long ring,
      @Cast("double*") long status,
      @Cast("const double*") long control,
      int slots,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_adam(
      @Cast("vae4j_context*") long context,
      @Cast("float*") long parameters,
      @Cast("const float*") long gradients,
      @Cast("float*") long m,
      @Cast("float*") long v,
      @Cast("float*") long average,
      long count,
      @Cast("const double*") long norm,
      @Cast("const double*") long status,
      @Cast("double*") long state,
      @Cast("const double*") long control,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      int decoupled,
      double clipNorm,
      double emaDecay,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_fill(
      @Cast("vae4j_context*") long context,
      @Cast("void*") long target,
      int type,
      long count,
      double value,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_copy(
      @Cast("vae4j_context*") long context,
      @Cast("const void*") long source,
      @Cast("void*") long target,
      @Cast("size_t") long bytes,
      @Cast("vae4j_op**") long[] op);

  static native int vae4j_plan_copy_columns(
      @Cast("vae4j_context*") long context,
      @Cast("const float*") long source,
      @Cast("float*") long target,
      int rows,
      int repeat,
      int columns,
      int sourceColumns,
      int sourceFirst,
      int targetColumns,
      int targetFirst,
      @Cast("vae4j_op**") long[] op);
}
