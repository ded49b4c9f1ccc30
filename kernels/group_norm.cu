// SPDX-License-Identifier: Apache-2.0
// Group normalisation; with groups of one channel and one image also batch normalisation of many rows.
//
// Maths (io.github.vae4j.backend.op.GroupNorm): mean[n, g] and variance[n, g] of the R D values of a
//   group, y = (x - mean) / sqrt(variance + epsilon) scale + shift. The mean and the sum of squared
//   deviations of each channel are made by one pass, of a few pixels at a time, which are merged (Chan,
//   Golub and LeVeque 1983): as accurate as two passes, also for a large mean.
// Shapes: x, y (N, R, C); scale, shift (C); mean, variance (N, G); partial (N, chunks, 2, C) scratch.
// Bytes: reads 8 N R C (the second time from the cache where an image is small), writes 4 N R C;
//   group_norm_moments writes 8 N chunks C, group_norm_apply reads them in each block of the image.
// Launch: blocks of 8 x 32. group_norm, where groups have at most 32 channels and an image is one
//   chunk: a block for every image and strip of whole groups. Else group_norm_moments, a block for
//   every image, chunk and 32 channels, then group_norm_apply, a block for every image, chunk and
//   strip of whole groups; without partial, it normalises by the given mean and variance.
#include "groups.cuh"

/**
 * The first value of each of a thread's channels' groups. Moments are made of the distances from it,
 * so that the means of a group's channels are not rounded to the digits of a large mean.
 */
__device__ __forceinline__ Quad origin_of(const float* __restrict__ x, const Groups& groups,
                                          const Part& part, unsigned channel) {
  Quad origin = {};
#pragma unroll
  for (int i = 0; i < 4; i++) {
    if (channel + i < part.end_channel) {
      unsigned first = (channel + i) / groups.width * groups.width;
      origin.v[i] = x[value_at(groups, part.image, 0, first)];
    }
  }
  return origin;
}

/** Rows that a thread holds at a time. */
#define HELD_ROWS 4

/** The mean and the sum of squared deviations of each of four channels. */
struct Moments {
  Quad mean;
  Quad square;
};

/** Merges the moments of `count` values with those of `more` further ones. */
__device__ __forceinline__ void merge(Moments& own, unsigned count, const Moments& other,
                                      unsigned more) {
  float share = (float)more / (float)(count + more);
#pragma unroll
  for (int i = 0; i < 4; i++) {
    float distance = other.mean.v[i] - own.mean.v[i];
    own.mean.v[i] = fmaf(distance, share, own.mean.v[i]);
    // In this order, as the square alone may be infinite where the count is 0.
    own.square.v[i] += other.square.v[i] + distance * ((float)count * share) * distance;
  }
}

/**
 * The moments of a thread's channels over the pixels of a part. All threads of the channels get them.
 * All threads of the block must call it.
 */
__device__ __forceinline__ Moments channel_moments(
    const float* __restrict__ x, const Quad& origin, const Groups& groups, const Part& part,
    unsigned channel, int count, float4 (&sums)[1][STRIP_WARPS][COLUMN_THREADS],
    float4 (&squares)[1][STRIP_WARPS][COLUMN_THREADS]) {
  bool aligned = strips_aligned(x, groups);
  const float* from = x + value_at(groups, part.image, 0, channel);
  Moments own = {};
  unsigned seen = 0;
  unsigned pixel = part.first_pixel + threadIdx.y;
  for (; pixel + (HELD_ROWS - 1) * ROW_THREADS < part.end_pixel; pixel += HELD_ROWS * ROW_THREADS) {
    Quad held[HELD_ROWS];
    Moments more = {};
#pragma unroll
    for (int row = 0; row < HELD_ROWS; row++) {
      held[row] = load_quad(from + (long long)(pixel + row * ROW_THREADS) * groups.channels, count,
                            aligned);
#pragma unroll
      for (int i = 0; i < 4; i++) {
        held[row].v[i] -= origin.v[i];
      }
    }
#pragma unroll
    for (int i = 0; i < 4; i++) {
      more.mean.v[i] =
          ((held[0].v[i] + held[1].v[i]) + (held[2].v[i] + held[3].v[i])) * (1.0f / HELD_ROWS);
#pragma unroll
      for (int row = 0; row < HELD_ROWS; row++) {
        float distance = held[row].v[i] - more.mean.v[i];
        more.square.v[i] = fmaf(distance, distance, more.square.v[i]);
      }
    }
    merge(own, seen, more, HELD_ROWS);
    seen += HELD_ROWS;
  }
  for (; pixel < part.end_pixel; pixel += ROW_THREADS) {
    Moments more = {};
    more.mean = load_quad(from + (long long)pixel * groups.channels, count, aligned);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      more.mean.v[i] -= origin.v[i];
    }
    merge(own, seen, more, 1);
    seen++;
  }
  Quad sum[1];
  float pixels = (float)(part.end_pixel - part.first_pixel);
