// SPDX-License-Identifier: Apache-2.0
// Calls of vae4j_model.h on models that a program may or may not be able to use.
#pragma once

#include <signal.h>
#include <unistd.h>

#include <climits>
#include <cstring>
#include <string>
#include <vector>

#include "random.hpp"
#include "report.hpp"
#include "vae4j_model.h"

namespace fuzz {

constexpr unsigned kMostSecondsOfACase = 60;

struct Counts {
  int64_t opened = 0;
  int64_t refused = 0;
  int64_t answered = 0;
  int64_t failed = 0;
};

inline Counts& counts() {
  static Counts counts;
  return counts;
}

// Counts a call by its outcome; a failure must have a text.
inline int any(const char* function, int status) {
  if (status == VAE4J_OK) {
    counts().answered++;
    return status;
  }
  counts().failed++;
  bool sound = status > VAE4J_OK && status < VAE4J_INTERNAL && *vae4j_last_error() != '\0';
  expect(sound,
         std::string(function) + ": a status and a text, given status " + std::to_string(status));
  return status;
}

inline void answered(const char* function, int status) {
  expect(any(function, status) == VAE4J_OK,
         std::string(function) + ": a result, given status " + std::to_string(status));
}

inline void refused(const char* function, int status) {
  expect(any(function, status) != VAE4J_OK, std::string(function) + ": a refusal, given a result");
}

// A call that may fail, one that must not, and one that must.
#define TRY(function, ...) fuzz::any(#function, CALL(function, __VA_ARGS__))
#define ANSWERED(function, ...) fuzz::answered(#function, CALL(function, __VA_ARGS__))
#define REFUSED(function, ...) fuzz::refused(#function, CALL(function, __VA_ARGS__))

// Names the case that runs, and ends the program if it takes too long.
inline void begin(const std::string& name) {
  now() = name;
  signal(SIGALRM, [](int) {
    const char text[] = "FAILED: no end of the case: ";
    ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);
    written += write(STDERR_FILENO, now().data(), now().size());
    _exit(written > 0 ? 1 : 2);
  });
  alarm(kMostSecondsOfACase);
}

inline int open_model(const std::string& path, int threads, vae4j_model** model) {
  int status = TRY(vae4j_model_open, VAE4J_MODEL_ABI, path.c_str(), threads, nullptr, model);
  (status == VAE4J_OK ? counts().opened : counts().refused)++;
  return status;
}

inline void close_model(vae4j_model* model) { ANSWERED(vae4j_model_close, model); }

inline int64_t size(const vae4j_model* model, int which) {
  int64_t value = 0;
  ANSWERED(vae4j_model_size, model, which, &value);
  return value;
}

// Rows and codes of a model, and memory of the exact size of each result: a write beyond it ends
// the program.
struct Arrays {
  // The values of numbers are those of the function, called without arguments.
  template <class Value>
  Arrays(const vae4j_model* model, int64_t given_rows, int64_t given_samples, const Value& value)
      : rows(given_rows), samples(given_samples) {
    int64_t features = size(model, VAE4J_FEATURES);
    int64_t latent = size(model, VAE4J_LATENT);
    int64_t conditions = size(model, VAE4J_CONDITIONS);
    int64_t outputs = size(model, VAE4J_OUTPUTS) + size(model, VAE4J_SHARED);
    for (auto [to, columns] : {std::pair(&x, features), {&z, latent}, {&given, conditions}}) {
      to->resize(count(columns));
      for (float& number : *to) number = value();
    }
    for (std::vector<float>* code : {&mean, &logvar, &prior}) code->resize(count(latent));
    codes.resize(count(samples * latent));
    decoded.resize(count(features));
    drawn.resize(count(features));
    parameters.resize(count(outputs));
    terms.resize(count(1));
    logs.resize(count(1));
    sizes.resize(count(1));
    scores.resize(count(1));
  }

  size_t count(int64_t columns) const { return static_cast<size_t>(rows * columns); }

