// SPDX-License-Identifier: Apache-2.0
// Normalisation and dropout. Sums are in double: a mean of many rows is accurate,
// and the order of a sum does not change the float32 result.
#pragma once

#include "philox.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

// The number of columns whose sums are kept at once, and of rows with their standard deviations.
constexpr int64_t kNormColumns = 64;
constexpr int64_t kNormRows = 64;

VAE4J_INLINE float inverse_root(float variance, float epsilon) {
  return 1.0f / __builtin_sqrtf(variance + epsilon);
}

void moments(const float* x, int64_t rows, int64_t columns, double* means, double* squares) {
  for (int64_t first = 0; first < columns; first += kNormColumns) {
    int64_t count = columns - first < kNormColumns ? columns - first : kNormColumns;
    double sums[kNormColumns] = {};
    double distances[kNormColumns] = {};
    for (int64_t row = 0; row < rows; row++) {
      const float* from = x + row * columns + first;
#pragma omp simd
      for (int64_t i = 0; i < count; i++) sums[i] += static_cast<double>(from[i]);
    }
    for (int64_t i = 0; i < count; i++) sums[i] /= static_cast<double>(rows);
    for (int64_t row = 0; row < rows; row++) {
      const float* from = x + row * columns + first;
#pragma omp simd
      for (int64_t i = 0; i < count; i++) {
        double distance = static_cast<double>(from[i]) - sums[i];
        distances[i] += distance * distance;
      }
    }
    for (int64_t i = 0; i < count; i++) {
      means[first + i] = sums[i];
      squares[first + i] = distances[i];
    }
  }
}

void normalize(const float* x, float* y, int64_t rows, int64_t columns, const float* mean,
               const float* factor, const float* shift) {
  for (int64_t row = 0; row < rows; row++) {
    const float* from = x + row * columns;
    float* to = y + row * columns;
#pragma omp simd
    for (int64_t c = 0; c < columns; c++) to[c] = (from[c] - mean[c]) * factor[c] + shift[c];
  }
}

// Of some columns: the sums of dy, and of dy times the normalised x.
struct ColumnGradients {
  double sums[kNormColumns] = {};
  double normal_sums[kNormColumns] = {};

  VAE4J_INLINE void add(int64_t i, float dy, float normal) {
    sums[i] += static_cast<double>(dy);
    normal_sums[i] += static_cast<double>(dy * normal);
  }

  void store(const NormBackwardArgs& args, int64_t first, int64_t count) const {
    for (int64_t i = 0; i < count; i++) {
      args.dshift[first + i] = static_cast<float>(sums[i]);
      args.dscale[first + i] = static_cast<float>(normal_sums[i]);
    }
  }
};

void norm_sums(const float* x, const float* dy, int64_t rows, int64_t columns, const float* mean,
               const float* inverse, double* sums, double* normal_sums) {
  for (int64_t first = 0; first < columns; first += kNormColumns) {
    int64_t count = columns - first < kNormColumns ? columns - first : kNormColumns;
    const float* centre = mean + first;
    const float* factor = inverse + first;
    ColumnGradients gradients;
    for (int64_t row = 0; row < rows; row++) {
      const float* from = x + row * columns + first;
      const float* slope = dy + row * columns + first;
#pragma omp simd
      for (int64_t i = 0; i < count; i++) {
        gradients.add(i, slope[i], (from[i] - centre[i]) * factor[i]);
      }
    }
    for (int64_t i = 0; i < count; i++) {
      sums[first + i] = gradients.sums[i];
      normal_sums[first + i] = gradients.normal_sums[i];
    }
  }
}

void normalize_backward(const NormColumns& args, const float* x, const float* dy, float* dx,
                        int64_t rows, int64_t columns) {
  NormColumns by = args;
  for (int64_t row = 0; row < rows; row++) {
    const float* from = x + row * columns;
    const float* slope = dy + row * columns;
    float* to = dx + row * columns;
#pragma omp simd
    for (int64_t c = 0; c < columns; c++) {
      float normal = (from[c] - by.mean[c]) * by.inverse[c];
      to[c] = by.outer[c] * (by.inner[c] * slope[c] - (by.share[c] + normal * by.normal_share[c]));
    }
  }
}

