// The negative log-likelihood of each row and its gradient in one pass. An observation model is a
// small functor: how many parameters a feature has, and nll and gradient of one feature. A new model
// is a file likelihood_<name>.cu with its functor and LIKELIHOOD_KERNEL; nothing else changes.
//
// Maths (io.github.vae4j.backend.op.LikelihoodLoss): nll[r] = sum_d nll(parameters[r, :, d],
//   x[r / L, d]); dParameters = scale * d nll / d parameters.
// Shapes: parameters (B L, P D) as P blocks of D, x (B, D), nll (B L), dParameters like parameters,
//   may be the same memory, or null.
// Bytes: reads 4 B L D (P + 1), writes 4 B L D P; 4 B L of nll.
// Launch: blocks of 256, `lanes` threads a row (a power of two up to 256), four features a thread.
#pragma once

#include "reduce.cuh"
#include "vector.cuh"

/** A likelihood's settings, in the order of Likelihood.constants(). */
struct Constants {
  float value[4];
};

template <typename Model>
__device__ __forceinline__ void likelihood_rows(const float* parameters,
                                                const float* __restrict__ x,
                                                float* __restrict__ nll, float* d_parameters,
                                                int rows, int samples, int features, float scale,
                                                int lanes, const Constants& constants) {
  constexpr int kParameters = Model::kParameters;
  __shared__ float partial[8];
  const Model model(constants);
  int row = blockIdx.x * (256 / lanes) + threadIdx.x / lanes;
  int lane = threadIdx.x & (lanes - 1);
  bool live = row < rows;
  bool in_aligned = quads_aligned(parameters, features);
  bool x_aligned = quads_aligned(x, features);
  bool out_aligned = quads_aligned(d_parameters, features);
  float sum = 0.0f;
  if (live) {
    long long base = (long long)row * kParameters * features;
    const float* x_row = x + (long long)(row / samples) * features;
    for (int column = 4 * lane; column < features; column += 4 * lanes) {
      int count = features - column;
      Quad given = load_quad(x_row + column, count, x_aligned);
      Quad p[kParameters];
      Quad d[kParameters];
#pragma unroll
      for (int k = 0; k < kParameters; k++) {
        p[k] = load_quad(parameters + base + (long long)k * features + column, count, in_aligned);
      }
#pragma unroll
      for (int i = 0; i < 4; i++) {
        float own[kParameters];
        float gradient[kParameters];
#pragma unroll
        for (int k = 0; k < kParameters; k++) {
          own[k] = p[k].v[i];
        }
        float value = model.nll(own, given.v[i], gradient);
        sum += i < count ? value : 0.0f;
#pragma unroll
        for (int k = 0; k < kParameters; k++) {
          d[k].v[i] = scale * gradient[k];
        }
      }
      if (d_parameters != nullptr) {
#pragma unroll
        for (int k = 0; k < kParameters; k++) {
          store_quad(d_parameters + base + (long long)k * features + column, d[k], count,
                     out_aligned);
        }
      }
    }
  }
  sum = row_sum(sum, lanes, partial);
  if (live && lane == 0) {
    nll[row] = sum;
  }
}

#define LIKELIHOOD_KERNEL(name, Model)                                                            \
  extern "C" __global__ void __launch_bounds__(256)                                               \
      name(const float* parameters, const float* __restrict__ x, float* __restrict__ nll,         \
           float* d_parameters, int rows, int samples, int features, float scale, int lanes,      \
           Constants constants) {                                                                 \
    likelihood_rows<Model>(parameters, x, nll, d_parameters, rows, samples, features, scale,      \
                           lanes, constants);                                                     \
  }
