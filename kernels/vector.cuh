// SPDX-License-Identifier: Apache-2.0
// 128-bit loads and stores with tails. A thread owns four consecutive floats (a quad) of a row or
// of a flat array; `count` says how many of the four exist. The alignment of the addresses is the
// same for a whole launch, so that the branch never diverges.
#pragma once

/** Four floats that a thread computes on. */
struct Quad {
  float v[4];
};

/** Whether quads of rows of `stride` floats that start at p lie at multiples of 16 bytes. */
__device__ __forceinline__ bool quads_aligned(const void* p, long long stride) {
  return (((unsigned long long)p & 15) | (stride & 3)) == 0;
}

/** The first `count` of four floats; the rest are 0. */
__device__ __forceinline__ Quad load_quad(const float* p, long long count, bool aligned) {
  if (aligned && count >= 4) {
    float4 f = *reinterpret_cast<const float4*>(p);
    return {{f.x, f.y, f.z, f.w}};
  }
  Quad quad;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    quad.v[i] = i < count ? p[i] : 0.0f;
  }
  return quad;
}

/** load_quad of another block's writes in the same launch, not from the first-level cache. */
__device__ __forceinline__ Quad load_quad_of_other_block(const float* p, long long count,
                                                         bool aligned) {
  if (aligned && count >= 4) {
    float4 f = __ldcg(reinterpret_cast<const float4*>(p));
    return {{f.x, f.y, f.z, f.w}};
  }
  Quad quad;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    quad.v[i] = i < count ? __ldcg(p + i) : 0.0f;
  }
  return quad;
}

__device__ __forceinline__ void store_quad(float* p, const Quad& quad, long long count,
                                           bool aligned) {
  if (aligned && count >= 4) {
    *reinterpret_cast<float4*>(p) = make_float4(quad.v[0], quad.v[1], quad.v[2], quad.v[3]);
    return;
  }
#pragma unroll
  for (int i = 0; i < 4; i++) {
    if (i < count) {
      p[i] = quad.v[i];
    }
  }
}

/** Two floats that a thread computes on. */
struct Pair {
  float v[2];
};

/** Whether pairs of rows of `stride` floats that start at p lie at multiples of 8 bytes. */
__device__ __forceinline__ bool pairs_aligned(const void* p, long long stride) {
  return (((unsigned long long)p & 7) | (stride & 1)) == 0;
}

/** The first `count` of two floats; the rest are 0. */
__device__ __forceinline__ Pair load_pair(const float* p, long long count, bool aligned) {
  if (aligned && count >= 2) {
    float2 f = *reinterpret_cast<const float2*>(p);
    return {{f.x, f.y}};
  }
  return {{count > 0 ? p[0] : 0.0f, count > 1 ? p[1] : 0.0f}};
}

__device__ __forceinline__ void store_pair(float* p, const Pair& pair, long long count,
                                           bool aligned) {
  if (aligned && count >= 2) {
    *reinterpret_cast<float2*>(p) = make_float2(pair.v[0], pair.v[1]);
    return;
  }
  if (count > 0) {
    p[0] = pair.v[0];
  }
  if (count > 1) {
    p[1] = pair.v[1];
  }
}
