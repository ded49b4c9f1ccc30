// The C API: pointers are checked, exceptions become a status and a text.
#include <cstring>
#include <exception>
#include <new>

#include "ops.hpp"
#include "parallel.hpp"

#ifndef VAE4J_VERSION
#error "VAE4J_VERSION: the build gives the version of the project"
#endif

namespace {

using vae4j::Error;
using vae4j::Planned;
using vae4j::wrong;

// Fixed memory, so that saying "out of memory" needs none.
thread_local char last_error[1024] = "";

int fail(vae4j_status status, const char* text) noexcept {
  std::strncpy(last_error, text, sizeof last_error - 1);
  return status;
}

template <class Body>
int guarded(Body body) noexcept {
  try {
    body();
    return VAE4J_OK;
  } catch (const Error& e) {
    return fail(e.status(), e.what());
  } catch (const dnnl::error& e) {
    if (e.status == dnnl_out_of_memory) return fail(VAE4J_OUT_OF_MEMORY, "oneDNN: out of memory");
    if (e.status == dnnl_unimplemented) return fail(VAE4J_UNSUPPORTED, e.what());
    return fail(VAE4J_INTERNAL, e.what());
  } catch (const std::bad_alloc&) {
    return fail(VAE4J_OUT_OF_MEMORY, "out of memory");
  } catch (const std::exception& e) {
    return fail(VAE4J_INTERNAL, e.what());
  } catch (...) {
    return fail(VAE4J_INTERNAL, "unknown exception");
  }
}

template <class Pointer>
void require(const char* op, const char* argument, Pointer pointer) {
  if (pointer == nullptr) throw wrong(op, argument, "a pointer", "NULL");
}

void require_positive(const char* op, const char* argument, int64_t value) {
  if (value < 1) throw wrong(op, argument, "1 or more", std::to_string(value));
}

int64_t planar_columns(int latent, int layers) {
  return static_cast<int64_t>(layers) * (2 * static_cast<int64_t>(latent) + 1);
}

int64_t triangular_columns(int latent) { return static_cast<int64_t>(latent) * (latent - 1) / 2; }

// A flow's parameters are the last of a row's columns.
void require_columns(const char* op, int64_t own, int width) {
  if (width < own) {
    throw wrong(op, "width", std::to_string(own) + " or more", std::to_string(width));
  }
}

void require_groups(const char* op, int samples, int groups) {
  require_positive(op, "samples", samples);
  require_positive(op, "groups", groups);
  if (samples % groups != 0) {
    throw wrong(op, "samples", "a multiple of the " + std::to_string(groups) + " groups",
                std::to_string(samples));
  }
}

template <class Plan>
int plan_op(vae4j_context* context, const char* op, vae4j_op** out, Plan plan) noexcept {
  return guarded([&] {
    require(op, "context", context);
    require(op, "op", out);
    vae4j::ThreadScope scope(context->threads);
    *out = plan().release();
  });
}

}  // namespace

