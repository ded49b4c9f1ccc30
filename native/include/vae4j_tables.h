// SPDX-License-Identifier: Apache-2.0
/*
 * vae4j_tables.h: the ops of libvae4j, their mathematics and their operands, one table each; the
 * ops of a net's layers are in vae4j_layer_tables.h and, for images, vae4j_image_tables.h.
 * vae4j_ops.h makes a struct and a function from each table.
 *
 * The members of an op's struct are the rows of its table, ROW(type, name, rule), in their order.
 * FORWARD(type, table) is the first member of a gradient's struct: the struct, named forward, of
 * the op whose gradient it is. All members are checked against their rules:
 *
 *   vae4j_tensor  "in" or "out" (read or written; "in?", "out?": its data may be NULL), the type
 *                 where it is not FLOAT32, and the shape. A dimension is a number, a size such as
 *                 B, or a number times a size, 2Z. A size is the same wherever an op names it. "*R"
 *                 joins leading dimensions: their product is R. "8+" is 8 or more, "..." any shape.
 *   int64_t       a range
 *   double        a range; always finite
 *   const char*   text
 *
 * Matrices are dense and row-major. Sizes: B batch, D features, I inputs, O outputs, Z latent, L
 * samples per row, K components, N elements. Row r of (B, L) is sample r % L of batch row r / L.
 * A tensor that the op writes may not overlap another operand; with "over X" it may be X itself.
 */
#ifndef VAE4J_TABLES_H
#define VAE4J_TABLES_H

#include "vae4j_image_tables.h"
#include "vae4j_layer_tables.h"

/* ---- Data and memory ------------------------------------------------------------------------ */

/*
 * Batch row b is row r of the source, r = permutation(seed, epoch, N)[position + b], or position +
 * b if not shuffled; position + B must not be above N when it runs. v = source[r, d'] * scale; out
 * is v, or 1 where uniform(BINARIZE, step, b, d) < v and else 0. With a mask, where v is NaN, out
 * and mask are 0; elsewhere the mask is 1. source: UINT8 or FLOAT32.
 *
 * d' = d unless flip or shift is given; then D = height width channels, shift is below height and
 * width, and column (h, w, c) shows (h + dy, w' + dx, c), or v = 0 outside the image. With the words
 * w0, w1, w2 at (AUGMENT, step, b, 0 to 2): w' = width - 1 - w if flip and w0 >= 2^31, else w; dy =
 * floor(w1 (2 shift + 1) / 2^32) - shift, and so dx of w2.
 */
#define VAE4J_GATHER(ROW, FORWARD)            \
  ROW(vae4j_tensor, source, "in any N D")     \
  ROW(vae4j_tensor, out, "out B D")           \
  ROW(vae4j_tensor, mask, "out? B D")         \
  ROW(vae4j_tensor, control, "in FLOAT64 8+") \
  ROW(double, scale, "finite")                \
  ROW(int64_t, shuffle, "0 or 1")             \
  ROW(int64_t, binarize, "0 or 1")            \
  ROW(int64_t, seed, "any")                   \
  ROW(int64_t, height, "0 or more")           \
  ROW(int64_t, width, "0 or more")            \
  ROW(int64_t, channels, "0 or more")         \
  ROW(int64_t, flip, "0 or 1")                \
  ROW(int64_t, shift, "0 or more")

/* Copies all elements to a tensor of the same type and number of elements. */
#define VAE4J_COPY(ROW, FORWARD)          \
  ROW(vae4j_tensor, source, "in any ...") \
  ROW(vae4j_tensor, target, "out any ...")

/*
 * target[r, target_first + j] = source[r / (R / P), source_first + j] for j < columns; the target's
 * other columns do not change. P divides R.
 */
#define VAE4J_COPY_COLUMNS(ROW, FORWARD)  \
  ROW(vae4j_tensor, source, "in *P S")    \
  ROW(vae4j_tensor, target, "out *R T")   \
  ROW(int64_t, source_first, "0 or more") \
  ROW(int64_t, target_first, "0 or more") \
  ROW(int64_t, columns, "1 or more")

/* target += source, with the same number of elements. */
#define VAE4J_ADD(ROW, FORWARD)       \
  ROW(vae4j_tensor, source, "in ...") \
  ROW(vae4j_tensor, target, "out ...")

/* ---- Posteriors ----------------------------------------------------------------------------- */

