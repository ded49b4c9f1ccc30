// SPDX-License-Identifier: Apache-2.0
// Functions of both passes of the reparameterised posterior.
#pragma once

#include "philox.cuh"
#include "vector.cuh"

#define MIN_LOGVAR -30.0f
#define MAX_LOGVAR 20.0f

/** The clamped logvar, which is exponentiated; NaN gives NaN. */
__device__ __forceinline__ float clamp_logvar(float logvar) {
  return logvar < MIN_LOGVAR ? MIN_LOGVAR : logvar > MAX_LOGVAR ? MAX_LOGVAR : logvar;
}

/** Whether the clamp is active, which makes the gradient 0. */
__device__ __forceinline__ bool outside_clamp(float logvar) {
  return logvar < MIN_LOGVAR || logvar > MAX_LOGVAR;
}

/** Mean and log variance of two columns. */
struct Posterior {
  float mu[2];
  float logvar[2];
};

/** Swaps a float2 with the other thread of a pair. All threads of the warp must call it. */
__device__ __forceinline__ float2 swap_in_pair(float x, float y) {
  return make_float2(__shfl_xor_sync(0xFFFFFFFFu, x, 1), __shfl_xor_sync(0xFFFFFFFFu, y, 1));
}

/**
 * The columns quad to quad + 3 of a row [means | log variances], two for each thread of a pair, 0
 * beyond `latent`. The even thread loads the four means and the odd one the four log variances, so
 * that one load of a warp spans whole rows: loads of the two halves one after the other would touch
 * the sector that they share twice. All threads of the warp must call it.
 *
 * @param latent 0 for a row that does not exist
 * @param stride the row's own number of columns
 */
__device__ __forceinline__ Posterior load_posterior(const float* row, int quad, int latent,
                                                    int stride, int lane, bool aligned) {
  bool odd = lane & 1;
  int count = latent - quad;
  Quad half = {{0.0f, 0.0f, 0.0f, 0.0f}};
  if (count > 0) {
    half = load_quad(row + (odd ? stride : 0) + quad, count, aligned);
  }
  float2 other = swap_in_pair(odd ? half.v[0] : half.v[2], odd ? half.v[1] : half.v[3]);
  if (odd) {
    return {{other.x, other.y}, {half.v[2], half.v[3]}};
  }
  return {{half.v[0], half.v[1]}, {other.x, other.y}};
}

/** Stores the columns of a pair of threads, like load_posterior. All threads must call it. */
__device__ __forceinline__ void store_posterior(float* row, const Posterior& own, int quad,
                                                int latent, int stride, int lane, bool aligned) {
  bool odd = lane & 1;
  float2 other = swap_in_pair(odd ? own.mu[0] : own.logvar[0], odd ? own.mu[1] : own.logvar[1]);
  int count = latent - quad;
  if (count <= 0) {
    return;
  }
  Quad half;
  half.v[0] = odd ? other.x : own.mu[0];
  half.v[1] = odd ? other.y : own.mu[1];
  half.v[2] = odd ? own.logvar[0] : other.x;
  half.v[3] = odd ? own.logvar[1] : other.y;
  float* to = row + (odd ? stride : 0) + quad;
  if (aligned && count >= 4) {
    // The compiler makes four stores of a plain one here.
    __stcg(reinterpret_cast<float4*>(to), make_float4(half.v[0], half.v[1], half.v[2], half.v[3]));
  } else {
    store_quad(to, half, count, false);
  }
}
