// SPDX-License-Identifier: Apache-2.0
/*
 * vae4j_model.h: the C API for trained models: encode, sample, decode and score rows, without a
 * JVM. A model is the file model.safetensors that training or Vae.save writes, or the run folder
 * that holds it.
 *
 * Every function returns a vae4j_status; vae4j_last_error() then has the reason, per thread, and
 * the arrays of results may have any content. The caller owns all arrays. A model does not change
 * after it is opened, and any number of threads may use it at the same time; there is no other
 * state. Results are functions of the arguments alone: they do not depend on the threads, nor on
 * the calls before, and they have the bits of the Java API on the cpu backend with the same
 * instruction set.
 *
 * Arrays are dense and row-major: x (rows, features), condition (rows, conditions), mean and
 * logvar and z (rows, latent). Images have their channels last. A value of x that is NaN is
 * missing. condition is NULL for a model without a condition; for a model of classes it is
 * one-hot. Rows are 1 to 2^31 - 1, samples of a row 1 to 2^24 (of log_likelihood 2^31 - 1) and
 * fewer for models of many outputs. Values are not compared with the support of the observation
 * model: -0.5 as a count has a score without meaning. Nats throughout.
 */
#ifndef VAE4J_MODEL_H
#define VAE4J_MODEL_H

#include "vae4j.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this header. A library with another one refuses to open a model. */
#define VAE4J_MODEL_ABI 1

typedef struct vae4j_model vae4j_model;

/* ---- Opening -------------------------------------------------------------------------------- */

/*
 * abi: VAE4J_MODEL_ABI. path: a run folder, or a model.safetensors, in the encoding of the file
 * system. threads: of each call, 0 for all cores; 1 is best where many threads call. isa: as of
 * vae4j_context_create. The file must not be changed while the call reads it; it is not used
 * afterwards.
 *
 * After fork() a child cannot use the threads of its parent: where the thread that forks has opened
 * or used a model with more than one thread, the child's calls with such models fail. Models that
 * are opened with threads 1, before the fork or after it, work in both processes.
 */
VAE4J_API int vae4j_model_open(int abi, const char* path, int threads, const char* isa,
                               vae4j_model** out);

/* Frees a model (and NULL); no call may use it. */
VAE4J_API int vae4j_model_close(vae4j_model* model);

/* ---- Facts ---------------------------------------------------------------------------------- */

typedef enum vae4j_model_size_of {
  VAE4J_FEATURES = 0,   /* columns of x */
  VAE4J_LATENT = 1,     /* columns of z */
  VAE4J_CONDITIONS = 2, /* columns of the condition; 0 without one */
  VAE4J_OUTPUTS = 3,    /* the decoder's outputs of a row: the parameters of p(x|z) */
  VAE4J_SHARED = 4,     /* parameters of p(x|z) that all rows share */
  VAE4J_WEIGHTS = 5,    /* trained numbers */
  VAE4J_HEIGHT = 6,     /* of an image; 0 for rows without a shape */
  VAE4J_WIDTH = 7,
  VAE4J_CHANNELS = 8,
  VAE4J_COLUMNS = 9 /* cells of a row of vae4j_model_score_row; 0 without a schema */
} vae4j_model_size_of;

VAE4J_API int vae4j_model_size(const vae4j_model* model, int which, int64_t* out);

typedef enum vae4j_model_text_of {
  VAE4J_LIKELIHOOD = 0, /* as in docs/likelihoods.md */
  VAE4J_POSTERIOR = 1,  /* as in docs/latents.md */
  VAE4J_PRIOR = 2,      /* as in docs/latents.md */
  VAE4J_WRITTEN_BY = 3, /* the version of vae4j that wrote the file, "development" for no release */
  VAE4J_SPECIFICATION = 4 /* the "model" part of vae.json */
} vae4j_model_text_of;

/* A text of the model, UTF-8, valid until the model is closed. */
VAE4J_API int vae4j_model_text(const vae4j_model* model, int which, const char** out);

