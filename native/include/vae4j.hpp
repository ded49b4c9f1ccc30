// SPDX-License-Identifier: Apache-2.0
// vae4j.hpp: vae4j_model.h for C++17, without copies: arrays are spans over the caller's memory. A
// status other than VAE4J_OK is thrown as vae4j::Error, with the library's message. The comments of
// vae4j_model.h are the reference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "vae4j_model.h"

namespace vae4j {

class Error : public std::runtime_error {
 public:
  Error(vae4j_status status, const std::string& message)
      : std::runtime_error(message), status_(status) {}

  vae4j_status status() const noexcept { return status_; }

 private:
  vae4j_status status_;
};

// A view of an array, or of none: of a pointer and a size, or of a container with data() and size().
// data() is NULL if there are no elements, as in an empty container.
template <class T>
class Span {
 public:
  constexpr Span() noexcept = default;
  constexpr Span(T* data, std::size_t size) noexcept
      : data_(size == 0 ? nullptr : data), size_(size) {}

  template <class Container,
            class = std::enable_if_t<std::is_convertible_v<
                std::remove_pointer_t<decltype(std::declval<Container&>().data())> (*)[], T (*)[]>>>
  constexpr Span(Container&& container) noexcept : Span(container.data(), container.size()) {}

  constexpr T* data() const noexcept { return data_; }
  constexpr std::size_t size() const noexcept { return size_; }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

// A trained model. Moved, not copied; any number of threads may call its functions.
class Model {
 public:
  explicit Model(const std::string& path, int threads = 1, const char* isa = nullptr) {
    vae4j_model* opened = nullptr;
    check(vae4j_model_open(VAE4J_MODEL_ABI, path.c_str(), threads, isa, &opened));
    model_.reset(opened);
    features_ = size(VAE4J_FEATURES);
    latent_ = size(VAE4J_LATENT);
    conditions_ = size(VAE4J_CONDITIONS);
    outputs_ = size(VAE4J_OUTPUTS) + size(VAE4J_SHARED);
  }

  std::int64_t features() const noexcept { return features_; }
  std::int64_t latent() const noexcept { return latent_; }
  std::int64_t conditions() const noexcept { return conditions_; }

  // The parameters of p(x|z) of a row: VAE4J_OUTPUTS and VAE4J_SHARED.
  std::int64_t parameters() const noexcept { return outputs_; }

  std::int64_t size(vae4j_model_size_of which) const {
    std::int64_t found = 0;
    check(vae4j_model_size(model_.get(), which, &found));
    return found;
  }

  // Valid while the model exists, as is the name of a column.
  const char* text(vae4j_model_text_of which) const {
    const char* found = nullptr;
    check(vae4j_model_text(model_.get(), which, &found));
    return found;
  }

  const char* column(std::int64_t index) const {
    const char* found = nullptr;
    check(vae4j_model_column(model_.get(), index, &found));
    return found;
  }

  void encode(Span<const float> x, Span<float> mean, Span<float> logvar = {},
              Span<const float> condition = {}) const {
    std::int64_t rows = rows_of(x, condition);
    expect("mean", mean, rows, latent_);
    if (logvar.data() != nullptr) expect("logvar", logvar, rows, latent_);
    check(vae4j_model_encode(model_.get(), x.data(), condition.data(), rows, mean.data(),
                             logvar.data()));
  }

  void sample_posterior(Span<const float> x, std::int64_t samples, std::int64_t seed, Span<float> z,
                        Span<const float> condition = {}) const {
    std::int64_t rows = rows_of(x, condition);
    expect("z", z, rows, product("samples", at_least_one("samples", samples), latent_));
    check(vae4j_model_sample_posterior(model_.get(), x.data(), condition.data(), rows, samples,
                                       seed, z.data()));
  }

  void decode(Span<const float> z, Span<float> x, Span<const float> condition = {}) const {
    std::int64_t rows = codes_of(z, condition);
    expect("x", x, rows, features_);
    check(vae4j_model_decode(model_.get(), z.data(), condition.data(), rows, x.data()));
  }

  void decode_draw(Span<const float> z, std::int64_t seed, Span<float> x,
                   Span<const float> condition = {}) const {
    std::int64_t rows = codes_of(z, condition);
    expect("x", x, rows, features_);
    check(vae4j_model_decode_draw(model_.get(), z.data(), condition.data(), rows, seed, x.data()));
  }