void layer_norm(const NormArgs& args, int64_t begin, int64_t end) {
  int64_t columns = args.columns;
  for (int64_t row = begin; row < end; row++) {
    const float* x = args.x + row * columns;
    float* y = args.y + row * columns;
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t c = 0; c < columns; c++) sum += static_cast<double>(x[c]);
    double mean = sum / static_cast<double>(columns);
    double squares = 0;
#pragma omp simd reduction(+ : squares)
    for (int64_t c = 0; c < columns; c++) {
      double distance = static_cast<double>(x[c]) - mean;
      squares += distance * distance;
    }
    float centre = static_cast<float>(mean);
    float variance = static_cast<float>(squares / static_cast<double>(columns));
    float inverse = inverse_root(variance, args.epsilon);
    args.mean[row] = centre;
    args.variance[row] = variance;
#pragma omp simd
    for (int64_t c = 0; c < columns; c++) {
      y[c] = (x[c] - centre) * inverse * args.scale[c] + args.shift[c];
    }
  }
}

void layer_norm_dx(const NormBackwardArgs& args, int64_t begin, int64_t end) {
  int64_t columns = args.columns;
  for (int64_t row = begin; row < end; row++) {
    const float* x = args.x + row * columns;
    const float* dy = args.dy + row * columns;
    float* dx = args.dx + row * columns;
    float mean = args.mean[row];
    float inverse = inverse_root(args.variance[row], args.epsilon);
    double sum = 0;
    double normal_sum = 0;
#pragma omp simd reduction(+ : sum, normal_sum)
    for (int64_t c = 0; c < columns; c++) {
      float g = args.scale[c] * dy[c];
      sum += static_cast<double>(g);
      normal_sum += static_cast<double>(g * ((x[c] - mean) * inverse));
    }
    float share = static_cast<float>(sum / static_cast<double>(columns));
    float normal_share = static_cast<float>(normal_sum / static_cast<double>(columns));
#pragma omp simd
    for (int64_t c = 0; c < columns; c++) {
      float normal = (x[c] - mean) * inverse;
      dx[c] = inverse * (args.scale[c] * dy[c] - share - normal * normal_share);
    }
  }
}

void layer_norm_dscale(const NormBackwardArgs& args, int64_t begin, int64_t end) {
  for (int64_t first = begin; first < end; first += kNormColumns) {
    int64_t count = end - first < kNormColumns ? end - first : kNormColumns;
    ColumnGradients gradients;
    for (int64_t tile = 0; tile < args.rows; tile += kNormRows) {
      int64_t rows = args.rows - tile < kNormRows ? args.rows - tile : kNormRows;
      float inverses[kNormRows];
      for (int64_t r = 0; r < rows; r++) {
        inverses[r] = inverse_root(args.variance[tile + r], args.epsilon);
      }
      for (int64_t r = 0; r < rows; r++) {
        float mean = args.mean[tile + r];
        float inverse = inverses[r];
        const float* x = args.x + (tile + r) * args.columns + first;
        const float* dy = args.dy + (tile + r) * args.columns + first;
#pragma omp simd
        for (int64_t i = 0; i < count; i++) gradients.add(i, dy[i], (x[i] - mean) * inverse);
      }
    }
    gradients.store(args, first, count);
  }
}

void dropout(const Draw& draw, uint32_t row, float rate, float factor, const float* x, float* y,
             int count) {
  float u[4 * kDrawBlocks];
  for (int64_t first = 0; first < count; first += 4 * kDrawBlocks) {
    int64_t left = count - first;
    int n = left < 4 * kDrawBlocks ? static_cast<int>(left) : 4 * kDrawBlocks;
    uniforms(draw, row, static_cast<uint32_t>(first / 4), (n + 3) / 4, u);
    const float* from = x + first;
    float* to = y + first;
#pragma omp simd
    for (int i = 0; i < n; i++) to[i] = u[i] < rate ? 0.0f : from[i] * factor;
  }
}

void running_average(const float* value, float* average, float keep, float take, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) average[i] = keep * average[i] + take * value[i];
}

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j
