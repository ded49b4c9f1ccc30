// SPDX-License-Identifier: Apache-2.0
// The gradients of group normalisation; with groups of one channel and one image also of batch
// normalisation of many rows.
//
// Maths (io.github.vae4j.backend.op.GroupNormBackward): s = 1 / sqrt(variance + epsilon), h = (x - mean)
//   s, t = scale dy; dScale[c] = sum_{n, r} dy h, dShift[c] = sum_{n, r} dy; dx = s (t - mean_g t - h
//   mean_g (t h)). The means over a group are sums, over its channels, of scale times the same sums of
//   an image, so that one pass over x and dy makes all of them.
// Shapes: x, dy, dx (N, R, C), scale, dScale, dShift (C); mean, variance (N, G); partial (N, chunks, 2,
//   C) scratch: for each chunk the sums over its pixels of dy, then of dy h.
// Bytes: reads 16 N R C (the second 8 from the cache where an image is small), writes 4 N R C; writes
//   and reads 8 N chunks C of sums, group_norm_dx reads them in each block of the image. Without dx,
//   reads 8 N R C.
// Launch: blocks of 8 x 32. group_norm_backward, where groups have at most 32 channels and an image is
//   one chunk: a block for every image and strip of whole groups. Else group_norm_sums, a block for
//   every image, chunk and 32 channels, then group_norm_dx, a block for every image, chunk and strip
//   of whole groups. Last group_norm_dscale, a block for every 32 channels.
#include "groups.cuh"

/** The mean and 1 / sqrt(variance + epsilon) of each of a thread's channels. */
struct Standard {
  Quad centre;
  Quad inverse;
};

__device__ __forceinline__ Standard standard_of(const float* __restrict__ mean,
                                                const float* __restrict__ variance,
                                                const Groups& groups, const Part& part,
                                                unsigned channel, float epsilon) {
  Standard own = {};
  long long start = (long long)part.image * (groups.channels / groups.width);
#pragma unroll
  for (int i = 0; i < 4; i++) {
    if (channel + i < part.end_channel) {
      long long at = start + (channel + i) / groups.width;
      own.centre.v[i] = mean[at];
      own.inverse.v[i] = 1.0f / sqrtf(variance[at] + epsilon);
    }
  }
  return own;
}

/**
 * The sums of dy and dy h of a thread's channels over the pixels of a part, which are also stored in
 * `partial`. All threads of the channels get them. All threads of the block must call it.
 */
__device__ __forceinline__ void channel_gradients(
    const float* __restrict__ x, const float* __restrict__ dy, float* __restrict__ partial,
    const Groups& groups, const Part& part, const Standard& standard, unsigned channel, int count,
    float4 (&shared)[2][STRIP_WARPS][COLUMN_THREADS], Quad (&sums)[2]) {
  bool x_aligned = strips_aligned(x, groups);
  bool dy_aligned = strips_aligned(dy, groups);
  sums[0] = {};
  sums[1] = {};
  long long start = value_at(groups, part.image, 0, channel);
#pragma unroll 2
  for (unsigned pixel = part.first_pixel + threadIdx.y; pixel < part.end_pixel;
       pixel += ROW_THREADS) {
    long long at = start + (long long)pixel * groups.channels;
    Quad value = load_quad(x + at, count, x_aligned);
    Quad d = load_quad(dy + at, count, dy_aligned);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      sums[0].v[i] += d.v[i];
      sums[1].v[i] =
          fmaf(d.v[i], (value.v[i] - standard.centre.v[i]) * standard.inverse.v[i], sums[1].v[i]);
    }
  }
  column_sums(sums, shared);
  if (threadIdx.y == 0) {
    bool aligned = strips_aligned(partial, groups);
    float* to = partial + sum_at(groups, part.image, part.chunk, channel);
    store_quad(to, sums[0], count, aligned);
    store_quad(to + groups.channels, sums[1], count, aligned);
  }
}

/** Writes dx of a part; `means` are those of t and t h over the group of each of the channels. */
__device__ __forceinline__ void input_gradient(const float* __restrict__ x,
                                               const float* __restrict__ scale,
                                               const float* __restrict__ dy, float* __restrict__ dx,
                                               const Groups& groups, const Part& part,
                                               const Standard& standard, unsigned channel,
                                               int count, const Quad (&means)[2], bool training) {
  bool x_aligned = strips_aligned(x, groups);
  bool dy_aligned = strips_aligned(dy, groups);
  bool dx_aligned = strips_aligned(dx, groups);
  Quad factor = load_quad(scale + channel, count, strips_aligned(scale, groups));
  long long start = value_at(groups, part.image, 0, channel);
#pragma unroll 2
  for (unsigned pixel = part.first_pixel + threadIdx.y; pixel < part.end_pixel;
       pixel += ROW_THREADS) {
    long long at = start + (long long)pixel * groups.channels;
    Quad d = load_quad(dy + at, count, dy_aligned);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      d.v[i] *= factor.v[i];
    }
    // A product with 0 in place of this would spread a NaN or an infinity over the channel.
    if (training) {
      Quad value = load_quad(x + at, count, x_aligned);
#pragma unroll
      for (int i = 0; i < 4; i++) {
        float normal = (value.v[i] - standard.centre.v[i]) * standard.inverse.v[i];
        d.v[i] = d.v[i] - means[0].v[i] - normal * means[1].v[i];
      }
    }
#pragma unroll
    for (int i = 0; i < 4; i++) {
      d.v[i] *= standard.inverse.v[i];
    }
    store_quad(dx + at, d, count, dx_aligned);
  }
}

