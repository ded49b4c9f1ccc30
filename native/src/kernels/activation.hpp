// SPDX-License-Identifier: Apache-2.0
// The activation functions: io.github.vae4j.backend.Activation is the
// specification. Each is a functor with value(v) and slope(kept), where kept is y, or v if
// kNeedsPreactivation.
#pragma once

#include "elements.hpp"
#include "kernels.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

struct Identity {
  static constexpr bool kNeedsPreactivation = false;
  static float value(float v) { return v; }
  static float slope(float) { return 1.0f; }
};

struct Relu {
  static constexpr bool kNeedsPreactivation = false;
  static float value(float v) { return at_least(v, 0.0f); }
  static float slope(float y) { return y > 0.0f ? 1.0f : 0.0f; }
};

struct Tanh {
  static constexpr bool kNeedsPreactivation = false;
  static float value(float v) { return tanh(v); }
  static float slope(float y) { return (1.0f - y) * (1.0f + y); }
};

struct Sigmoid {
  static constexpr bool kNeedsPreactivation = false;
  static float value(float v) { return sigmoid(v); }
  static float slope(float y) { return y * (1.0f - y); }
};

struct Softplus {
  static constexpr bool kNeedsPreactivation = false;
  static float value(float v) { return softplus(v); }
  static float slope(float y) { return -expm1(-y); }
};

struct Elu {
  static constexpr bool kNeedsPreactivation = false;
  static float value(float v) { return v > 0.0f ? v : expm1(v); }
  static float slope(float y) { return y > 0.0f ? 1.0f : y + 1.0f; }
};

struct LeakyRelu {
  static constexpr bool kNeedsPreactivation = false;
  static float value(float v) { return v > 0.0f ? v : 0.01f * v; }
  static float slope(float y) { return y > 0.0f ? 1.0f : 0.01f; }
};

struct Silu {
  static constexpr bool kNeedsPreactivation = true;
  static float value(float v) { return v * sigmoid(v); }
  static float slope(float v) {
    float s = sigmoid(v);
    return s * (1.0f + v * sigmoid(-v));
  }
};

struct Gelu {
  static constexpr bool kNeedsPreactivation = true;
  static float value(float v) { return v * normal(v).below; }
  static float slope(float v) {
    Normal n = normal(v);
    return n.below + v * n.bell * 0.398942280f;
  }
};

template <class Function>
void forward(const float* v, float* y, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) y[i] = Function::value(v[i]);
}

// Rows are summed in blocks and the blocks' sums are summed, which keeps the rounding error of a
// long batch small. The order does not depend on the division of columns.
constexpr int kRowBlock = 32;
constexpr int kColumnBlock = 64;

template <class Function>
void backward(const float* kept, float* dy, float* dbias, int rows, int columns, int begin,
              int end) {
  for (int first = begin; first < end; first += kColumnBlock) {
    int width = end - first < kColumnBlock ? end - first : kColumnBlock;
    float total[kColumnBlock] = {};
    for (int row = 0; row < rows; row += kRowBlock) {
      int stop = rows - row < kRowBlock ? rows : row + kRowBlock;
      float part[kColumnBlock] = {};
      for (int r = row; r < stop; r++) {
        const float* k = kept + static_cast<int64_t>(r) * columns + first;
        float* d = dy + static_cast<int64_t>(r) * columns + first;
#pragma omp simd
        for (int c = 0; c < width; c++) {
          float slope = d[c] * Function::slope(k[c]);
          d[c] = slope;
          part[c] += slope;
        }
      }
#pragma omp simd
      for (int c = 0; c < width; c++) total[c] += part[c];
    }
#pragma omp simd
    for (int c = 0; c < width; c++) dbias[first + c] = total[c];
  }
}

template <class Function>
void gradient(const float* kept, const float* dy, float* dx, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) dx[i] = dy[i] * Function::slope(kept[i]);
}

template <class Function>
constexpr ActivationKernel activation_kernel(const char* name) {
  return {name, Function::kNeedsPreactivation, forward<Function>, backward<Function>,
          gradient<Function>};
}

constexpr ActivationKernel kActivations[] = {
    activation_kernel<Identity>("identity"),   activation_kernel<Relu>("relu"),
    activation_kernel<Tanh>("tanh"),           activation_kernel<Sigmoid>("sigmoid"),
    activation_kernel<Softplus>("softplus"),   activation_kernel<Elu>("elu"),
    activation_kernel<LeakyRelu>("leakyRelu"), activation_kernel<Silu>("silu"),
    activation_kernel<Gelu>("gelu"),
};

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j