#pragma unroll
  for (int i = 0; i < 4; i++) {
    sum[0].v[i] = own.mean.v[i] * (float)seen;
  }
  column_sums(sum, sums);
  Moments all;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    all.mean.v[i] = sum[0].v[i] / pixels;
    float distance = own.mean.v[i] - all.mean.v[i];
    sum[0].v[i] = fmaf(distance * distance, (float)seen, own.square.v[i]);
  }
  column_sums(sum, squares);
  all.square = sum[0];
  return all;
}

/** Writes a group's moments, by the thread that owns its first channel. */
__device__ __forceinline__ void store_moments(float* mean, float* variance, const Groups& groups,
                                              const Part& part, const Quad& centre,
                                              const Quad& spread) {
  unsigned width = min(groups.width, (unsigned)STRIP_COLUMNS);
#pragma unroll
  for (int i = 0; i < 4; i++) {
    unsigned within = 4 * threadIdx.x + i;
    unsigned channel = part.first_channel + within;
    bool first = groups.width > STRIP_COLUMNS ? within == 0 : within % width == 0;
    if (threadIdx.y == 0 && first && channel < part.end_channel) {
      long long at =
          (long long)part.image * (groups.channels / groups.width) + channel / groups.width;
      mean[at] = centre.v[i];
      variance[at] = spread.v[i];
    }
  }
}

/** Normalises a part by the moments of the thread's channels. */
__device__ __forceinline__ void normalise(const float* __restrict__ x,
                                          const float* __restrict__ scale,
                                          const float* __restrict__ shift, float* __restrict__ y,
                                          const Groups& groups, const Part& part,
                                          const Quad& centre, const Quad& spread, float epsilon) {
  bool x_aligned = strips_aligned(x, groups);
  bool y_aligned = strips_aligned(y, groups);
  bool scale_aligned = strips_aligned(scale, groups);
  bool shift_aligned = strips_aligned(shift, groups);
  unsigned channel = part.first_channel + 4 * threadIdx.x;
  for (; channel < part.end_channel; channel += STRIP_COLUMNS) {
    int count = (int)(part.end_channel - channel);
    Quad factor = load_quad(scale + channel, count, scale_aligned);
    Quad added = load_quad(shift + channel, count, shift_aligned);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      factor.v[i] = factor.v[i] / sqrtf(spread.v[i] + epsilon);
    }
    long long start = value_at(groups, part.image, 0, channel);
#pragma unroll 4
    for (unsigned pixel = part.first_pixel + threadIdx.y; pixel < part.end_pixel;
         pixel += ROW_THREADS) {
      long long at = start + (long long)pixel * groups.channels;
      Quad value = load_quad(x + at, count, x_aligned);
#pragma unroll
      for (int i = 0; i < 4; i++) {
        value.v[i] = fmaf(value.v[i] - centre.v[i], factor.v[i], added.v[i]);
      }
      store_quad(y + at, value, count, y_aligned);
    }
  }
}

extern "C" __global__ void __launch_bounds__(256)
    group_norm(const float* __restrict__ x, const float* __restrict__ scale,
               const float* __restrict__ shift, float* __restrict__ mean,
               float* __restrict__ variance, float* __restrict__ y, float epsilon, Groups groups) {
  __shared__ float4 sums[1][STRIP_WARPS][COLUMN_THREADS];
  __shared__ float4 squares[1][STRIP_WARPS][COLUMN_THREADS];
  __shared__ float channel_sums[1][STRIP_COLUMNS];
  __shared__ float sums_of_groups[1][STRIP_COLUMNS];
  Part part = own_part(groups);
  unsigned channel = part.first_channel + 4 * threadIdx.x;
  Quad origin = origin_of(x, groups, part, channel);
  Moments own = channel_moments(x, origin, groups, part, channel, (int)(part.end_channel - channel),
                                sums, squares);
  float values = values_of(groups);
  Quad total[1];
#pragma unroll
  for (int i = 0; i < 4; i++) {
    total[0].v[i] = own.mean.v[i] * (float)groups.pixels;
  }
  group_sums(total, groups, channel_sums, sums_of_groups);
  Quad centre;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    centre.v[i] = total[0].v[i] / values;
    float distance = own.mean.v[i] - centre.v[i];
    total[0].v[i] = fmaf(distance * distance, (float)groups.pixels, own.square.v[i]);
  }
  group_sums(total, groups, channel_sums, sums_of_groups);
  Quad spread;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    spread.v[i] = total[0].v[i] / values;
    centre.v[i] += origin.v[i];
  }
  store_moments(mean, variance, groups, part, centre, spread);
  normalise(x, scale, shift, y, groups, part, centre, spread, epsilon);
}

