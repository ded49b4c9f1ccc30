// One planner per op. vae4j.h states what each computes.
#pragma once

#include <memory>

#include "context.hpp"

namespace vae4j {

using Planned = std::unique_ptr<Op>;

struct SequencePlan {
  Op* const* ops;
  size_t count;
};
Planned plan_sequence(Context& context, const SequencePlan& plan);

struct GatherPlan {
  const void* source;
  int source_type;
  const int32_t* index;
  float* out;
  float* mask;
  const double* control;
  int rows;
  int features;
  int batch;
  float scale;
  bool shuffle;
  bool binarize;
  int64_t seed;
};
Planned plan_gather(Context& context, const GatherPlan& plan);

struct DensePlan {
  const float* x;
  const float* weight;
  const float* bias;
  float* preactivation;
  float* y;
  int batch;
  int inputs;
  int outputs;
  const char* activation;
};
Planned plan_dense(Context& context, const DensePlan& plan);

struct DenseBackwardPlan {
  const float* x;
  const float* weight;
  const float* y;
  float* dy;
  float* dx;
  float* dweight;
  float* dbias;
  int batch;
  int inputs;
  int outputs;
  const char* activation;
};
Planned plan_dense_backward(Context& context, const DenseBackwardPlan& plan);

struct ReparameterizePlan {
  const float* stats;
  float* z;
  float* kl;
  float* kl_per_dimension;
  float* log_ratio;
  const double* control;
  int batch;
  int samples;
  int latent;
  int64_t seed;
  int stream;
  int row_offset;
};
Planned plan_reparameterize(Context& context, const ReparameterizePlan& plan);

struct ReparameterizeBackwardPlan {
  const float* stats;
  const float* dz;
  const float* kl_per_dimension;
  const float* weight;
  float* dstats;
  const double* control;
  int batch;
  int samples;
  int groups;
  int latent;
  int64_t seed;
  int stream;
  int row_offset;
  float kl_scale;
  float free_bits;
  bool capacity;
  Estimator estimator;
};
Planned plan_reparameterize_backward(Context& context, const ReparameterizeBackwardPlan& plan);

struct SampledKlPlan {
  const float* log_ratio;
  float* kl;
  int batch;
  int samples;
};
Planned plan_sampled_kl(Context& context, const SampledKlPlan& plan);

struct MixturePriorPlan {
  const float* z;
  const float* components;
  const float* logits;
  float* responsibilities;
  float* log_ratio;
  int rows;
  int latent;
  int component_count;
};
Planned plan_mixture_prior(Context& context, const MixturePriorPlan& plan);

struct MixturePriorBackwardPlan {
  const float* z;
  const float* components;
  const float* logits;
  const float* responsibilities;
  const float* weight;
  float* dz;
  float* dcomponents;
  float* dlogits;
  const double* control;
  int rows;
  int latent;
  int component_count;
  float scale;
};
Planned plan_mixture_prior_backward(Context& context, const MixturePriorBackwardPlan& plan);

struct PlanarFlowPlan {
  const float* parameters;
  const float* z0;
  float* z;
  float* tanh;
  float* log_ratio;
  int batch;
  int samples;
  int latent;
  int layers;
  int width;
};
Planned plan_planar_flow(Context& context, const PlanarFlowPlan& plan);

struct PlanarFlowBackwardPlan {
  const float* parameters;
  const float* z;
  const float* tanh;
  const float* weight;
  float* dz;
  float* dparameters;
  const double* control;
  int batch;
  int samples;
  int latent;
  int layers;
  int width;
  float scale;
};
Planned plan_planar_flow_backward(Context& context, const PlanarFlowBackwardPlan& plan);

struct TriangularMapPlan {
  const float* parameters;
  const float* z0;
  float* z;
  float* log_ratio;
  int batch;
  int samples;
  int latent;
  int width;
};
Planned plan_triangular_map(Context& context, const TriangularMapPlan& plan);

struct TriangularMapBackwardPlan {
  const float* parameters;
  const float* z0;
  const float* z;
  const float* weight;
  float* dz;
  float* dparameters;
  const double* control;
  int batch;
  int samples;
  int latent;
  int width;
  float scale;
};
Planned plan_triangular_map_backward(Context& context, const TriangularMapBackwardPlan& plan);

struct GaussianPriorPlan {
  const float* z;
  const float* components;
  float* log_ratio;
  int rows;
  int latent;
};
Planned plan_gaussian_prior(Context& context, const GaussianPriorPlan& plan);

struct GaussianPriorBackwardPlan {
  const float* z;
  const float* components;
  const float* weight;
  float* dz;
  float* dcomponents;
  const double* control;
  int rows;
  int latent;
  float scale;
};
Planned plan_gaussian_prior_backward(Context& context, const GaussianPriorBackwardPlan& plan);

struct AddPlan {
  const float* source;
  float* target;
  int64_t count;
};
Planned plan_add(Context& context, const AddPlan& plan);

struct LikelihoodPlan {
  const char* names;
  const double* constants;
  int constant_count;
  const int* columns;
  int block_count;
  const float* parameters;
  float* shared;
  const float* x;
  const float* mask;
  const float* row_weight;
  int weight_count;
  float* nll;
  float* dparameters;
  float* dshared;
  int batch;
  int samples;
  int features;
  float scale;
};
Planned plan_likelihood(Context& context, const LikelihoodPlan& plan);

struct SampleWeightsPlan {
  const float* nll;
  const float* log_ratio;
  const float* row_weight;
  float* weight;
  float* bound;
  const double* control;
  int batch;
  int samples;
  int groups;
  double alpha;
};
Planned plan_sample_weights(Context& context, const SampleWeightsPlan& plan);

struct ImportanceWeightsPlan {
  const float* nll;
  const float* log_ratio;
  double* state;
  int batch;
  int samples;
};
Planned plan_importance_weights(Context& context, const ImportanceWeightsPlan& plan);

struct MmdPenaltyPlan {
  const float* z;
  float* dz;
  float* penalty;
  const double* control;
  int rows;
  int latent;
  int64_t seed;
  int stream;
  double kernel_scale;
  float scale;
};
Planned plan_mmd_penalty(Context& context, const MmdPenaltyPlan& plan);

struct TotalCorrelationPlan {
  const float* stats;
  const float* z;
  float* dz;
  float* joint;
  float* marginal;
  float* penalty;
  int batch;
  int samples;
  int latent;
  double log_own;
  double log_other;
  float scale;
};
Planned plan_total_correlation(Context& context, const TotalCorrelationPlan& plan);

struct TotalCorrelationBackwardPlan {
  const float* stats;
  const float* z;
  const float* joint;
  const float* marginal;
  float* dstats;
  int batch;
  int samples;
  int latent;
  double log_own;
  double log_other;
  float scale;
};
Planned plan_total_correlation_backward(Context& context,
                                        const TotalCorrelationBackwardPlan& plan);

struct GlobalNormPlan {
  const float* gradients;
  int64_t count;
  double* norm;
};
Planned plan_global_norm(Context& context, const GlobalNormPlan& plan);

struct RecordMetricsPlan {
  const float* nll;
  int64_t nll_count;
  const float* kl;
  int64_t kl_count;
  const float* bound;
  const float* penalty;
  int64_t penalty_count;
  const double* norm;
  double* ring;
  double* status;
  const double* control;
  int slots;
};
Planned plan_record_metrics(Context& context, const RecordMetricsPlan& plan);

struct AdamPlan {
  float* parameters;
  const float* gradients;
  float* m;
  float* v;
  float* average;
  int64_t count;
  const double* norm;
  const double* status;
  double* state;
  const double* control;
  double beta1;
  double beta2;
  double epsilon;
  double weight_decay;
  bool decoupled;
  double clip_norm;
  double ema_decay;
};
Planned plan_adam(Context& context, const AdamPlan& plan);

struct FillPlan {
  void* target;
  int type;
  int64_t count;
  double value;
};
Planned plan_fill(Context& context, const FillPlan& plan);

struct CopyPlan {
  const void* source;
  void* target;
  size_t bytes;
};
Planned plan_copy(Context& context, const CopyPlan& plan);

struct CopyColumnsPlan {
  const float* source;
  float* target;
  int rows;
  int repeat;
  int columns;
  int source_columns;
  int source_first;
  int target_columns;
  int target_first;
};
Planned plan_copy_columns(Context& context, const CopyColumnsPlan& plan);

}  // namespace vae4j