extern "C" __global__ void __launch_bounds__(256)
    group_norm_backward(const float* __restrict__ x, const float* __restrict__ scale,
                        const float* __restrict__ mean, const float* __restrict__ variance,
                        const float* __restrict__ dy, float* __restrict__ dx,
                        float* __restrict__ partial, float epsilon, Groups groups) {
  __shared__ float4 shared[2][STRIP_WARPS][COLUMN_THREADS];
  __shared__ float channel_sums[2][STRIP_COLUMNS];
  __shared__ float sums_of_groups[2][STRIP_COLUMNS];
  Part part = own_part(groups);
  unsigned channel = part.first_channel + 4 * threadIdx.x;
  int count = (int)(part.end_channel - channel);
  Standard standard = standard_of(mean, variance, groups, part, channel, epsilon);
  Quad means[2];
  channel_gradients(x, dy, partial, groups, part, standard, channel, count, shared, means);
  Quad factor = load_quad(scale + channel, count, strips_aligned(scale, groups));
#pragma unroll
  for (int n = 0; n < 2; n++) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
      means[n].v[i] *= factor.v[i];
    }
  }
  group_sums(means, groups, channel_sums, sums_of_groups);
  float values = values_of(groups);
#pragma unroll
  for (int n = 0; n < 2; n++) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
      means[n].v[i] /= values;
    }
  }
  input_gradient(x, scale, dy, dx, groups, part, standard, channel, count, means, true);
}

extern "C" __global__ void __launch_bounds__(256)
    group_norm_sums(const float* __restrict__ x, const float* __restrict__ mean,
                    const float* __restrict__ variance, const float* __restrict__ dy,
                    float* __restrict__ partial, float epsilon, Groups groups) {
  __shared__ float4 shared[2][STRIP_WARPS][COLUMN_THREADS];
  Part part = own_part(groups);
  unsigned channel = part.first_channel + 4 * threadIdx.x;
  int count = (int)(part.end_channel - channel);
  Standard standard = standard_of(mean, variance, groups, part, channel, epsilon);
  Quad sums[2];
  channel_gradients(x, dy, partial, groups, part, standard, channel, count, shared, sums);
}

extern "C" __global__ void __launch_bounds__(256)
    group_norm_dx(const float* __restrict__ x, const float* __restrict__ scale,
                  const float* __restrict__ mean, const float* __restrict__ variance,
                  const float* __restrict__ dy, float* __restrict__ dx,
                  const float* __restrict__ partial, float epsilon, int training, Groups groups) {
  __shared__ float4 shared[2][STRIP_WARPS][COLUMN_THREADS];
  __shared__ float channel_sums[2][STRIP_COLUMNS];
  __shared__ float sums_of_groups[2][STRIP_COLUMNS];
  Part part = own_part(groups);
  bool aligned = strips_aligned(partial, groups);
  bool scale_aligned = strips_aligned(scale, groups);
  unsigned steps = (part.end_channel - part.first_channel + STRIP_COLUMNS - 1) / STRIP_COLUMNS;
  Quad means[2] = {};
  for (unsigned i = threadIdx.y; i < steps * groups.chunks; i += ROW_THREADS) {
    unsigned step = i / groups.chunks;
    unsigned chunk = i - step * groups.chunks;
    unsigned channel = part.first_channel + STRIP_COLUMNS * step + 4 * threadIdx.x;
    int count = (int)(part.end_channel - channel);
    Quad factor = load_quad(scale + channel, count, scale_aligned);
    const float* from = partial + sum_at(groups, part.image, chunk, channel);
#pragma unroll
    for (int n = 0; n < 2; n++) {
      Quad sum = load_quad(from + n * groups.channels, count, aligned);
#pragma unroll
      for (int k = 0; k < 4; k++) {
        means[n].v[k] = fmaf(factor.v[k], sum.v[k], means[n].v[k]);
      }
    }
  }
  column_sums(means, shared);
  group_sums(means, groups, channel_sums, sums_of_groups);
  float values = values_of(groups);
#pragma unroll
  for (int n = 0; n < 2; n++) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
      means[n].v[i] /= values;
    }
  }
  unsigned channel = part.first_channel + 4 * threadIdx.x;
  for (; channel < part.end_channel; channel += STRIP_COLUMNS) {
    Standard standard = standard_of(mean, variance, groups, part, channel, epsilon);
    input_gradient(x, scale, dy, dx, groups, part, standard, channel,
                   (int)(part.end_channel - channel), means, training);
  }
}

extern "C" __global__ void __launch_bounds__(256)
    group_norm_dscale(const float* __restrict__ partial, float* __restrict__ d_scale,
                      float* __restrict__ d_shift, unsigned rows, unsigned channels) {
  __shared__ float4 shared[2][STRIP_WARPS][COLUMN_THREADS];
  Strip own = own_strip(channels);
  bool aligned = quads_aligned(partial, channels);
  Quad sums[2] = {};
#pragma unroll 4
  for (unsigned row = own.first; row < rows; row += ROW_THREADS) {
    const float* from = partial + (long long)row * 2 * channels + own.column;
#pragma unroll
    for (int n = 0; n < 2; n++) {
      Quad more = load_quad(from + n * channels, own.count, aligned);
#pragma unroll
      for (int i = 0; i < 4; i++) {
        sums[n].v[i] += more.v[i];
      }
    }
  }
  column_sums(sums, shared);
  if (threadIdx.y == 0) {
    store_quad(d_shift + own.column, sums[0], own.count, quads_aligned(d_shift, 0));
    store_quad(d_scale + own.column, sums[1], own.count, quads_aligned(d_scale, 0));
  }
}