/*
 * Samples of a diagonal Gaussian and its KL from the standard normal. stats holds means, then log
 * variances, clamped to [-30, 20]. z = mu + exp(logvar / 2) eps, eps normal at (stream, step,
 * row_offset L + r, j). log_ratio: log p(z) - log q(z|x). (row_offset + B) L is below 2^31.
 */
#define VAE4J_REPARAMETERIZE(ROW, FORWARD)      \
  ROW(vae4j_tensor, stats, "in B 2Z")           \
  ROW(vae4j_tensor, z, "out B L Z")             \
  ROW(vae4j_tensor, kl, "out B")                \
  ROW(vae4j_tensor, kl_per_dimension, "out? Z") \
  ROW(vae4j_tensor, log_ratio, "out? B L")      \
  ROW(vae4j_tensor, control, "in FLOAT64 8+")   \
  ROW(int64_t, seed, "any")                     \
  ROW(int64_t, stream, "1 to 255")              \
  ROW(int64_t, row_offset, "0 or more")

/*
 * The gradient, dlogvar 0 where logvar was clamped. With g = kl_scale beta, sigma =
 * exp(logvar / 2), and w = weight, or 1 if that is NULL:
 * "analytic": dmu = sum_l dz + h mu, dlogvar = sum_l dz eps sigma / 2 + h (exp(logvar) - 1) / 2;
 *   h = g mean_l w, 0 where kl_per_dimension[j] < free_bits, and times the sign of
 *   sum_j kl_per_dimension[j] - capacity (of the control block) where capacity is 1.
 * "sampled": s = dz + g w z / L, dmu = sum_l s, dlogvar = sum_l (s eps sigma - g w / L) / 2.
 * "doubly_reparameterized": s = w groups / L (dz + g w (z - eps / sigma) / L), dmu = sum_l s,
 *   dlogvar = sum_l s eps sigma / 2.
 * groups divides L. free_bits above 0 and a capacity of 1 need forward.kl_per_dimension and the
 * analytic estimator, and exclude each other.
 */
#define VAE4J_REPARAMETERIZE_BACKWARD(ROW, FORWARD)      \
  FORWARD(vae4j_reparameterize_op, VAE4J_REPARAMETERIZE) \
  ROW(vae4j_tensor, dz, "in B L Z")                      \
  ROW(vae4j_tensor, weight, "in? B L")                   \
  ROW(vae4j_tensor, d_stats, "out B 2Z")                 \
  ROW(int64_t, groups, "1 or more")                      \
  ROW(double, kl_scale, "finite")                        \
  ROW(double, free_bits, "0 or more")                    \
  ROW(int64_t, capacity, "0 or 1")                       \
  ROW(const char*, estimator, "the name of an estimator")

/*
 * z = z0 after T planar maps z + v h, h = tanh(w.z + b), whose u, w and b are the last T (2 Z + 1)
 * columns of parameters; v is u, changed along w so that the map is invertible. tanh receives h.
 * log_ratio += the logs of the Jacobians' determinants + 1/2 (|z0|^2 - |z|^2).
 */
#define VAE4J_PLANAR_FLOW(ROW, FORWARD)   \
  ROW(vae4j_tensor, parameters, "in B W") \
  ROW(vae4j_tensor, z0, "in B L Z")       \
  ROW(vae4j_tensor, z, "out B L Z")       \
  ROW(vae4j_tensor, tanh, "out B L T")    \
  ROW(vae4j_tensor, log_ratio, "out B L")

/*
 * Replaces dz, the gradient of z, by the gradient of z0, and adds the gradient of -g[r] times the
 * term of planar_flow in log_ratio[r], g[r] = scale beta weight[r], weight 1 if it is NULL; sets
 * the last T (2 Z + 1) columns of d_parameters.
 */
#define VAE4J_PLANAR_FLOW_BACKWARD(ROW, FORWARD)   \
  FORWARD(vae4j_planar_flow_op, VAE4J_PLANAR_FLOW) \
  ROW(vae4j_tensor, weight, "in? B L")             \
  ROW(vae4j_tensor, dz, "out B L Z")               \
  ROW(vae4j_tensor, d_parameters, "out B W")       \
  ROW(vae4j_tensor, control, "in FLOAT64 8+")      \
  ROW(double, scale, "finite")

/*
 * z_i = z0_i + sum over j < i of A_ij z0_j, A the last Z (Z - 1) / 2 columns of parameters, row by
 * row: a Gaussian with a full covariance matrix from a diagonal one. log_ratio += 1/2 (|z0|^2 -
 * |z|^2).
 */
