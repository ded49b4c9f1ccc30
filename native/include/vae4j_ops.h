// SPDX-License-Identifier: Apache-2.0
/*
 * vae4j_ops.h: a struct and a function for each op of libvae4j. vae4j_tables.h has the mathematics
 * of the ops and the members of their structs. Op foo_bar has a struct vae4j_foo_bar_op and a
 * function that checks it, plans the op and appends it to a program:
 *
 *   int vae4j_plan_foo_bar(vae4j_program* program, const vae4j_foo_bar_op* op);
 *
 * For example, of x (2, 3), weight (3, 4), bias (4) and y (2, 4):
 *
 *   vae4j_dense_op op = {.x = {x, VAE4J_FLOAT32, {2, 3}},
 *                        .weight = {weight, VAE4J_FLOAT32, {3, 4}},
 *                        .bias = {bias, VAE4J_FLOAT32, {4}},
 *                        .y = {y, VAE4J_FLOAT32, {2, 4}},
 *                        .activation = "relu"};
 *   if (vae4j_plan_dense(program, &op) != VAE4J_OK) puts(vae4j_last_error());
 */
#ifndef VAE4J_OPS_H
#define VAE4J_OPS_H

#include "vae4j.h"
#include "vae4j_tables.h"

#ifdef __cplusplus
extern "C" {
#endif

/* OP(name in C, name in messages and for vae4j_program_add, table). */
#define VAE4J_OPS(OP)                                                                          \
  OP(gather, "gather", VAE4J_GATHER)                                                           \
  OP(copy, "copy", VAE4J_COPY)                                                                 \
  OP(copy_columns, "copyColumns", VAE4J_COPY_COLUMNS)                                          \
  OP(add, "add", VAE4J_ADD)                                                                    \
  OP(dense, "dense", VAE4J_DENSE)                                                              \
  OP(dense_backward, "denseBackward", VAE4J_DENSE_BACKWARD)                                    \
  OP(dropout, "dropout", VAE4J_DROPOUT)                                                        \
  OP(batch_norm, "batchNorm", VAE4J_BATCH_NORM)                                                \
  OP(batch_norm_backward, "batchNormBackward", VAE4J_BATCH_NORM_BACKWARD)                      \
  OP(layer_norm, "layerNorm", VAE4J_LAYER_NORM)                                                \
  OP(layer_norm_backward, "layerNormBackward", VAE4J_LAYER_NORM_BACKWARD)                      \
  OP(conv, "conv", VAE4J_CONV)                                                                 \
  OP(conv_backward, "convBackward", VAE4J_CONV_BACKWARD)                                       \
  OP(conv_transpose, "convTranspose", VAE4J_CONV_TRANSPOSE)                                    \
  OP(conv_transpose_backward, "convTransposeBackward", VAE4J_CONV_TRANSPOSE_BACKWARD)          \
  OP(group_norm, "groupNorm", VAE4J_GROUP_NORM)                                                \
  OP(group_norm_backward, "groupNormBackward", VAE4J_GROUP_NORM_BACKWARD)                      \
  OP(attention, "attention", VAE4J_ATTENTION)                                                  \
  OP(attention_backward, "attentionBackward", VAE4J_ATTENTION_BACKWARD)                        \
  OP(pool, "pool", VAE4J_POOL)                                                                 \
  OP(pool_backward, "poolBackward", VAE4J_POOL_BACKWARD)                                       \
  OP(upsample, "upsample", VAE4J_UPSAMPLE)                                                     \
  OP(upsample_backward, "upsampleBackward", VAE4J_UPSAMPLE_BACKWARD)                           \
  OP(pixel_shuffle, "pixelShuffle", VAE4J_PIXEL_SHUFFLE)                                       \
  OP(swap_axes, "swapAxes", VAE4J_SWAP_AXES)                                                   \
  OP(activate, "activate", VAE4J_ACTIVATE)                                                     \
  OP(activate_backward, "activateBackward", VAE4J_ACTIVATE_BACKWARD)                           \
  OP(reparameterize, "reparameterize", VAE4J_REPARAMETERIZE)                                   \
  OP(reparameterize_backward, "reparameterizeBackward", VAE4J_REPARAMETERIZE_BACKWARD)         \
  OP(planar_flow, "planarFlow", VAE4J_PLANAR_FLOW)                                             \
  OP(planar_flow_backward, "planarFlowBackward", VAE4J_PLANAR_FLOW_BACKWARD)                   \
  OP(triangular_map, "triangularMap", VAE4J_TRIANGULAR_MAP)                                    \
  OP(triangular_map_backward, "triangularMapBackward", VAE4J_TRIANGULAR_MAP_BACKWARD)          \
  OP(sampled_kl, "sampledKl", VAE4J_SAMPLED_KL)                                                \
  OP(gaussian_prior, "gaussianPrior", VAE4J_GAUSSIAN_PRIOR)                                    \
  OP(gaussian_prior_backward, "gaussianPriorBackward", VAE4J_GAUSSIAN_PRIOR_BACKWARD)          \
  OP(mixture_prior, "mixturePrior", VAE4J_MIXTURE_PRIOR)                                       \
  OP(mixture_prior_backward, "mixturePriorBackward", VAE4J_MIXTURE_PRIOR_BACKWARD)             \
  OP(likelihood, "likelihood", VAE4J_LIKELIHOOD)                                               \
  OP(sample_weights, "sampleWeights", VAE4J_SAMPLE_WEIGHTS)                                    \
  OP(importance_weights, "importanceWeights", VAE4J_IMPORTANCE_WEIGHTS)                        \
  OP(mmd_penalty, "mmdPenalty", VAE4J_MMD_PENALTY)                                             \
  OP(total_correlation, "totalCorrelation", VAE4J_TOTAL_CORRELATION)                           \
  OP(total_correlation_backward, "totalCorrelationBackward", VAE4J_TOTAL_CORRELATION_BACKWARD) \
  OP(global_norm, "globalNorm", VAE4J_GLOBAL_NORM)                                             \
  OP(record_metrics, "recordMetrics", VAE4J_RECORD_METRICS)                                    \
  OP(adam, "adam", VAE4J_ADAM)                                                                 \
  OP(running_average, "runningAverage", VAE4J_RUNNING_AVERAGE)

/* The names of a table's members, separated by commas. */
#define VAE4J_NAME(type, member, rule) "," #member
#define VAE4J_FORWARD_NAME(type, member, rule) ",forward." #member
#define VAE4J_FORWARD_NAMES(type, TABLE) TABLE(VAE4J_FORWARD_NAME, VAE4J_NO_FORWARD)
#define VAE4J_NAMES(TABLE) (&(TABLE(VAE4J_NAME, VAE4J_FORWARD_NAMES))[1])

#define VAE4J_MEMBER(type, member, rule) type member;
#define VAE4J_FORWARD_MEMBER(type, TABLE) type forward;
#define VAE4J_DEFINE(name, id, TABLE)                                                        \
  typedef struct vae4j_##name##_op {                                                         \
    TABLE(VAE4J_MEMBER, VAE4J_FORWARD_MEMBER)                                                \
  } vae4j_##name##_op;                                                                       \
  static inline int vae4j_plan_##name(vae4j_program* program, const vae4j_##name##_op* op) { \
    return vae4j_program_add(program, id, VAE4J_NAMES(TABLE), op, sizeof *op);               \
  }
VAE4J_OPS(VAE4J_DEFINE)
#undef VAE4J_DEFINE

#ifdef __cplusplus
}
#endif

#endif
