/*
 * vae4j.h: the C API of libvae4j, the CPU engine of vae4j.
 *
 * An op is planned once for its buffers and run often; running allocates nothing. Every function
 * that can fail returns a vae4j_status; vae4j_last_error() then says why, per thread. No C++
 * exception leaves the library.
 *
 * Matrices are dense and row-major, written (rows, columns). Sizes: B batch, D features,
 * I inputs, O outputs, Z latent, L samples per row. Buffers belong to the caller and must live as
 * long as the ops planned for them. A context and its ops are used by one thread at a time.
 * The same plan on the same context gives the same bits every time; the library's own loops do
 * so for every number of threads.
 */
#ifndef VAE4J_H
#define VAE4J_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define VAE4J_API __attribute__((visibility("default")))
#else
#define VAE4J_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef enum vae4j_status {
  VAE4J_OK = 0,
  VAE4J_INVALID_ARGUMENT = 1,
  VAE4J_INVALID_STATE = 2,
  VAE4J_OUT_OF_MEMORY = 3,
  VAE4J_UNSUPPORTED = 4,
  VAE4J_INTERNAL = 5
} vae4j_status;

/* How matrix products are computed; everything else is float32 in all of them. */
typedef enum vae4j_precision { VAE4J_FP32 = 0, VAE4J_TF32 = 1, VAE4J_BF16 = 2 } vae4j_precision;

typedef enum vae4j_type { VAE4J_FLOAT32 = 0, VAE4J_FLOAT64 = 1, VAE4J_UINT8 = 2 } vae4j_type;

/* How the gradient of beta (log p(z) - log q(z|x)) is estimated. */
typedef enum vae4j_estimator {
  VAE4J_ANALYTIC = 0,
  VAE4J_SAMPLED = 1,
  VAE4J_DOUBLY_REPARAMETERIZED = 2
} vae4j_estimator;

/* Elements of a control block, FLOAT64: what changes from step to step. Ops read it as they run. */
enum {
  VAE4J_CONTROL_STEP = 0,
  VAE4J_CONTROL_EPOCH = 1,
  VAE4J_CONTROL_POSITION = 2,
  VAE4J_CONTROL_LEARNING_RATE = 3,
  VAE4J_CONTROL_BETA = 4,
  VAE4J_CONTROL_CAPACITY = 5,
  VAE4J_CONTROL_LENGTH = 8
};

/* Threads, precision and instruction set of a set of ops. */
typedef struct vae4j_context vae4j_context;

/* One planned op. */
typedef struct vae4j_op vae4j_op;

/* Why the last call on this thread failed. Never NULL; valid until the next call on the thread. */
VAE4J_API const char* vae4j_last_error(void);

/* The version of this library. */
VAE4J_API const char* vae4j_version(void);

/* The version of oneDNN that is loaded. */
VAE4J_API const char* vae4j_onednn_version(void);

/* ---- Memory --------------------------------------------------------------------------------- */

/* Zeroed memory, aligned to 64 bytes or more, and its release (of NULL too). */
VAE4J_API int vae4j_allocate(size_t bytes, void** out);
VAE4J_API int vae4j_free(void* memory);

/* Copies bytes; the ranges must not overlap. */
VAE4J_API int vae4j_copy(void* target, const void* source, size_t bytes);

/* ---- Context -------------------------------------------------------------------------------- */

/*
 * threads: 0 for all cores. isa: the library's own loops as "baseline" (any x86-64), "avx2" or
 * "avx512"; NULL for the environment variable VAE4J_ISA and without that the best there is.
 */
VAE4J_API int vae4j_context_create(int threads, int precision, const char* isa,
                                   vae4j_context** out);

/* Its ops must be destroyed before. */
VAE4J_API int vae4j_context_destroy(vae4j_context* context);

/* What the context runs on. */
VAE4J_API int vae4j_context_threads(const vae4j_context* context, int* out);
VAE4J_API const char* vae4j_context_isa(const vae4j_context* context);

/* ---- Running -------------------------------------------------------------------------------- */

VAE4J_API int vae4j_run(vae4j_op* op);
VAE4J_API int vae4j_op_destroy(vae4j_op* op);

/*
 * An op that runs others of the same context in order, stopping at the first that fails: a whole
 * step in one call. The others stay the caller's and must outlive it.
 */
