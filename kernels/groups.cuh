// SPDX-License-Identifier: Apache-2.0
// Sums over groups of channels of an image. A block of 8 x 32 threads, as in columns.cuh, owns a part
// of one image: a strip of channels and a chunk of pixels. First, sums of single channels over a chunk
// are made, then a block adds those of all chunks and of a group's channels.
//
// A strip is whole groups in at most 32 channels, or one group of more, which the block passes over in
// steps of 32. So a thread's four channels are in one to four groups, or all in the only one.
#pragma once

#include "columns.cuh"

/** The division of the channels into groups and of the work into blocks: a kernel's last parameter. */
struct Groups {
  unsigned pixels;
  unsigned channels;
  unsigned width;  // channels of a group
  unsigned strip;  // channels of a strip
  unsigned strips;
  unsigned chunk_pixels;
  unsigned chunks;
};

/** A block's part of an image: pixels and channels from `first` to before `end`. */
struct Part {
  unsigned image;
  unsigned chunk;
  unsigned first_pixel;
  unsigned end_pixel;
  unsigned first_channel;
  unsigned end_channel;
};

/** The blocks are in the order of images, chunks, strips. */
__device__ __forceinline__ Part own_part(const Groups& groups) {
  unsigned rest = blockIdx.x / groups.strips;
  unsigned strip = blockIdx.x - rest * groups.strips;
  unsigned image = rest / groups.chunks;
  unsigned chunk = rest - image * groups.chunks;
  unsigned pixel = chunk * groups.chunk_pixels;
  unsigned channel = strip * groups.strip;
  return {image,   chunk,
          pixel,   min(groups.pixels, pixel + groups.chunk_pixels),
          channel, min(groups.channels, channel + groups.strip)};
}

/** Whether quads of the strips of rows of `channels` floats at p lie at multiples of 16 bytes. */
__device__ __forceinline__ bool strips_aligned(const void* p, const Groups& groups) {
  return quads_aligned(p, groups.channels) && (groups.strip & 3) == 0;
}

/** The offset of a channel in an image's pixel. */
__device__ __forceinline__ long long value_at(const Groups& groups, unsigned image, unsigned pixel,
                                              unsigned channel) {
  return ((long long)image * groups.pixels + pixel) * groups.channels + channel;
}

/** The offset of a channel's first sum over a chunk; the second is `channels` later. */
__device__ __forceinline__ long long sum_at(const Groups& groups, unsigned image, unsigned chunk,
                                            unsigned channel) {
  return ((long long)image * groups.chunks + chunk) * 2 * groups.channels + channel;
}

__device__ __forceinline__ float pixels_of(const Groups& groups, unsigned chunk) {
  unsigned first = chunk * groups.chunk_pixels;
  return (float)min(groups.chunk_pixels, groups.pixels - first);
}

/** The number of values of a group in an image. */
__device__ __forceinline__ float values_of(const Groups& groups) {
  return (float)groups.pixels * (float)groups.width;
}

/**
 * Replaces the sums of single channels of the strip, which all threads of the channel have, by those
 * of their groups. All threads of the block must call it.
 */
template <int N>
__device__ __forceinline__ void group_sums(Quad (&own)[N], const Groups& groups,
                                           float (&channels)[N][STRIP_COLUMNS],
                                           float (&sums)[N][STRIP_COLUMNS]) {
  unsigned width = min(groups.width, (unsigned)STRIP_COLUMNS);
  if (width == 1) {
    return;
  }
  if (threadIdx.y == 0) {
#pragma unroll
    for (int n = 0; n < N; n++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        channels[n][4 * threadIdx.x + i] = own[n].v[i];
      }
    }
  }
  __syncthreads();
  unsigned channel = COLUMN_THREADS * threadIdx.y + threadIdx.x;
  if (channel < STRIP_COLUMNS) {
    unsigned first = channel / width * width;
    unsigned end = min(first + width, (unsigned)STRIP_COLUMNS);
#pragma unroll
    for (int n = 0; n < N; n++) {
      float sum = 0.0f;
      for (unsigned other = first; other < end; other++) {
        sum += channels[n][other];
      }
      sums[n][channel] = sum;
    }
  }
  __syncthreads();
#pragma unroll
  for (int n = 0; n < N; n++) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
      own[n].v[i] = sums[n][4 * threadIdx.x + i];
    }
  }
}