#define VAE4J_TRIANGULAR_MAP(ROW, FORWARD) \
  ROW(vae4j_tensor, parameters, "in B W")  \
  ROW(vae4j_tensor, z0, "in B L Z")        \
  ROW(vae4j_tensor, z, "out B L Z")        \
  ROW(vae4j_tensor, log_ratio, "out B L")

/*
 * Replaces dz, the gradient of z, by the gradient of z0, and adds the gradient of -g[r] times the
 * term of triangular_map in log_ratio[r], g[r] = scale beta weight[r], weight 1 if it is NULL; sets
 * the last Z (Z - 1) / 2 columns of d_parameters.
 */
#define VAE4J_TRIANGULAR_MAP_BACKWARD(ROW, FORWARD)      \
  FORWARD(vae4j_triangular_map_op, VAE4J_TRIANGULAR_MAP) \
  ROW(vae4j_tensor, weight, "in? B L")                   \
  ROW(vae4j_tensor, dz, "out B L Z")                     \
  ROW(vae4j_tensor, d_parameters, "out B W")             \
  ROW(vae4j_tensor, control, "in FLOAT64 8+")            \
  ROW(double, scale, "finite")

/* ---- Priors --------------------------------------------------------------------------------- */

/* kl[b] = -1/L sum_l log_ratio[b, l]: the Monte-Carlo estimate of a KL without closed form. */
#define VAE4J_SAMPLED_KL(ROW, FORWARD)   \
  ROW(vae4j_tensor, log_ratio, "in B L") \
  ROW(vae4j_tensor, kl, "out B")

/*
 * A diagonal Gaussian for each row in place of the standard normal prior: components has means,
 * then log variances, clamped to [-30, 20]. log_ratio += log p(z) - log N(z; 0, I).
 */
#define VAE4J_GAUSSIAN_PRIOR(ROW, FORWARD)  \
  ROW(vae4j_tensor, z, "in *R Z")           \
  ROW(vae4j_tensor, components, "in *R 2Z") \
  ROW(vae4j_tensor, log_ratio, "out *R")

/*
 * The gradient of -sum of g[r] times the term of gaussian_prior in log_ratio[r], g[r] = scale beta
 * weight[r], weight 1 if it is NULL. It is added to dz; d_components is set.
 */
#define VAE4J_GAUSSIAN_PRIOR_BACKWARD(ROW, FORWARD)      \
  FORWARD(vae4j_gaussian_prior_op, VAE4J_GAUSSIAN_PRIOR) \
  ROW(vae4j_tensor, weight, "in? *R")                    \
  ROW(vae4j_tensor, dz, "out *R Z")                      \
  ROW(vae4j_tensor, d_components, "out *R 2Z")           \
  ROW(vae4j_tensor, control, "in FLOAT64 8+")            \
  ROW(double, scale, "finite")

/*
 * A mixture of K diagonal Gaussians in place of the standard normal prior. components has means,
 * then log variances, clamped to [-30, 20]; weights are softmax(logits), equal without logits.
 * log_ratio += log p(z) - log N(z; 0, I); responsibilities receives the probability that z came
 * from each component.
 */
#define VAE4J_MIXTURE_PRIOR(ROW, FORWARD)         \
  ROW(vae4j_tensor, z, "in *R Z")                 \
  ROW(vae4j_tensor, components, "in K 2Z")        \
  ROW(vae4j_tensor, logits, "in? K")              \
  ROW(vae4j_tensor, responsibilities, "out *R K") \
  ROW(vae4j_tensor, log_ratio, "out *R")

/*
 * The gradient of -sum of g[r] times the term of mixture_prior in log_ratio[r], g[r] = scale beta
 * weight[r], weight 1 if it is NULL. It is added to dz; d_components and d_logits, which is given
 * exactly if logits are, are set.
 */
#define VAE4J_MIXTURE_PRIOR_BACKWARD(ROW, FORWARD)     \
  FORWARD(vae4j_mixture_prior_op, VAE4J_MIXTURE_PRIOR) \
  ROW(vae4j_tensor, weight, "in? *R")                  \
  ROW(vae4j_tensor, dz, "out *R Z")                    \
  ROW(vae4j_tensor, d_components, "out K 2Z")          \
  ROW(vae4j_tensor, d_logits, "out? K")                \
  ROW(vae4j_tensor, control, "in FLOAT64 8+")          \
  ROW(double, scale, "finite")

/* ---- Losses --------------------------------------------------------------------------------- */