VAE4J_API int vae4j_plan_sequence(vae4j_context* context, vae4j_op* const* ops, size_t count,
                                  vae4j_op** op);

/* ---- Ops ------------------------------------------------------------------------------------ */

/*
 * Batch row b is row r of the source, r = permutation(seed, epoch, rows)[position + b], or
 * position + b if not shuffled, looked up in index (rows) if not NULL. v = source[r, d] * scale;
 * out (B, D) is v, or 1 where uniform(BINARIZE, step, b, d) < v and else 0. With a mask (B, D),
 * where the source is not a number out and mask are 0; elsewhere the mask is 1. It may be NULL.
 * source_type: VAE4J_UINT8 or VAE4J_FLOAT32.
 */
VAE4J_API int vae4j_plan_gather(vae4j_context* context, const void* source, int source_type,
                                const int32_t* index, float* out, float* mask,
                                const double* control, int rows, int features, int batch,
                                float scale, int shuffle, int binarize, int64_t seed,
                                vae4j_op** op);

/*
 * v = x W + bias, y = activation(v); x (B, I), W (I, O), y (B, O). preactivation receives v; NULL
 * unless the activation is silu or gelu. Activations: identity, relu, tanh, sigmoid, softplus,
 * elu, leakyRelu, silu, gelu.
 */
VAE4J_API int vae4j_plan_dense(vae4j_context* context, const float* x, const float* weight,
                               const float* bias, float* preactivation, float* y, int batch,
                               int inputs, int outputs, const char* activation, vae4j_op** op);

/*
 * dv = dy * activation'(v), left in dy; dx = dv W^T (unless NULL), dW = x^T dv, dbias = column
 * sums of dv. y is the forward result, or v where the activation is silu or gelu.
 */
VAE4J_API int vae4j_plan_dense_backward(vae4j_context* context, const float* x,
                                        const float* weight, const float* y, float* dy, float* dx,
                                        float* dweight, float* dbias, int batch, int inputs,
                                        int outputs, const char* activation, vae4j_op** op);

/*
 * Samples of a diagonal Gaussian and its KL from the standard normal. stats (B, 2 Z) holds means,
 * then log variances, clamped to [-30, 20]. z (B L, Z) = mu + exp(logvar / 2) eps, eps normal at
 * (stream, step, row_offset L + r, j). kl (B); kl_per_dimension (Z) and log_ratio (B L), log p(z)
 * - log q(z|x), may be NULL.
 */
VAE4J_API int vae4j_plan_reparameterize(vae4j_context* context, const float* stats, float* z,
                                        float* kl, float* kl_per_dimension, float* log_ratio,
                                        const double* control, int batch, int samples, int latent,
                                        int64_t seed, int stream, int row_offset, vae4j_op** op);

/*
 * The gradient, dlogvar 0 where logvar was clamped. With g = kl_scale beta, sigma = exp(logvar / 2),
 * and w = weight (B L), or 1 where that is NULL:
 * VAE4J_ANALYTIC: dmu = sum_l dz + h mu, dlogvar = sum_l dz eps sigma / 2 + h (exp(logvar) - 1) / 2;
 *   h = g mean_l w, 0 where kl_per_dimension[j] < free_bits, and times the sign of
 *   sum_j kl_per_dimension[j] - capacity (of the control block) where capacity is not 0.
 * VAE4J_SAMPLED: s = dz + g w z / L, dmu = sum_l s, dlogvar = sum_l (s eps sigma - g w / L) / 2.
 * VAE4J_DOUBLY_REPARAMETERIZED: s = w groups / L (dz + g w (z - eps / sigma) / L), dmu = sum_l s,
 *   dlogvar = sum_l s eps sigma / 2.
 * kl_per_dimension may be NULL where neither free_bits nor capacity need it.
 */
VAE4J_API int vae4j_plan_reparameterize_backward(vae4j_context* context, const float* stats,
                                                 const float* dz, const float* kl_per_dimension,
                                                 const float* weight, float* dstats,
                                                 const double* control, int batch, int samples,
                                                 int groups, int latent, int64_t seed, int stream,
                                                 int row_offset, float kl_scale, float free_bits,
                                                 int capacity, int estimator, vae4j_op** op);