  const float* condition() const { return given.empty() ? nullptr : given.data(); }

  const int64_t rows;
  const int64_t samples;
  std::vector<float> x, z, given;
  std::vector<float> mean, logvar, prior, codes, decoded, drawn, parameters;
  std::vector<vae4j_terms> terms;
  std::vector<double> logs, sizes;
  std::vector<vae4j_row_score> scores;
};

// Zeros and ones, which all observation models have.
inline Arrays sound_arrays(const vae4j_model* model, int64_t rows, int64_t samples) {
  Random random(7);
  return {model, rows, samples, [&] { return static_cast<float>(random.between(0, 1)); }};
}

// Every call with numbers that it must accept.
inline void sound_calls(const vae4j_model* model, int64_t rows, int64_t samples) {
  constexpr int64_t kSeed = -5;
  Arrays a = sound_arrays(model, rows, samples);
  const float* x = a.x.data();
  const float* z = a.z.data();
  const float* given = a.condition();
  ANSWERED(vae4j_model_encode, model, x, given, rows, a.mean.data(), a.logvar.data());
  ANSWERED(vae4j_model_encode, model, x, given, rows, a.mean.data(), nullptr);
  ANSWERED(vae4j_model_sample_posterior, model, x, given, rows, samples, kSeed, a.codes.data());
  ANSWERED(vae4j_model_decode, model, z, given, rows, a.decoded.data());
  ANSWERED(vae4j_model_decode_draw, model, z, given, rows, kSeed, a.drawn.data());
  ANSWERED(vae4j_model_decode_parameters, model, z, given, rows, a.parameters.data());
  ANSWERED(vae4j_model_sample_prior, model, rows, kSeed, 1, a.prior.data());
  ANSWERED(vae4j_model_sample_prior, model, rows, kSeed, 0, a.prior.data());
  ANSWERED(vae4j_model_score, model, x, given, rows, samples, kSeed, a.terms.data());
  ANSWERED(vae4j_model_log_likelihood, model, x, given, rows, samples, kSeed, a.logs.data(),
           a.sizes.data());
  ANSWERED(vae4j_model_log_likelihood, model, x, given, rows, 205, kSeed, a.logs.data(), nullptr);
  for (int which = VAE4J_FEATURES; which <= VAE4J_COLUMNS; which++) size(model, which);
  for (int which = VAE4J_LIKELIHOOD; which <= VAE4J_SPECIFICATION; which++) {
    const char* text = nullptr;
    ANSWERED(vae4j_model_text, model, which, &text);
    expect(text != nullptr, "a text of the model");
  }
}

// The bits of the scores of some rows: they change if the model does.
inline std::string score_bits(const vae4j_model* model) {
  Arrays a = sound_arrays(model, 3, 2);
  ANSWERED(vae4j_model_score, model, a.x.data(), a.condition(), a.rows, a.samples, 1,
           a.terms.data());
  return {reinterpret_cast<const char*>(a.terms.data()), a.terms.size() * sizeof(vae4j_terms)};
}