extern "C" {

const char* vae4j_last_error(void) { return last_error; }

const char* vae4j_version(void) { return VAE4J_VERSION; }

const char* vae4j_onednn_version(void) {
  static const std::string text = [] {
    const dnnl_version_t* version = dnnl_version();
    return std::to_string(version->major) + "." + std::to_string(version->minor) + "." +
           std::to_string(version->patch);
  }();
  return text.c_str();
}

int vae4j_allocate(size_t bytes, void** out) {
  return guarded([&] {
    require("allocate", "out", out);
    *out = vae4j::allocate(bytes);
  });
}

int vae4j_free(void* memory) {
  vae4j::release(memory);
  return VAE4J_OK;
}

int vae4j_copy(void* target, const void* source, size_t bytes) {
  return guarded([&] {
    require("copy", "target", target);
    require("copy", "source", source);
    std::memcpy(target, source, bytes);
  });
}

int vae4j_context_create(int threads, int precision, const char* isa, vae4j_context** out) {
  return guarded([&] {
    require("context", "out", out);
    *out = new vae4j_context(threads, static_cast<vae4j_precision>(precision), isa);
  });
}

int vae4j_context_destroy(vae4j_context* context) {
  delete context;
  return VAE4J_OK;
}

int vae4j_context_threads(const vae4j_context* context, int* out) {
  return guarded([&] {
    require("context", "context", context);
    require("context", "out", out);
    *out = context->threads;
  });
}

const char* vae4j_context_isa(const vae4j_context* context) {
  return context == nullptr ? "" : context->kernels.isa;
}

int vae4j_run(vae4j_op* op) {
  return guarded([&] {
    require("run", "op", op);
    vae4j::ThreadScope scope(op->context.threads);
    op->run();
  });
}

int vae4j_op_destroy(vae4j_op* op) {
  delete op;
  return VAE4J_OK;
}

int vae4j_plan_sequence(vae4j_context* context, vae4j_op* const* ops, size_t count,
                        vae4j_op** op) {
  return plan_op(context, "sequence", op, [&] {
    if (count > 0) require("sequence", "ops", ops);
    for (size_t i = 0; i < count; i++) {
      require("sequence", "ops", ops[i]);
      if (&ops[i]->context != context) {
        throw wrong("sequence", "ops", "ops of one context", "op " + std::to_string(i));
      }
    }
    return vae4j::plan_sequence(*context, {ops, count});
  });
}

int vae4j_plan_gather(vae4j_context* context, const void* source, int source_type,
                      const int32_t* index, float* out, float* mask, const double* control,
                      int rows, int features, int batch, float scale, int shuffle, int binarize,
                      int64_t seed, vae4j_op** op) {
  return plan_op(context, "gather", op, [&] {
    require("gather", "source", source);
    require("gather", "out", out);
    require("gather", "control", control);
    require_positive("gather", "rows", rows);
    require_positive("gather", "features", features);
    require_positive("gather", "batch", batch);
    return vae4j::plan_gather(*context,
                              {source, source_type, index, out, mask, control, rows, features,
                               batch, scale, shuffle != 0, binarize != 0, seed});
  });
}

int vae4j_plan_dense(vae4j_context* context, const float* x, const float* weight,
                     const float* bias, float* preactivation, float* y, int batch, int inputs,
                     int outputs, const char* activation, vae4j_op** op) {
  return plan_op(context, "dense", op, [&] {
    require("dense", "x", x);
    require("dense", "weight", weight);
    require("dense", "bias", bias);
    require("dense", "y", y);
    require("dense", "activation", activation);
    require_positive("dense", "batch", batch);
    require_positive("dense", "inputs", inputs);
    require_positive("dense", "outputs", outputs);
    return vae4j::plan_dense(*context, {x, weight, bias, preactivation, y, batch, inputs, outputs,
                                        activation});
  });
}

int vae4j_plan_dense_backward(vae4j_context* context, const float* x, const float* weight,
                              const float* y, float* dy, float* dx, float* dweight, float* dbias,
                              int batch, int inputs, int outputs, const char* activation,
                              vae4j_op** op) {
  return plan_op(context, "denseBackward", op, [&] {
    require("denseBackward", "x", x);
    require("denseBackward", "weight", weight);
    require("denseBackward", "y", y);
    require("denseBackward", "dy", dy);
    require("denseBackward", "dweight", dweight);
    require("denseBackward", "dbias", dbias);
    require("denseBackward", "activation", activation);
    require_positive("denseBackward", "batch", batch);
    require_positive("denseBackward", "inputs", inputs);
    require_positive("denseBackward", "outputs", outputs);
    return vae4j::plan_dense_backward(*context, {x, weight, y, dy, dx, dweight, dbias, batch,
                                                 inputs, outputs, activation});
  });
}

int vae4j_plan_reparameterize(vae4j_context* context, const float* stats, float* z, float* kl,
                              float* kl_per_dimension, float* log_ratio, const double* control,
                              int batch, int samples, int latent, int64_t seed, int stream,
                              int row_offset, vae4j_op** op) {
  return plan_op(context, "reparameterize", op, [&] {
    require("reparameterize", "stats", stats);
    require("reparameterize", "z", z);
    require("reparameterize", "kl", kl);
    require("reparameterize", "control", control);
    require_positive("reparameterize", "batch", batch);
    require_positive("reparameterize", "samples", samples);
    require_positive("reparameterize", "latent", latent);
    return vae4j::plan_reparameterize(*context, {stats, z, kl, kl_per_dimension, log_ratio,
                                                 control, batch, samples, latent, seed, stream,
                                                 row_offset});
  });
}

int vae4j_plan_reparameterize_backward(vae4j_context* context, const float* stats,
                                       const float* dz, const float* kl_per_dimension,
                                       const float* weight, float* dstats, const double* control,
                                       int batch, int samples, int groups, int latent,
                                       int64_t seed, int stream, int row_offset, float kl_scale,
                                       float free_bits, int capacity, int estimator,
                                       vae4j_op** op) {
  return plan_op(context, "reparameterizeBackward", op, [&] {
    require("reparameterizeBackward", "stats", stats);
    require("reparameterizeBackward", "dz", dz);
    require("reparameterizeBackward", "dstats", dstats);
    require("reparameterizeBackward", "control", control);
    if (free_bits > 0 || capacity != 0) {
      require("reparameterizeBackward", "kl_per_dimension", kl_per_dimension);
    }
    require_positive("reparameterizeBackward", "batch", batch);
    require_groups("reparameterizeBackward", samples, groups);
    require_positive("reparameterizeBackward", "latent", latent);
    if (estimator < VAE4J_ANALYTIC || estimator > VAE4J_DOUBLY_REPARAMETERIZED) {
      throw wrong("reparameterizeBackward", "estimator", "0 to 2", std::to_string(estimator));
    }
    return vae4j::plan_reparameterize_backward(
        *context, {stats, dz, kl_per_dimension, weight, dstats, control, batch, samples, groups,
                   latent, seed, stream, row_offset, kl_scale, free_bits, capacity != 0,
                   static_cast<vae4j::Estimator>(estimator)});
  });
}

int vae4j_plan_sample_weights(vae4j_context* context, const float* nll, const float* log_ratio,
                              const float* row_weight, float* weight, float* bound,
                              const double* control, int batch, int samples, int groups,
                              double alpha, vae4j_op** op) {
  return plan_op(context, "sampleWeights", op, [&] {
    require("sampleWeights", "nll", nll);
    require("sampleWeights", "log_ratio", log_ratio);
    require("sampleWeights", "weight", weight);
    require("sampleWeights", "bound", bound);
    require("sampleWeights", "control", control);
    require_positive("sampleWeights", "batch", batch);
    require_groups("sampleWeights", samples, groups);
    return vae4j::plan_sample_weights(*context, {nll, log_ratio, row_weight, weight, bound,
                                                 control, batch, samples, groups, alpha});
  });
}

int vae4j_plan_sampled_kl(vae4j_context* context, const float* log_ratio, float* kl, int batch,
                          int samples, vae4j_op** op) {
  return plan_op(context, "sampledKl", op, [&] {
    require("sampledKl", "log_ratio", log_ratio);
    require("sampledKl", "kl", kl);
    require_positive("sampledKl", "batch", batch);
    require_positive("sampledKl", "samples", samples);
    return vae4j::plan_sampled_kl(*context, {log_ratio, kl, batch, samples});
  });
}

int vae4j_plan_mixture_prior(vae4j_context* context, const float* z, const float* components,
                             const float* logits, float* responsibilities, float* log_ratio,
                             int rows, int latent, int component_count, vae4j_op** op) {
  return plan_op(context, "mixturePrior", op, [&] {
    require("mixturePrior", "z", z);
    require("mixturePrior", "components", components);
    require("mixturePrior", "responsibilities", responsibilities);
    require("mixturePrior", "log_ratio", log_ratio);
    require_positive("mixturePrior", "rows", rows);
    require_positive("mixturePrior", "latent", latent);
    require_positive("mixturePrior", "component_count", component_count);
    return vae4j::plan_mixture_prior(*context, {z, components, logits, responsibilities,
                                                log_ratio, rows, latent, component_count});
  });
}

int vae4j_plan_mixture_prior_backward(vae4j_context* context, const float* z,
                                      const float* components, const float* logits,
                                      const float* responsibilities, const float* weight,
                                      float* dz, float* dcomponents, float* dlogits,
                                      const double* control, int rows, int latent,
                                      int component_count, float scale, vae4j_op** op) {
  return plan_op(context, "mixturePriorBackward", op, [&] {
    require("mixturePriorBackward", "z", z);
    require("mixturePriorBackward", "components", components);
    require("mixturePriorBackward", "responsibilities", responsibilities);
    require("mixturePriorBackward", "dz", dz);
    require("mixturePriorBackward", "dcomponents", dcomponents);
    require("mixturePriorBackward", "control", control);
    require_positive("mixturePriorBackward", "rows", rows);
    require_positive("mixturePriorBackward", "latent", latent);
    require_positive("mixturePriorBackward", "component_count", component_count);
    if (logits != nullptr) require("mixturePriorBackward", "dlogits", dlogits);
    return vae4j::plan_mixture_prior_backward(*context, {z, components, logits, responsibilities,
                                                         weight, dz, dcomponents, dlogits,
                                                         control, rows, latent, component_count,
                                                         scale});
  });
}

int vae4j_plan_planar_flow(vae4j_context* context, const float* parameters, const float* z0,
                           float* z, float* tanh, float* log_ratio, int batch, int samples,
                           int latent, int layers, int width, vae4j_op** op) {
  return plan_op(context, "planarFlow", op, [&] {
    require("planarFlow", "parameters", parameters);
    require("planarFlow", "z0", z0);
    require("planarFlow", "z", z);
    require("planarFlow", "tanh", tanh);
    require("planarFlow", "log_ratio", log_ratio);
    require_positive("planarFlow", "batch", batch);
    require_positive("planarFlow", "samples", samples);
    require_positive("planarFlow", "latent", latent);
    require_positive("planarFlow", "layers", layers);
    require_positive("planarFlow", "width", width);
    require_columns("planarFlow", planar_columns(latent, layers), width);
    return vae4j::plan_planar_flow(*context, {parameters, z0, z, tanh, log_ratio, batch, samples,
                                              latent, layers, width});
  });
}

int vae4j_plan_planar_flow_backward(vae4j_context* context, const float* parameters,
                                    const float* z, const float* tanh, const float* weight,
                                    float* dz, float* dparameters, const double* control,
                                    int batch, int samples, int latent, int layers, int width,
                                    float scale, vae4j_op** op) {
  return plan_op(context, "planarFlowBackward", op, [&] {
    require("planarFlowBackward", "parameters", parameters);
    require("planarFlowBackward", "z", z);
    require("planarFlowBackward", "tanh", tanh);
    require("planarFlowBackward", "dz", dz);
    require("planarFlowBackward", "dparameters", dparameters);
    require("planarFlowBackward", "control", control);
    require_positive("planarFlowBackward", "batch", batch);
    require_positive("planarFlowBackward", "samples", samples);
    require_positive("planarFlowBackward", "latent", latent);
    require_positive("planarFlowBackward", "layers", layers);
    require_positive("planarFlowBackward", "width", width);
    require_columns("planarFlowBackward", planar_columns(latent, layers), width);
    return vae4j::plan_planar_flow_backward(*context, {parameters, z, tanh, weight, dz,
                                                       dparameters, control, batch, samples,
                                                       latent, layers, width, scale});
  });
}

int vae4j_plan_triangular_map(vae4j_context* context, const float* parameters, const float* z0,
                              float* z, float* log_ratio, int batch, int samples, int latent,
                              int width, vae4j_op** op) {
  return plan_op(context, "triangularMap", op, [&] {
    require("triangularMap", "parameters", parameters);
    require("triangularMap", "z0", z0);
    require("triangularMap", "z", z);
    require("triangularMap", "log_ratio", log_ratio);
    require_positive("triangularMap", "batch", batch);
    require_positive("triangularMap", "samples", samples);
    require_positive("triangularMap", "latent", latent);
    require_columns("triangularMap", triangular_columns(latent), width);
    return vae4j::plan_triangular_map(
        *context, {parameters, z0, z, log_ratio, batch, samples, latent, width});
  });
}

int vae4j_plan_triangular_map_backward(vae4j_context* context, const float* parameters,
                                       const float* z0, const float* z, const float* weight,
                                       float* dz, float* dparameters, const double* control,
                                       int batch, int samples, int latent, int width, float scale,
                                       vae4j_op** op) {
  return plan_op(context, "triangularMapBackward", op, [&] {
    require("triangularMapBackward", "parameters", parameters);
    require("triangularMapBackward", "z0", z0);
    require("triangularMapBackward", "z", z);
    require("triangularMapBackward", "dz", dz);
    require("triangularMapBackward", "dparameters", dparameters);
    require("triangularMapBackward", "control", control);
    require_positive("triangularMapBackward", "batch", batch);
    require_positive("triangularMapBackward", "samples", samples);
    require_positive("triangularMapBackward", "latent", latent);
    require_columns("triangularMapBackward", triangular_columns(latent), width);
    return vae4j::plan_triangular_map_backward(
        *context, {parameters, z0, z, weight, dz, dparameters, control, batch, samples, latent,
                   width, scale});
  });
}

int vae4j_plan_gaussian_prior(vae4j_context* context, const float* z, const float* components,
                              float* log_ratio, int rows, int latent, vae4j_op** op) {
  return plan_op(context, "gaussianPrior", op, [&] {
    require("gaussianPrior", "z", z);
    require("gaussianPrior", "components", components);
    require("gaussianPrior", "log_ratio", log_ratio);
    require_positive("gaussianPrior", "rows", rows);
    require_positive("gaussianPrior", "latent", latent);
    return vae4j::plan_gaussian_prior(*context, {z, components, log_ratio, rows, latent});
  });
}

int vae4j_plan_gaussian_prior_backward(vae4j_context* context, const float* z,
                                       const float* components, const float* weight, float* dz,
                                       float* dcomponents, const double* control, int rows,
                                       int latent, float scale, vae4j_op** op) {
  return plan_op(context, "gaussianPriorBackward", op, [&] {
    require("gaussianPriorBackward", "z", z);
    require("gaussianPriorBackward", "components", components);
    require("gaussianPriorBackward", "dz", dz);
    require("gaussianPriorBackward", "dcomponents", dcomponents);
    require("gaussianPriorBackward", "control", control);
    require_positive("gaussianPriorBackward", "rows", rows);
    require_positive("gaussianPriorBackward", "latent", latent);
    return vae4j::plan_gaussian_prior_backward(*context, {z, components, weight, dz, dcomponents,
                                                          control, rows, latent, scale});
  });
}

int vae4j_plan_add(vae4j_context* context, const float* source, float* target, int64_t count,
                   vae4j_op** op) {
  return plan_op(context, "add", op, [&] {
    require("add", "source", source);
    require("add", "target", target);
    require_positive("add", "count", count);
    return vae4j::plan_add(*context, {source, target, count});
  });
}

int vae4j_plan_likelihood(vae4j_context* context, const char* names, const double* constants,
                          int constant_count, const int* columns, int block_count,
                          const float* parameters, float* shared, const float* x,
                          const float* mask, const float* row_weight, int weight_count, float* nll,
                          float* dparameters, float* dshared, int batch, int samples, int features,
                          float scale, vae4j_op** op) {
  return plan_op(context, "likelihood", op, [&] {
    require("likelihood", "names", names);
    if (constant_count > 0) require("likelihood", "constants", constants);
    require("likelihood", "columns", columns);
    require("likelihood", "parameters", parameters);
    require("likelihood", "x", x);
    require("likelihood", "nll", nll);
    require_positive("likelihood", "block_count", block_count);
    require_positive("likelihood", "batch", batch);
    require_positive("likelihood", "samples", samples);
    require_positive("likelihood", "features", features);
    return vae4j::plan_likelihood(
        *context, {names, constants, constant_count, columns, block_count, parameters, shared, x,
                   mask, row_weight, weight_count, nll, dparameters, dshared, batch, samples,
                   features, scale});
  });
}

int vae4j_plan_importance_weights(vae4j_context* context, const float* nll,
                                  const float* log_ratio, double* state, int batch, int samples,
                                  vae4j_op** op) {
  return plan_op(context, "importanceWeights", op, [&] {
    require("importanceWeights", "nll", nll);
    require("importanceWeights", "log_ratio", log_ratio);
    require("importanceWeights", "state", state);
    require_positive("importanceWeights", "batch", batch);
    require_positive("importanceWeights", "samples", samples);
    return vae4j::plan_importance_weights(*context, {nll, log_ratio, state, batch, samples});
  });
}

int vae4j_plan_mmd_penalty(vae4j_context* context, const float* z, float* dz, float* penalty,
                           const double* control, int rows, int latent, int64_t seed, int stream,
                           double kernel_scale, float scale, vae4j_op** op) {
  return plan_op(context, "mmdPenalty", op, [&] {
    require("mmdPenalty", "z", z);
    require("mmdPenalty", "dz", dz);
    require("mmdPenalty", "penalty", penalty);
    require("mmdPenalty", "control", control);
    require_positive("mmdPenalty", "rows", rows);
    require_positive("mmdPenalty", "latent", latent);
    return vae4j::plan_mmd_penalty(*context, {z, dz, penalty, control, rows, latent, seed, stream,
                                              kernel_scale, scale});
  });
}

int vae4j_plan_total_correlation(vae4j_context* context, const float* stats, const float* z,
                                 float* dz, float* joint, float* marginal, float* penalty,
                                 int batch, int samples, int latent, double log_own,
                                 double log_other, float scale, vae4j_op** op) {
  return plan_op(context, "totalCorrelation", op, [&] {
    require("totalCorrelation", "stats", stats);
    require("totalCorrelation", "z", z);
    require("totalCorrelation", "dz", dz);
    require("totalCorrelation", "joint", joint);
    require("totalCorrelation", "marginal", marginal);
    require("totalCorrelation", "penalty", penalty);
    require_positive("totalCorrelation", "batch", batch);
    require_positive("totalCorrelation", "samples", samples);
    require_positive("totalCorrelation", "latent", latent);
    return vae4j::plan_total_correlation(*context,
                                         {stats, z, dz, joint, marginal, penalty, batch, samples,
                                          latent, log_own, log_other, scale});
  });
}

int vae4j_plan_total_correlation_backward(vae4j_context* context, const float* stats,
                                          const float* z, const float* joint,
                                          const float* marginal, float* dstats, int batch,
                                          int samples, int latent, double log_own,
                                          double log_other, float scale, vae4j_op** op) {
  return plan_op(context, "totalCorrelationBackward", op, [&] {
    require("totalCorrelationBackward", "stats", stats);
    require("totalCorrelationBackward", "z", z);
    require("totalCorrelationBackward", "joint", joint);
    require("totalCorrelationBackward", "marginal", marginal);
    require("totalCorrelationBackward", "dstats", dstats);
    require_positive("totalCorrelationBackward", "batch", batch);
    require_positive("totalCorrelationBackward", "samples", samples);
    require_positive("totalCorrelationBackward", "latent", latent);
    return vae4j::plan_total_correlation_backward(*context,
                                                  {stats, z, joint, marginal, dstats, batch,
                                                   samples, latent, log_own, log_other, scale});
  });
}

int vae4j_plan_global_norm(vae4j_context* context, const float* gradients, int64_t count,
                           double* norm, vae4j_op** op) {
  return plan_op(context, "globalNorm", op, [&] {
    require("globalNorm", "gradients", gradients);
    require("globalNorm", "norm", norm);
    require_positive("globalNorm", "count", count);
    return vae4j::plan_global_norm(*context, {gradients, count, norm});
  });
}

int vae4j_plan_record_metrics(vae4j_context* context, const float* nll, int64_t nll_count,
                              const float* kl, int64_t kl_count, const float* bound,
                              const float* penalty, int64_t penalty_count, const double* norm,
                              double* ring, double* status, const double* control, int slots,
                              vae4j_op** op) {
  return plan_op(context, "recordMetrics", op, [&] {
    require("recordMetrics", "nll", nll);
    require("recordMetrics", "kl", kl);
    if (penalty_count > 0) require("recordMetrics", "penalty", penalty);
    require("recordMetrics", "norm", norm);
    require("recordMetrics", "ring", ring);
    require("recordMetrics", "status", status);
    require("recordMetrics", "control", control);
    require_positive("recordMetrics", "nll_count", nll_count);
    require_positive("recordMetrics", "kl_count", kl_count);
    require_positive("recordMetrics", "slots", slots);
    return vae4j::plan_record_metrics(
        *context, {nll, nll_count, kl, kl_count, bound, penalty, penalty_count, norm, ring, status,
                   control, slots});
  });
}

int vae4j_plan_adam(vae4j_context* context, float* parameters, const float* gradients, float* m,
                    float* v, float* average, int64_t count, const double* norm,
                    const double* status, double* state, const double* control, double beta1,
                    double beta2, double epsilon, double weight_decay, int decoupled,
                    double clip_norm, double ema_decay, vae4j_op** op) {
  return plan_op(context, "adam", op, [&] {
    require("adam", "parameters", parameters);
    require("adam", "gradients", gradients);
    require("adam", "m", m);
    require("adam", "v", v);
    require("adam", "norm", norm);
    require("adam", "status", status);
    require("adam", "state", state);
    require("adam", "control", control);
    require_positive("adam", "count", count);
    return vae4j::plan_adam(*context, {parameters, gradients, m, v, average, count, norm, status,
                                       state, control, beta1, beta2, epsilon, weight_decay,
                                       decoupled != 0, clip_norm, ema_decay});
  });
}

int vae4j_plan_fill(vae4j_context* context, void* target, int type, int64_t count, double value,
                    vae4j_op** op) {
  return plan_op(context, "fill", op, [&] {
    require("fill", "target", target);
    require_positive("fill", "count", count);
    return vae4j::plan_fill(*context, {target, type, count, value});
  });
}

int vae4j_plan_copy(vae4j_context* context, const void* source, void* target, size_t bytes,
                    vae4j_op** op) {
  return plan_op(context, "copy", op, [&] {
    require("copy", "source", source);
    require("copy", "target", target);
    return vae4j::plan_copy(*context, {source, target, bytes});
  });
}

int vae4j_plan_copy_columns(vae4j_context* context, const float* source, float* target, int rows,
                            int repeat, int columns, int source_columns, int source_first,
                            int target_columns, int target_first, vae4j_op** op) {
  return plan_op(context, "copyColumns", op, [&] {
    require("copyColumns", "source", source);
    require("copyColumns", "target", target);
    require_positive("copyColumns", "rows", rows);
    require_positive("copyColumns", "repeat", repeat);
    require_positive("copyColumns", "columns", columns);
    require_positive("copyColumns", "source_columns", source_columns);
    require_positive("copyColumns", "target_columns", target_columns);
    return vae4j::plan_copy_columns(*context, {source, target, rows, repeat, columns,
                                               source_columns, source_first, target_columns,
                                               target_first});
  });
}

}  // extern "C"