/*
 * nll[r] = -log p(x[r / L] | parameters[r]) in nats, d_parameters[r] = scale w[r] times its
 * gradient, if it is given. likelihood has the models of the columns of x: blocks, separated by
 * ';', each the name of a model, the number of its columns and its constants, separated by spaces,
 * as in "gaussian 3 0.5;bernoulli 4". P is the number of parameters of all blocks: for p parameters
 * a column, a block has p blocks of its columns, and blocks lie one after the other.
 *
 * Models and their constants: bernoulli, continuous-bernoulli, gaussian (sigma), gaussian-learned,
 * gaussian-shared, gaussian-optimal, laplace (scale), laplace-learned, student-t (nu), categorical
 * (levels), discretized-logistic (levels), discretized-logistic-mixture (components, levels),
 * poisson, negative-binomial, zero-inflated-negative-binomial, multinomial (total, unused). mask: 0
 * where a feature is missing, whose x is not used, else 1. row_weight: w, or 1 if NULL; it does not
 * change nll. shared: one log variance for each gaussian-shared and gaussian-optimal block, the
 * latter set to its optimum if there is a gradient; NULL without such blocks. d_shared, its
 * gradient, is given exactly if shared and d_parameters are.
 */
#define VAE4J_LIKELIHOOD(ROW, FORWARD)                          \
  ROW(const char*, likelihood, "blocks of columns")             \
  ROW(vae4j_tensor, parameters, "in B L P")                     \
  ROW(vae4j_tensor, shared, "out? S")                           \
  ROW(vae4j_tensor, x, "in B D")                                \
  ROW(vae4j_tensor, mask, "in? B D")                            \
  ROW(vae4j_tensor, row_weight, "in? B or B L")                 \
  ROW(vae4j_tensor, nll, "out B L")                             \
  ROW(vae4j_tensor, d_parameters, "out? B L P over parameters") \
  ROW(vae4j_tensor, d_shared, "out? S")                         \
  ROW(double, scale, "finite")

/*
 * log w = beta log_ratio - nll, in groups of K = L / groups; s = 1 - alpha. bound: the mean over
 * groups of (logsumexp of s log w - log K) / s; weight: K times the group's softmax of s log w,
 * times row_weight, or 1 if NULL. alpha = 1: mean of log w, and 1.
 */
#define VAE4J_SAMPLE_WEIGHTS(ROW, FORWARD)    \
  ROW(vae4j_tensor, nll, "in B L")            \
  ROW(vae4j_tensor, log_ratio, "in B L")      \
  ROW(vae4j_tensor, row_weight, "in? B")      \
  ROW(vae4j_tensor, weight, "out B L")        \
  ROW(vae4j_tensor, bound, "out B")           \
  ROW(vae4j_tensor, control, "in FLOAT64 8+") \
  ROW(int64_t, groups, "1 or more")           \
  ROW(double, alpha, "finite")

/*
 * Adds log w = log_ratio - nll to a streaming logsumexp. A row of state: largest log w, sum of
 * exp(log w - largest), sum of exp(2 (log w - largest)); starts as (-infinity, 0, 0).
 */
#define VAE4J_IMPORTANCE_WEIGHTS(ROW, FORWARD) \
  ROW(vae4j_tensor, nll, "in B L")             \
  ROW(vae4j_tensor, log_ratio, "in B L")       \
  ROW(vae4j_tensor, state, "out FLOAT64 B 3")

/*
 * The squared maximum mean discrepancy of z from as many draws p of the standard normal, at (24,
 * step, row, column), with the kernel k(x, y) = C / (C + |x - y|^2), C = 2 Z: penalty[0] = scale /
 * R^2 sum_ij (k(z_i, z_j) + k(p_i, p_j) - 2 k(z_i, p_j)). Its gradient is added to dz.
 */
#define VAE4J_MMD_PENALTY(ROW, FORWARD)       \
  ROW(vae4j_tensor, z, "in *R Z")             \
  ROW(vae4j_tensor, dz, "out *R Z")           \
  ROW(vae4j_tensor, penalty, "out 1")         \
  ROW(vae4j_tensor, control, "in FLOAT64 8+") \
  ROW(int64_t, seed, "any")                   \
  ROW(double, scale, "finite")

/*
 * The total correlation of q(z) from a batch. With q[r, j, d] the density of z[r, d] under the
 * Gaussian of stats[j], in the layout of reparameterize, and log a[r, j] = log_own where j = r / L,
 * else log_other: joint[r] = log sum_j a prod_d q; marginal[r, d] = log sum_j a q; penalty[0] =
 * scale / (B L) sum_r (joint[r] - sum_d marginal[r, d]). Its gradient with respect to z is added to
 * dz.
 */