// Arguments that every function refuses.
inline void wrong_arguments(const vae4j_model* model) {
  vae4j_model* none = nullptr;
  REFUSED(vae4j_model_open, 0, "", 1, nullptr, nullptr);
  REFUSED(vae4j_model_open, VAE4J_MODEL_ABI + 1, "/", 1, nullptr, &none);
  REFUSED(vae4j_model_open, VAE4J_MODEL_ABI, nullptr, 1, nullptr, &none);
  REFUSED(vae4j_model_open, VAE4J_MODEL_ABI, "/nowhere/model.safetensors", 1, nullptr, &none);
  expect(none == nullptr, "no model of a refused call");
  Arrays a = sound_arrays(model, 1, 1);
  const float* x = a.x.data();
  const float* z = a.z.data();
  const float* given = a.condition();
  float other = 0;
  const float* wrong = given == nullptr ? &other : nullptr;
  REFUSED(vae4j_model_encode, nullptr, x, given, 1, a.mean.data(), nullptr);
  REFUSED(vae4j_model_encode, model, nullptr, given, 1, a.mean.data(), nullptr);
  REFUSED(vae4j_model_encode, model, x, wrong, 1, a.mean.data(), nullptr);
  REFUSED(vae4j_model_encode, model, x, given, 1, nullptr, nullptr);
  REFUSED(vae4j_model_decode, model, nullptr, given, 1, a.decoded.data());
  REFUSED(vae4j_model_decode, model, z, wrong, 1, a.decoded.data());
  REFUSED(vae4j_model_decode, model, z, given, 1, nullptr);
  REFUSED(vae4j_model_score, model, x, given, 1, 1, 0, nullptr);
  REFUSED(vae4j_model_log_likelihood, model, x, given, 1, 1, 0, nullptr, nullptr);
  REFUSED(vae4j_model_score_row, model, nullptr, 1, 1, 0, a.scores.data());
  for (int64_t rows : {INT64_MIN, int64_t{-1}, int64_t{0}, int64_t{INT_MAX} + 1, INT64_MAX}) {
    REFUSED(vae4j_model_encode, model, x, given, rows, a.mean.data(), nullptr);
    REFUSED(vae4j_model_sample_posterior, model, x, given, rows, 1, 0, a.codes.data());
    REFUSED(vae4j_model_decode, model, z, given, rows, a.decoded.data());
    REFUSED(vae4j_model_decode_draw, model, z, given, rows, 0, a.drawn.data());
    REFUSED(vae4j_model_decode_parameters, model, z, given, rows, a.parameters.data());
    REFUSED(vae4j_model_sample_prior, model, rows, 0, 1, a.prior.data());
    REFUSED(vae4j_model_score, model, x, given, rows, 1, 0, a.terms.data());
    REFUSED(vae4j_model_log_likelihood, model, x, given, rows, 1, 0, a.logs.data(), nullptr);
  }
  for (int64_t samples : {INT64_MIN, int64_t{-1}, int64_t{0}, (int64_t{1} << 24) + 1}) {
    REFUSED(vae4j_model_sample_posterior, model, x, given, 1, samples, 0, a.codes.data());
    REFUSED(vae4j_model_score, model, x, given, 1, samples, 0, a.terms.data());
  }
  for (int64_t samples : {INT64_MIN, int64_t{-1}, int64_t{0}, int64_t{INT_MAX} + 1}) {
    REFUSED(vae4j_model_log_likelihood, model, x, given, 1, samples, 0, a.logs.data(), nullptr);
  }
  for (double temperature : {-1.0, static_cast<double>(NAN), static_cast<double>(INFINITY),
                             -static_cast<double>(INFINITY)}) {
    REFUSED(vae4j_model_sample_prior, model, 1, 0, temperature, a.prior.data());
  }
  for (float value : {INFINITY, -INFINITY}) {
    a.x[0] = value;
    REFUSED(vae4j_model_encode, model, x, given, 1, a.mean.data(), nullptr);
    REFUSED(vae4j_model_score, model, x, given, 1, 1, 0, a.terms.data());
  }
  int64_t number = 0;
  const char* text = nullptr;
  for (int which : {INT_MIN, -1, VAE4J_COLUMNS + 1, INT_MAX}) {
    REFUSED(vae4j_model_size, model, which, &number);
    REFUSED(vae4j_model_text, model, which, &text);
    REFUSED(vae4j_model_column, model, which == VAE4J_COLUMNS + 1 ? INT64_MAX : which, &text);
  }
  REFUSED(vae4j_model_size, model, 0, nullptr);
  REFUSED(vae4j_model_size, nullptr, 0, &number);
  REFUSED(vae4j_model_text, nullptr, 0, &text);
  REFUSED(vae4j_model_column, model, 0, nullptr);
  close_model(nullptr);
}

}  // namespace fuzz
