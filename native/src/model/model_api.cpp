// SPDX-License-Identifier: Apache-2.0
// The C API for trained models: arguments are checked, exceptions become a status and a text.
#include <climits>

#include "guarded.hpp"
#include "model/uses.hpp"
#include "processor.hpp"

namespace {

using namespace vae4j::model;
using vae4j::require;

template <class Body>
int guarded(const Body& body) noexcept {
  vae4j::StandardFloats floats;
  return vae4j::guarded(body);
}

const vae4j_model& checked(const char* call, const vae4j_model* model) {
  require(call, "model", model);
  return *model;
}

CodeRows codes(const char* call, const vae4j_model& model, const float* z, const float* condition,
               int64_t rows) {
  require(call, "z", z);
  require_range(call, "rows", rows, 1, INT_MAX);
  require_condition(call, model, condition);
  require_finite(call, "z", z, rows, model.latent);
  if (condition != nullptr) require_finite(call, "condition", condition, rows, model.conditions);
  return {z, condition, rows};
}

// The numbers and texts of a model, in the order of the enums of vae4j_model.h.
constexpr const char* kSizes[] = {"features", "latent", "conditions", "outputs", "shared",
                                  "trained",  "height", "width",      "channels"};
constexpr const char* kTexts[] = {"likelihood", "posterior", "prior"};

static_assert(std::size(kSizes) == VAE4J_COLUMNS);
static_assert(std::size(kTexts) == VAE4J_WRITTEN_BY);

}  // namespace

extern "C" {

int vae4j_model_open(int abi, const char* path, int threads, const char* isa, vae4j_model** out) {
  return guarded([&] {
    require("model_open", "out", out);
    *out = nullptr;
    require("model_open", "path", path);
    if (abi != VAE4J_MODEL_ABI) {
      throw vae4j::Error(VAE4J_UNSUPPORTED, "model_open: abi: this library has version " +
                                                std::to_string(VAE4J_MODEL_ABI) +
                                                " of vae4j_model.h, given " + std::to_string(abi) +
                                                "; compile the program with its header");
    }
    *out = new vae4j_model(path, threads, isa);
  });
}

int vae4j_model_close(vae4j_model* model) {
  delete model;
  return VAE4J_OK;
}

int vae4j_model_size(const vae4j_model* model, int which, int64_t* out) {
  return guarded([&] {
    require("model_size", "out", out);
    require_range("model_size", "which", which, 0, VAE4J_COLUMNS);
    const vae4j_model& given = checked("model_size", model);
    *out = which == VAE4J_COLUMNS ? given.table.columns() : given.fact(kSizes[which]);
  });
}

int vae4j_model_text(const vae4j_model* model, int which, const char** out) {
  return guarded([&] {
    require("model_text", "out", out);
    require_range("model_text", "which", which, 0, VAE4J_SPECIFICATION);
    const vae4j_model& given = checked("model_text", model);
    *out = which < VAE4J_WRITTEN_BY    ? given.text(kTexts[which]).c_str()
           : which == VAE4J_WRITTEN_BY ? given.written_by.c_str()
                                       : given.specification.c_str();
  });
}

int vae4j_model_column(const vae4j_model* model, int64_t column, const char** out) {
  return guarded([&] {
    require("model_column", "out", out);
    const vae4j_model& given = checked("model_column", model);
    if (given.table.columns() == 0) throw no_schema("model_column");
    require_range("model_column", "column", column, 0, given.table.columns() - 1);
    *out = given.table.column(column).c_str();
  });
}

int vae4j_model_encode(const vae4j_model* model, const float* x, const float* condition,
                       int64_t rows, float* mean, float* logvar) {
  return guarded([&] {
    const vae4j_model& given = checked("encode", model);
    require("encode", "mean", mean);
    encode(given, InputRows("encode", given, x, condition, rows), mean, logvar);
  });
}

int vae4j_model_sample_posterior(const vae4j_model* model, const float* x, const float* condition,
                                 int64_t rows, int64_t samples, int64_t seed, float* z) {
  return guarded([&] {
    const vae4j_model& given = checked("sample_posterior", model);
    require("sample_posterior", "z", z);
    sample_posterior(given, InputRows("sample_posterior", given, x, condition, rows), samples, seed,
                     z);
  });
}

int vae4j_model_decode(const vae4j_model* model, const float* z, const float* condition,
                       int64_t rows, float* x) {
  return guarded([&] {
    const vae4j_model& given = checked("decode", model);
    require("decode", "x", x);
    decode_mean(given, codes("decode", given, z, condition, rows), x);
  });
}

int vae4j_model_decode_draw(const vae4j_model* model, const float* z, const float* condition,
                            int64_t rows, int64_t seed, float* x) {
  return guarded([&] {
    const vae4j_model& given = checked("decode_draw", model);
    require("decode_draw", "x", x);
    decode_draw(given, codes("decode_draw", given, z, condition, rows), seed, x);
  });
}

int vae4j_model_decode_parameters(const vae4j_model* model, const float* z, const float* condition,
                                  int64_t rows, float* parameters) {
  return guarded([&] {
    const vae4j_model& given = checked("decode_parameters", model);
    require("decode_parameters", "parameters", parameters);
    decode_parameters(given, codes("decode_parameters", given, z, condition, rows), parameters);
  });
}

int vae4j_model_sample_prior(const vae4j_model* model, int64_t rows, int64_t seed,
                             double temperature, float* z) {
  return guarded([&] {
    const vae4j_model& given = checked("sample_prior", model);
    require("sample_prior", "z", z);
    require_range("sample_prior", "rows", rows, 1, INT_MAX);
    sample_prior(given, rows, seed, temperature, z);
  });
}

int vae4j_model_score(const vae4j_model* model, const float* x, const float* condition,
                      int64_t rows, int64_t samples, int64_t seed, vae4j_terms* terms) {
  return guarded([&] {
    const vae4j_model& given = checked("score", model);
    require("score", "terms", terms);
    score(given, InputRows("score", given, x, condition, rows), samples, seed, terms);
  });
}

int vae4j_model_log_likelihood(const vae4j_model* model, const float* x, const float* condition,
                               int64_t rows, int64_t samples, int64_t seed, double* log_p,
                               double* effective_size) {
  return guarded([&] {
    const vae4j_model& given = checked("log_likelihood", model);
    require("log_likelihood", "log_likelihood", log_p);
    log_likelihood(given, InputRows("log_likelihood", given, x, condition, rows), samples, seed,
                   log_p, effective_size);
  });
}

int vae4j_model_score_row(const vae4j_model* model, const char* const* cells, int64_t rows,
                          int64_t samples, int64_t seed, vae4j_row_score* scores) {
  return guarded([&] {
    const vae4j_model& given = checked("score_row", model);
    require("score_row", "cells", cells);
    require("score_row", "scores", scores);
    require_range("score_row", "rows", rows, 1, INT_MAX);
    given.table.score(given, cells, rows, samples, seed, scores);
  });
}

}  // extern "C"