extern "C" __global__ void __launch_bounds__(256)
    group_norm_moments(const float* __restrict__ x, float* __restrict__ partial, Groups groups) {
  __shared__ float4 sums[1][STRIP_WARPS][COLUMN_THREADS];
  __shared__ float4 squares[1][STRIP_WARPS][COLUMN_THREADS];
  Part part = own_part(groups);
  unsigned channel = part.first_channel + 4 * threadIdx.x;
  int count = (int)(part.end_channel - channel);
  Quad origin = origin_of(x, groups, part, channel);
  Moments own = channel_moments(x, origin, groups, part, channel, count, sums, squares);
  if (threadIdx.y == 0) {
    bool aligned = strips_aligned(partial, groups);
    float* to = partial + sum_at(groups, part.image, part.chunk, channel);
    store_quad(to, own.mean, count, aligned);
    store_quad(to + groups.channels, own.square, count, aligned);
  }
}

extern "C" __global__ void __launch_bounds__(256)
    group_norm_apply(const float* __restrict__ x, const float* __restrict__ scale,
                     const float* __restrict__ shift, const float* __restrict__ partial,
                     float* mean, float* variance, float* __restrict__ y, float epsilon,
                     Groups groups) {
  __shared__ float4 sums[1][STRIP_WARPS][COLUMN_THREADS];
  __shared__ float4 squares[1][STRIP_WARPS][COLUMN_THREADS];
  __shared__ float channel_sums[1][STRIP_COLUMNS];
  __shared__ float sums_of_groups[1][STRIP_COLUMNS];
  Part part = own_part(groups);
  Quad centre;
  Quad spread;
  if (partial == nullptr) {
    // Of batch normalisation: a group is a channel.
    unsigned channel = part.first_channel + 4 * threadIdx.x;
    int count = (int)(part.end_channel - channel);
    centre = load_quad(mean + channel, count, strips_aligned(mean, groups));
    spread = load_quad(variance + channel, count, strips_aligned(variance, groups));
  } else {
    bool aligned = strips_aligned(partial, groups);
    unsigned steps = (part.end_channel - part.first_channel + STRIP_COLUMNS - 1) / STRIP_COLUMNS;
    float values = values_of(groups);
    Quad total[1] = {};
    for (unsigned i = threadIdx.y; i < steps * groups.chunks; i += ROW_THREADS) {
      unsigned step = i / groups.chunks;
      unsigned chunk = i - step * groups.chunks;
      unsigned channel = part.first_channel + STRIP_COLUMNS * step + 4 * threadIdx.x;
      Quad other = load_quad(partial + sum_at(groups, part.image, chunk, channel),
                             (int)(part.end_channel - channel), aligned);
      float pixels = pixels_of(groups, chunk);
#pragma unroll
      for (int k = 0; k < 4; k++) {
        total[0].v[k] = fmaf(other.v[k], pixels, total[0].v[k]);
      }
    }
    column_sums(total, sums);
    group_sums(total, groups, channel_sums, sums_of_groups);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      centre.v[i] = total[0].v[i] / values;
      total[0].v[i] = 0.0f;
    }
    for (unsigned i = threadIdx.y; i < steps * groups.chunks; i += ROW_THREADS) {
      unsigned step = i / groups.chunks;
      unsigned chunk = i - step * groups.chunks;
      unsigned channel = part.first_channel + STRIP_COLUMNS * step + 4 * threadIdx.x;
      int count = (int)(part.end_channel - channel);
      const float* from = partial + sum_at(groups, part.image, chunk, channel);
      Quad other = load_quad(from, count, aligned);
      Quad square = load_quad(from + groups.channels, count, aligned);
      float pixels = pixels_of(groups, chunk);
#pragma unroll
      for (int k = 0; k < 4; k++) {
        float distance = k < count ? other.v[k] - centre.v[k] : 0.0f;
        total[0].v[k] += fmaf(distance * distance, pixels, square.v[k]);
      }
    }
    column_sums(total, squares);
    group_sums(total, groups, channel_sums, sums_of_groups);
    Quad origin = origin_of(x, groups, part, part.first_channel + 4 * threadIdx.x);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      spread.v[i] = total[0].v[i] / values;
      centre.v[i] += origin.v[i];
    }
    if (part.chunk == 0) {
      store_moments(mean, variance, groups, part, centre, spread);
    }
  }
  normalise(x, scale, shift, y, groups, part, centre, spread, epsilon);
}