/*
 * log w = beta log_ratio - nll, both (B L), in groups of K = L / groups; s = 1 - alpha. bound (B):
 * the mean over groups of (logsumexp of s log w - log K) / s; weight (B L): K times the group's
 * softmax of s log w, times row_weight (B) unless that is NULL. alpha = 1: mean of log w, and 1.
 */
VAE4J_API int vae4j_plan_sample_weights(vae4j_context* context, const float* nll,
                                        const float* log_ratio, const float* row_weight,
                                        float* weight, float* bound, const double* control,
                                        int batch, int samples, int groups, double alpha,
                                        vae4j_op** op);

/*
 * kl[b] = -1/L times the sum of log_ratio[b L + l]: the Monte-Carlo estimate where there is no
 * closed form. kl (B), log_ratio (B L).
 */
VAE4J_API int vae4j_plan_sampled_kl(vae4j_context* context, const float* log_ratio, float* kl,
                                    int batch, int samples, vae4j_op** op);

/*
 * A mixture of K diagonal Gaussians in place of the standard normal prior. z (R, Z); components
 * (K, 2 Z) holds means, then log variances, clamped to [-30, 20]; weights are softmax(logits),
 * equal where logits (K) is NULL. log_ratio (R) += log p(z) - log N(z; 0, I); responsibilities
 * (R, K) receives the probability that z came from each component.
 */
VAE4J_API int vae4j_plan_mixture_prior(vae4j_context* context, const float* z,
                                       const float* components, const float* logits,
                                       float* responsibilities, float* log_ratio, int rows,
                                       int latent, int component_count, vae4j_op** op);

/*
 * The gradient of -sum of g[r] times what mixture_prior added to log_ratio[r], g[r] = scale beta
 * weight[r]; weight (R) may be NULL for 1. It is added to dz (R, Z); dcomponents (K, 2 Z) and
 * dlogits (K), NULL where logits is, are set.
 */
VAE4J_API int vae4j_plan_mixture_prior_backward(vae4j_context* context, const float* z,
                                                const float* components, const float* logits,
                                                const float* responsibilities,
                                                const float* weight, float* dz,
                                                float* dcomponents, float* dlogits,
                                                const double* control, int rows, int latent,
                                                int component_count, float scale, vae4j_op** op);

/*
 * z (B L, Z) = z0 after T planar maps z + v h, h = tanh(w.z + b), whose u, w and b are the last
 * T (2 Z + 1) columns of parameters (B, width), T = layers; v is u, moved along w so that the map is
 * invertible. tanh (B L, T) receives h. log_ratio (B L) += the logs of the Jacobians' determinants
 * + 1/2 (|z0|^2 - |z|^2).
 */
VAE4J_API int vae4j_plan_planar_flow(vae4j_context* context, const float* parameters,
                                     const float* z0, float* z, float* tanh, float* log_ratio,
                                     int batch, int samples, int latent, int layers, int width,
                                     vae4j_op** op);

/*
 * Turns dz (B L, Z), the gradient of z, into that of z0, with that of -g[r] times what
 * planar_flow added to log_ratio[r], g[r] = scale beta weight[r]; sets the last T (2 Z + 1)
 * columns of dparameters (B, width). weight (B L) may be NULL for 1.
 */
VAE4J_API int vae4j_plan_planar_flow_backward(vae4j_context* context, const float* parameters,
                                              const float* z, const float* tanh,
                                              const float* weight, float* dz, float* dparameters,
                                              const double* control, int batch, int samples,
                                              int latent, int layers, int width, float scale,
                                              vae4j_op** op);

/*
 * z (B L, Z): z_i = z0_i + sum over j < i of A_ij z0_j, A the last Z (Z - 1) / 2 columns of parameters
 * (B, width), row by row: a Gaussian with a full covariance matrix from a diagonal one. log_ratio (B
 * L) += 1/2 (|z0|^2 - |z|^2).
 */
VAE4J_API int vae4j_plan_triangular_map(vae4j_context* context, const float* parameters,
                                        const float* z0, float* z, float* log_ratio, int batch,
                                        int samples, int latent, int width, vae4j_op** op);