/* The name of a cell of vae4j_model_score_row, UTF-8, valid until the model is closed. */
VAE4J_API int vae4j_model_column(const vae4j_model* model, int64_t column, const char** out);

/* ---- Rows and codes ------------------------------------------------------------------------- */

/*
 * The posterior of each row. For a full covariance these are the marginal means and variances; for
 * a planar flow the image of the Gaussian's mean, and the Gaussian's variances. logvar may be NULL.
 */
VAE4J_API int vae4j_model_encode(const vae4j_model* model, const float* x, const float* condition,
                                 int64_t rows, float* mean, float* logvar);

/* Draws of q(z|x): z (rows, samples, latent). */
VAE4J_API int vae4j_model_sample_posterior(const vae4j_model* model, const float* x,
                                           const float* condition, int64_t rows, int64_t samples,
                                           int64_t seed, float* z);

/* E[x|z] of each code; for levels without order the most probable level. */
VAE4J_API int vae4j_model_decode(const vae4j_model* model, const float* z, const float* condition,
                                 int64_t rows, float* x);

/* A draw of p(x|z) for each code; that of row i does not depend on rows. */
VAE4J_API int vae4j_model_decode_draw(const vae4j_model* model, const float* z,
                                      const float* condition, int64_t rows, int64_t seed, float* x);

/* The parameters of p(x|z): parameters (rows, outputs + shared). */
VAE4J_API int vae4j_model_decode_parameters(const vae4j_model* model, const float* z,
                                            const float* condition, int64_t rows,
                                            float* parameters);

/*
 * Draws of the prior p(z); row i does not depend on rows. temperature: a factor of the standard
 * deviations; 1 for the prior.
 */
VAE4J_API int vae4j_model_sample_prior(const vae4j_model* model, int64_t rows, int64_t seed,
                                       double temperature, float* z);

/* ---- Scores --------------------------------------------------------------------------------- */

/* The terms of a row's evidence lower bound. */
typedef struct vae4j_terms {
  double elbo;           /* reconstruction - kl */
  double reconstruction; /* mean of log p(x|z) over the samples */
  double kl;             /* from the prior; estimated if there is no closed form */
} vae4j_terms;

/* The bound of each row, with the given number of samples of z. */
VAE4J_API int vae4j_model_score(const vae4j_model* model, const float* x, const float* condition,
                                int64_t rows, int64_t samples, int64_t seed, vae4j_terms* terms);

/*
 * log p(x) of each row by importance sampling. effective_size, which may be NULL: the effective
 * number of the samples.
 */
VAE4J_API int vae4j_model_log_likelihood(const vae4j_model* model, const float* x,
                                         const float* condition, int64_t rows, int64_t samples,
                                         int64_t seed, double* log_likelihood,
                                         double* effective_size);

/* The score of a row of a table, in nats. */
typedef struct vae4j_row_score {
  double score;          /* -ELBO: the higher, the stranger the row */
  double error;          /* standard error of the score by the samples; NaN for one sample */
  double p_value;        /* of calibration.json beside the model; NaN if it has none, or other
                            samples or another seed. A file that cannot be read fails the call */
  double latent;         /* the share of the KL in the score */
  double log_likelihood; /* log p(x) by importance sampling with the same samples */
} vae4j_row_score;

/*
 * Scores rows of a table: cells (rows, columns) are texts as in the table's file, UTF-8, in the
 * order of vae4j_model_column; NULL is a missing cell. The schema of the model reads them. Each row
 * has the same noise, so that its score does not depend on the other rows. samples 0: the samples
 * and the seed of the calibration, or 64 samples and seed 0 without one.
 */
VAE4J_API int vae4j_model_score_row(const vae4j_model* model, const char* const* cells,
                                    int64_t rows, int64_t samples, int64_t seed,
                                    vae4j_row_score* scores);

#ifdef __cplusplus
}
#endif

#endif
