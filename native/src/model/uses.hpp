// SPDX-License-Identifier: Apache-2.0
// The uses of a model, as vae4j_model.h has them. io.github.vae4j.infer computes the same bits.
#pragma once

#include "model/rows.hpp"

namespace vae4j::model {

void encode(const vae4j_model& model, const InputRows& rows, float* mean, float* logvar);

void sample_posterior(const vae4j_model& model, const InputRows& rows, int64_t samples,
                      int64_t seed, float* z);

// Codes with their conditions.
struct CodeRows {
  const float* z;
  const float* condition;
  int64_t rows;
};

void decode_parameters(const vae4j_model& model, const CodeRows& codes, float* parameters);
void decode_mean(const vae4j_model& model, const CodeRows& codes, float* x);
void decode_draw(const vae4j_model& model, const CodeRows& codes, int64_t seed, float* x);

// Fails if the parameters of the prior are not those of its family.
void check_prior(const vae4j_model& model);

void sample_prior(const vae4j_model& model, int64_t rows, int64_t seed, double temperature,
                  float* z);

void score(const vae4j_model& model, const InputRows& rows, int64_t samples, int64_t seed,
           vae4j_terms* terms);

void log_likelihood(const vae4j_model& model, const InputRows& rows, int64_t samples, int64_t seed,
                    double* log_likelihood, double* effective_size);

// The terms of a row that is scored by itself.
struct RowTerms {
  double reconstruction;
  double kl;
  double error;
  double log_likelihood;
};

// Equal rows have equal scores: each has the noise of the first. log_jacobian is that of each row.
void score_equally(const vae4j_model& model, const InputRows& rows, const double* log_jacobian,
                   int64_t samples, int64_t seed, RowTerms* terms);

}  // namespace vae4j::model
