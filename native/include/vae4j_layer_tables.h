// SPDX-License-Identifier: Apache-2.0
/*
 * vae4j_layer_tables.h: the ops of a net's layers, one table each. vae4j_tables.h has the other ops
 * and defines the tables.
 *
 * Sizes: B batch, I inputs, O outputs, R rows, C columns.
 */
#ifndef VAE4J_LAYER_TABLES_H
#define VAE4J_LAYER_TABLES_H

/* ---- Dense layers --------------------------------------------------------------------------- */

/*
 * v = x W + bias, y = activation(v). preactivation receives v; it is given exactly if the
 * activation is silu or gelu. Activations: identity, relu, tanh, sigmoid, softplus, elu, leakyRelu,
 * silu, gelu.
 */
#define VAE4J_DENSE(ROW, FORWARD)               \
  ROW(vae4j_tensor, x, "in *B I")               \
  ROW(vae4j_tensor, weight, "in I O")           \
  ROW(vae4j_tensor, bias, "in O")               \
  ROW(vae4j_tensor, preactivation, "out? *B O") \
  ROW(vae4j_tensor, y, "out *B O")              \
  ROW(const char*, activation, "the name of an activation")

/*
 * dv = dy * activation'(v), written to dy; dx = dv W^T if it is given, d_weight = x^T dv, d_bias =
 * column sums of dv. The derivative is computed from the preactivation, or from y if that is NULL.
 */
#define VAE4J_DENSE_BACKWARD(ROW, FORWARD) \
  FORWARD(vae4j_dense_op, VAE4J_DENSE)     \
  ROW(vae4j_tensor, dy, "out *B O")        \
  ROW(vae4j_tensor, dx, "out? *B I")       \
  ROW(vae4j_tensor, d_weight, "out I O")   \
  ROW(vae4j_tensor, d_bias, "out O")

/* ---- Dropout -------------------------------------------------------------------------------- */

/*
 * y[r, c] = 0 where u < rate, else x[r, c] / (1 - rate), u uniform at (32, step, r, c). The
 * gradient is the same op on dy, with the same seed.
 */
#define VAE4J_DROPOUT(ROW, FORWARD)           \
  ROW(vae4j_tensor, x, "in *R C")             \
  ROW(vae4j_tensor, y, "out *R C")            \
  ROW(vae4j_tensor, control, "in FLOAT64 8+") \
  ROW(double, rate, "0 or more and below 1")  \
  ROW(int64_t, seed, "any")

/* ---- Normalisation -------------------------------------------------------------------------- */

/*
 * y[r, c] = (x[r, c] - mean[c]) / sqrt(variance[c] + epsilon) scale[c] + shift[c]. Where training
 * is 1, mean and variance are those of the rows, 1/R sum_r x and 1/R sum_r (x - mean)^2, and are
 * written; else they are read.
 */
#define VAE4J_BATCH_NORM(ROW, FORWARD) \
  ROW(vae4j_tensor, x, "in *R C")      \
  ROW(vae4j_tensor, scale, "in C")     \
  ROW(vae4j_tensor, shift, "in C")     \
  ROW(vae4j_tensor, mean, "out C")     \
  ROW(vae4j_tensor, variance, "out C") \
  ROW(vae4j_tensor, y, "out *R C")     \
  ROW(double, epsilon, "above 0")      \
  ROW(int64_t, training, "0 or 1")

/*
 * With s = 1 / sqrt(variance + epsilon) and n = (x - mean) s: d_scale[c] = sum_r dy n, d_shift[c] =
 * sum_r dy; dx, if it is given, = scale s (dy - d_shift / R - n d_scale / R) if training is 1, else
 * scale s dy.
 */
#define VAE4J_BATCH_NORM_BACKWARD(ROW, FORWARD)  \
  FORWARD(vae4j_batch_norm_op, VAE4J_BATCH_NORM) \
  ROW(vae4j_tensor, dy, "in *R C")               \
  ROW(vae4j_tensor, dx, "out? *R C")             \
  ROW(vae4j_tensor, d_scale, "out C")            \
  ROW(vae4j_tensor, d_shift, "out C")

/*
 * y[r, c] = (x[r, c] - mean[r]) / sqrt(variance[r] + epsilon) scale[c] + shift[c], with the mean
 * and variance of a row: 1/C sum_c x and 1/C sum_c (x - mean)^2.
 */
#define VAE4J_LAYER_NORM(ROW, FORWARD)  \
  ROW(vae4j_tensor, x, "in *R C")       \
  ROW(vae4j_tensor, scale, "in C")      \
  ROW(vae4j_tensor, shift, "in C")      \
  ROW(vae4j_tensor, mean, "out *R")     \
  ROW(vae4j_tensor, variance, "out *R") \
  ROW(vae4j_tensor, y, "out *R C")      \
  ROW(double, epsilon, "above 0")

/*
 * With s = 1 / sqrt(variance + epsilon), n = (x - mean) s and g = scale dy: d_scale[c] = sum_r dy
 * n, d_shift[c] = sum_r dy; dx, if it is given, = s (g - 1/C sum_c g - n 1/C sum_c g n).
 */
#define VAE4J_LAYER_NORM_BACKWARD(ROW, FORWARD)  \
  FORWARD(vae4j_layer_norm_op, VAE4J_LAYER_NORM) \
  ROW(vae4j_tensor, dy, "in *R C")               \
  ROW(vae4j_tensor, dx, "out? *R C")             \
  ROW(vae4j_tensor, d_scale, "out C")            \
  ROW(vae4j_tensor, d_shift, "out C")

#endif