  // parameters: of parameters() columns.
  void decode_parameters(Span<const float> z, Span<float> parameters,
                         Span<const float> condition = {}) const {
    std::int64_t rows = codes_of(z, condition);
    expect("parameters", parameters, rows, outputs_);
    check(vae4j_model_decode_parameters(model_.get(), z.data(), condition.data(), rows,
                                        parameters.data()));
  }

  void sample_prior(std::int64_t seed, Span<float> z, double temperature = 1) const {
    std::int64_t rows = whole("z", z.size(), latent_);
    check(vae4j_model_sample_prior(model_.get(), rows, seed, temperature, z.data()));
  }

  void score(Span<const float> x, std::int64_t samples, std::int64_t seed, Span<vae4j_terms> terms,
             Span<const float> condition = {}) const {
    at_least_one("samples", samples);
    std::int64_t rows = rows_of(x, condition);
    expect("terms", terms, rows, 1);
    check(vae4j_model_score(model_.get(), x.data(), condition.data(), rows, samples, seed,
                            terms.data()));
  }

  void log_likelihood(Span<const float> x, std::int64_t samples, std::int64_t seed,
                      Span<double> log_likelihood, Span<double> effective_size = {},
                      Span<const float> condition = {}) const {
    at_least_one("samples", samples);
    std::int64_t rows = rows_of(x, condition);
    expect("log_likelihood", log_likelihood, rows, 1);
    if (effective_size.data() != nullptr) expect("effective_size", effective_size, rows, 1);
    check(vae4j_model_log_likelihood(model_.get(), x.data(), condition.data(), rows, samples, seed,
                                     log_likelihood.data(), effective_size.data()));
  }

  void score_rows(Span<const char* const> cells, std::int64_t samples, std::int64_t seed,
                  Span<vae4j_row_score> scores) const {
    std::int64_t columns = size(VAE4J_COLUMNS);
    if (columns == 0) {
      throw Error(VAE4J_INVALID_STATE, "cells: the model has no schema of a table; use score");
    }
    std::int64_t rows = whole("cells", cells.size(), columns);
    expect("scores", scores, rows, 1);
    check(vae4j_model_score_row(model_.get(), cells.data(), rows, samples, seed, scores.data()));
  }

  // For the functions of vae4j_model.h that are not here.
  const vae4j_model* get() const noexcept { return model_.get(); }

 private:
  struct Close {
    void operator()(vae4j_model* model) const noexcept { vae4j_model_close(model); }
  };

  static void check(int status) {
    if (status != VAE4J_OK) throw Error(static_cast<vae4j_status>(status), vae4j_last_error());
  }

  static Error wrong(const char* name, const std::string& expected, std::size_t given) {
    return Error(VAE4J_INVALID_ARGUMENT, std::string(name) + ": expected " + expected +
                                             " elements, given " + std::to_string(given));
  }

  static std::int64_t at_least_one(const char* name, std::int64_t given) {
    if (given >= 1) return given;
    throw Error(VAE4J_INVALID_ARGUMENT,
                std::string(name) + ": expected 1 or more, given " + std::to_string(given));
  }

  static std::int64_t product(const char* name, std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    if (!__builtin_mul_overflow(a, b, &result)) return result;
    throw Error(VAE4J_INVALID_ARGUMENT, std::string(name) + ": " + std::to_string(a) + " times " +
                                            std::to_string(b) + " elements are too many");
  }

  template <class T>
  static void expect(const char* name, Span<T> span, std::int64_t rows, std::int64_t columns) {
    std::int64_t expected = product(name, rows, columns);
    if (span.size() != static_cast<std::size_t>(expected)) {
      throw wrong(name, std::to_string(expected), span.size());
    }
  }

  static std::int64_t whole(const char* name, std::size_t size, std::int64_t columns) {
    auto width = static_cast<std::size_t>(at_least_one(name, columns));
    if (size == 0 || size % width != 0) {
      throw wrong(name, "a multiple of " + std::to_string(columns), size);
    }
    return static_cast<std::int64_t>(size / width);
  }

  std::int64_t rows_of(Span<const float> x, Span<const float> condition) const {
    std::int64_t rows = whole("x", x.size(), features_);
    expect("condition", condition, rows, conditions_);
    return rows;
  }

  std::int64_t codes_of(Span<const float> z, Span<const float> condition) const {
    std::int64_t rows = whole("z", z.size(), latent_);
    expect("condition", condition, rows, conditions_);
    return rows;
  }

  std::unique_ptr<vae4j_model, Close> model_;
  std::int64_t features_ = 0;
  std::int64_t latent_ = 0;
  std::int64_t conditions_ = 0;
  std::int64_t outputs_ = 0;
};

}  // namespace vae4j