#define VAE4J_TOTAL_CORRELATION(ROW, FORWARD) \
  ROW(vae4j_tensor, stats, "in B 2Z")         \
  ROW(vae4j_tensor, z, "in B L Z")            \
  ROW(vae4j_tensor, dz, "out B L Z")          \
  ROW(vae4j_tensor, joint, "out B L")         \
  ROW(vae4j_tensor, marginal, "out B L Z")    \
  ROW(vae4j_tensor, penalty, "out 1")         \
  ROW(double, log_own, "finite")              \
  ROW(double, log_other, "finite")            \
  ROW(double, scale, "finite")

/* Adds the gradient of total_correlation to d_stats, with z fixed; 0 for a clamped logvar. */
#define VAE4J_TOTAL_CORRELATION_BACKWARD(ROW, FORWARD)         \
  FORWARD(vae4j_total_correlation_op, VAE4J_TOTAL_CORRELATION) \
  ROW(vae4j_tensor, d_stats, "out B 2Z")

/* ---- Optimizer ------------------------------------------------------------------------------ */

/* norm[0] = sqrt(sum of squares). */
#define VAE4J_GLOBAL_NORM(ROW, FORWARD) \
  ROW(vae4j_tensor, gradients, "in N")  \
  ROW(vae4j_tensor, norm, "out FLOAT64 1")

/*
 * Row (step mod S) of ring receives mean nll, mean kl, norm, ok, mean bound and the sum of
 * penalty; ok is 1 if the others are finite and norm is at most most_norm, else 0. status[0]
 * receives ok. Without a bound it is - mean nll - mean kl, without a penalty its sum is 0. The step
 * must be 0 or more and below 2^63 when it runs.
 */
#define VAE4J_RECORD_METRICS(ROW, FORWARD)    \
  ROW(vae4j_tensor, nll, "in B L")            \
  ROW(vae4j_tensor, kl, "in B")               \
  ROW(vae4j_tensor, bound, "in? B")           \
  ROW(vae4j_tensor, penalty, "in? P")         \
  ROW(vae4j_tensor, norm, "in FLOAT64 1")     \
  ROW(vae4j_tensor, ring, "out FLOAT64 S 6")  \
  ROW(vae4j_tensor, status, "out FLOAT64 1")  \
  ROW(vae4j_tensor, control, "in FLOAT64 8+") \
  ROW(double, most_norm, "0 or more")

/*
 * One Adam step over parameters, skipped if status[0] is 0. state: the numbers of steps applied, of
 * steps skipped, and of consecutive steps skipped last. Gradients are scaled by min(1, clip_norm /
 * norm) if clip_norm is not 0. weight_decay is added to the gradient, or applied to the parameters
 * if decoupled is 1. average: an exponential moving average of the parameters.
 */
#define VAE4J_ADAM(ROW, FORWARD)              \
  ROW(vae4j_tensor, parameters, "out N")      \
  ROW(vae4j_tensor, gradients, "in N")        \
  ROW(vae4j_tensor, m, "out N")               \
  ROW(vae4j_tensor, v, "out N")               \
  ROW(vae4j_tensor, average, "out? N")        \
  ROW(vae4j_tensor, norm, "in FLOAT64 1")     \
  ROW(vae4j_tensor, status, "in FLOAT64 1")   \
  ROW(vae4j_tensor, state, "out FLOAT64 3")   \
  ROW(vae4j_tensor, control, "in FLOAT64 8+") \
  ROW(double, beta1, "0 or more and below 1") \
  ROW(double, beta2, "0 or more and below 1") \
  ROW(double, epsilon, "0 or more")           \
  ROW(double, weight_decay, "0 or more")      \
  ROW(int64_t, decoupled, "0 or 1")           \
  ROW(double, clip_norm, "0 or more")         \
  ROW(double, ema_decay, "0 to 1")

/*
 * average = (1 - momentum) average + momentum factor value if status[0] is not 0; else it does not
 * change.
 */
#define VAE4J_RUNNING_AVERAGE(ROW, FORWARD) \
  ROW(vae4j_tensor, value, "in N")          \
  ROW(vae4j_tensor, average, "out N")       \
  ROW(vae4j_tensor, status, "in FLOAT64 1") \
  ROW(double, momentum, "0 to 1")           \
  ROW(double, factor, "finite")

#endif