/*
 * Turns dz (B L, Z), the gradient of z, into that of z0, with that of -g[r] times what triangular_map
 * added to log_ratio[r], g[r] = scale beta weight[r]; sets the last Z (Z - 1) / 2 columns of
 * dparameters (B, width). weight (B L) may be NULL for 1.
 */
VAE4J_API int vae4j_plan_triangular_map_backward(vae4j_context* context, const float* parameters,
                                                 const float* z0, const float* z,
                                                 const float* weight, float* dz,
                                                 float* dparameters, const double* control,
                                                 int batch, int samples, int latent, int width,
                                                 float scale, vae4j_op** op);

/*
 * A diagonal Gaussian of each row's own in place of the standard normal prior: components (R, 2
 * Z) holds means, then log variances, clamped to [-30, 20]. log_ratio (R) += log p(z) - log N(z;
 * 0, I).
 */
VAE4J_API int vae4j_plan_gaussian_prior(vae4j_context* context, const float* z,
                                        const float* components, float* log_ratio, int rows,
                                        int latent, vae4j_op** op);

/*
 * The gradient of -sum of g[r] times what gaussian_prior added to log_ratio[r], g[r] = scale beta
 * weight[r]; weight (R) may be NULL for 1. It is added to dz (R, Z); dcomponents (R, 2 Z) is set.
 */
VAE4J_API int vae4j_plan_gaussian_prior_backward(vae4j_context* context, const float* z,
                                                 const float* components, const float* weight,
                                                 float* dz, float* dcomponents,
                                                 const double* control, int rows, int latent,
                                                 float scale, vae4j_op** op);

/*
 * target += source, float32; the buffers must not overlap.
 */
VAE4J_API int vae4j_plan_add(vae4j_context* context, const float* source, float* target,
                             int64_t count, vae4j_op** op);

/*
 * nll[r] = -log p(x[r / L] | parameters[r]) in nats, dparameters[r] = scale w[r] * its gradient
 * (unless NULL; may be the same buffer as parameters). The columns of x (B, D) are block_count
 * blocks, each with a model of its own: names separated by ';', and how many columns each has. A
 * block with P parameters per feature takes P blocks of its columns; parameters (B L, W) has those
 * of all blocks, one after the other. constants are those of all blocks, one after the other.
 *
 * Models and their constants: bernoulli (), continuous-bernoulli (), gaussian (sigma),
 * gaussian-learned (), gaussian-shared (), gaussian-optimal (), laplace (scale), laplace-learned
 * (), student-t (nu), categorical (levels), discretized-logistic (levels),
 * discretized-logistic-mixture (components, levels), poisson (), negative-binomial (),
 * zero-inflated-negative-binomial (), multinomial (total, unused).
 *
 * mask (B, D), or NULL: 0 where a feature is missing, whose x is not looked at, else 1. row_weight,
 * or NULL for 1: w, weight_count of them, B or B L; it does not weigh nll. shared: one log variance
 * for each gaussian-shared and gaussian-optimal, the latter set to its optimum where there is a
 * gradient; NULL without such blocks. dshared, its gradient: NULL where shared or dparameters is.
 */
VAE4J_API int vae4j_plan_likelihood(vae4j_context* context, const char* names,
                                    const double* constants, int constant_count,
                                    const int* columns, int block_count, const float* parameters,
                                    float* shared, const float* x, const float* mask,
                                    const float* row_weight, int weight_count, float* nll,
                                    float* dparameters, float* dshared, int batch, int samples,
                                    int features, float scale, vae4j_op** op);

/*
 * Adds log w = log_ratio - nll, both (B L), to a streaming logsumexp. state (B, 3): largest log w,
 * sum of exp(log w - largest), sum of exp(2 (log w - largest)); starts as (-infinity, 0, 0).
 */
VAE4J_API int vae4j_plan_importance_weights(vae4j_context* context, const float* nll,
                                            const float* log_ratio, double* state, int batch,
                                            int samples, vae4j_op** op);

/*
 * The squared maximum mean discrepancy of z (R, Z) from as many draws p of the standard normal, at
 * (stream, step, row, column), with the kernel k(x, y) = C / (C + |x - y|^2), C = kernel_scale:
 * penalty[0] = scale / R^2 sum_ij (k(z_i, z_j) + k(p_i, p_j) - 2 k(z_i, p_j)). Its gradient is added
 * to dz (R, Z).
 */
VAE4J_API int vae4j_plan_mmd_penalty(vae4j_context* context, const float* z, float* dz,
                                     float* penalty, const double* control, int rows, int latent,
                                     int64_t seed, int stream, double kernel_scale, float scale,
                                     vae4j_op** op);

/*
 * The total correlation of q(z) from a batch. With q[r, j, d] the density of z[r, d] under the
 * Gaussian of stats[j], and log a[r, j] = log_own where j = r / L, else log_other: joint[r] = log
 * sum_j a prod_d q; marginal[r, d] = log sum_j a q; penalty[0] = scale / (B L) sum_r (joint[r] -
 * sum_d marginal[r, d]). Its gradient along z is added to dz (B L, Z). stats (B, 2 Z) as in
 * vae4j_plan_reparameterize, z (B L, Z), joint (B L), marginal (B L, Z).
 */
VAE4J_API int vae4j_plan_total_correlation(vae4j_context* context, const float* stats,
                                           const float* z, float* dz, float* joint,
                                           float* marginal, float* penalty, int batch, int samples,
                                           int latent, double log_own, double log_other,
                                           float scale, vae4j_op** op);

/* Adds the gradient of the same to dstats (B, 2 Z), z held fixed; nothing for a clamped logvar. */
VAE4J_API int vae4j_plan_total_correlation_backward(vae4j_context* context, const float* stats,
                                                    const float* z, const float* joint,
                                                    const float* marginal, float* dstats,
                                                    int batch, int samples, int latent,
                                                    double log_own, double log_other, float scale,
                                                    vae4j_op** op);

/* norm[0] = sqrt(sum of squares). */
VAE4J_API int vae4j_plan_global_norm(vae4j_context* context, const float* gradients, int64_t count,
                                     double* norm, vae4j_op** op);

/*
 * ring (slots, 6) at step mod slots receives mean nll, mean kl, norm, ok, mean bound and the sum of
 * penalty; ok is 1 where the others are finite, else 0. status[0] receives ok. bound (kl_count) may
 * be NULL: then it is - mean nll - mean kl. penalty (penalty_count) may be NULL, with a count of 0.
 */
VAE4J_API int vae4j_plan_record_metrics(vae4j_context* context, const float* nll,
                                        int64_t nll_count, const float* kl, int64_t kl_count,
                                        const float* bound, const float* penalty,
                                        int64_t penalty_count, const double* norm, double* ring,
                                        double* status, const double* control, int slots,
                                        vae4j_op** op);

/*
 * One Adam step over (n) parameters, skipped where status[0] is 0. state (3): steps applied,
 * skipped, skipped in a row. Gradients are scaled by min(1, clip_norm / norm) where clip_norm is
 * not 0. weight_decay is added to the gradient, or applied to the parameters where decoupled.
 * average, an exponential moving average of the parameters, may be NULL.
 */
VAE4J_API int vae4j_plan_adam(vae4j_context* context, float* parameters, const float* gradients,
                              float* m, float* v, float* average, int64_t count,
                              const double* norm, const double* status, double* state,
                              const double* control, double beta1, double beta2, double epsilon,
                              double weight_decay, int decoupled, double clip_norm,
                              double ema_decay, vae4j_op** op);

/* Sets every element. type: VAE4J_FLOAT32 or VAE4J_FLOAT64. */
VAE4J_API int vae4j_plan_fill(vae4j_context* context, void* target, int type, int64_t count,
                              double value, vae4j_op** op);

/* Copies bytes between buffers that do not overlap. */
VAE4J_API int vae4j_plan_copy(vae4j_context* context, const void* source, void* target,
                              size_t bytes, vae4j_op** op);

/*
 * target[r, target_first + j] = source[r / repeat, source_first + j] for r < rows, j < columns.
 * source (rows / repeat, source_columns), target (rows, target_columns); other columns stay.
 */
VAE4J_API int vae4j_plan_copy_columns(vae4j_context* context, const float* source, float* target,
                                      int rows, int repeat, int columns, int source_columns,
                                      int source_first, int target_columns, int target_first,
                                      vae4j_op** op);

#ifdef __cplusplus
}
#endif

#endif
