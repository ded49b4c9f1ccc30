// SPDX-License-Identifier: Apache-2.0
// Attention of the pixels of an image, by blocks of 256 threads that own 32 pixels of one head and
// pass over the others 32 at a time. A warp has four of the own pixels; a lane has one of the others
// for the products of pixels, then some columns for sums over the others.
#pragma once

#define ATTENTION_PIXELS 32
#define WARPS 8
#define WARP_PIXELS 4
#define SLICE 32

/** The lanes' columns of the values that are in shared memory at a time. */
#define CHUNK 4

/** The sizes of the tensors: a kernel's last parameter but the scale. */
struct Heads {
  unsigned pixels;
  unsigned channels;
  unsigned heads;
  unsigned width;   // channels of a head
  unsigned blocks;  // of an image's pixels
};

/** What a block owns: pixels from `first` on of a head, and columns of the strip. */
struct Own {
  long long row;     // the place of the head's first query in qkv
  long long place;   // of its first value in y
  long long moment;  // of its first lse
  unsigned first;
  unsigned count;
  unsigned column;
};

__device__ __forceinline__ Own own_pixels(const Heads& heads, unsigned columns) {
  unsigned rest = blockIdx.x / heads.blocks;
  unsigned first = ATTENTION_PIXELS * (blockIdx.x - rest * heads.blocks);
  unsigned image = rest / heads.heads;
  unsigned head = rest - image * heads.heads;
  long long pixel = (long long)image * heads.pixels;
  return {3 * pixel * heads.channels + head * heads.width,
          pixel * heads.channels + head * heads.width,
          pixel * heads.heads + head,
          first,
          min((unsigned)ATTENTION_PIXELS, heads.pixels - first),
          columns * blockIdx.y};
}

/** Rows of a matrix: `count` of `width` floats, each `step` after the one before it. */
struct Rows {
  const float* from;
  long long step;
  unsigned count;
};

/** A slice of columns of the own pixels, transposed, and of the others. */
struct Slices {
  __align__(16) float own[SLICE][ATTENTION_PIXELS + 4];
  float others[ATTENTION_PIXELS][SLICE + 1];
};

/** Some columns of the other pixels. */
struct Values {
  float v[ATTENTION_PIXELS][32 * CHUNK];
};

/** For each warp and other pixel, the weights of the warp's own pixels. */
struct Weights {
  float4 v[WARPS][ATTENTION_PIXELS];
};

/**
 * products[i] = own row 4 warp + i times other row lane; 0 for rows that are not there. All threads
 * of the block must call it.
 */
__device__ __forceinline__ void multiply(const Rows& own, const Rows& others, unsigned width,
                                         Slices& slices, float (&products)[WARP_PIXELS]) {
  unsigned warp = threadIdx.x >> 5;
  unsigned lane = threadIdx.x & 31;
#pragma unroll
  for (int i = 0; i < WARP_PIXELS; i++) {
    products[i] = 0.0f;
  }
  for (unsigned first = 0; first < width; first += SLICE) {
    unsigned column = first + lane;
    __syncthreads();
#pragma unroll
    for (int part = 0; part < ATTENTION_PIXELS / WARPS; part++) {
      unsigned row = warp + WARPS * part;
      slices.own[lane][row] =
          row < own.count && column < width ? own.from[row * own.step + column] : 0.0f;
      slices.others[row][lane] =
          row < others.count && column < width ? others.from[row * others.step + column] : 0.0f;
    }
    __syncthreads();
    unsigned count = min((unsigned)SLICE, width - first);
#pragma unroll 8
    for (unsigned d = 0; d < count; d++) {
      float4 mine = *reinterpret_cast<const float4*>(&slices.own[d][WARP_PIXELS * warp]);
      float other = slices.others[lane][d];
      products[0] = fmaf(mine.x, other, products[0]);
      products[1] = fmaf(mine.y, other, products[1]);
      products[2] = fmaf(mine.z, other, products[2]);
      products[3] = fmaf(mine.w, other, products[3]);
    }
  }
}

/**
 * sums[i][c] += the sum over the other rows of their weight for own row 4 warp + i times their column
 * `column` + 32 c + lane. All threads of the block must call it; the weights may be written just
 * before the call.
 */
template <int COLUMNS>
__device__ __forceinline__ void add_weighted(const Rows& others, unsigned column, unsigned width,
                                             const Weights& weights, Values& values,
                                             float (&sums)[WARP_PIXELS][COLUMNS]) {
  const int chunk = COLUMNS < CHUNK ? COLUMNS : CHUNK;
  unsigned warp = threadIdx.x >> 5;
  unsigned lane = threadIdx.x & 31;
#pragma unroll
  for (int first = 0; first < COLUMNS; first += chunk) {
    // The first chunk always has columns.
    if (column + 32 * first < width) {
      __syncthreads();
#pragma unroll
      for (int part = 0; part < ATTENTION_PIXELS / WARPS; part++) {
        unsigned row = warp + WARPS * part;
#pragma unroll
        for (int c = 0; c < chunk; c++) {
          unsigned at = column + 32 * (first + c) + lane;
          values.v[row][32 * c + lane] =
              row < others.count && at < width ? others.from[row * others.step + at] : 0.0f;
        }
      }
      __syncthreads();
#pragma unroll 4
      for (unsigned other = 0; other < others.count; other++) {
        float4 weight = weights.v[warp][other];
#pragma unroll
        for (int c = 0; c < chunk; c++) {
          float value = values.v[other][32 * c + lane];
          sums[0][first + c] = fmaf(weight.x, value, sums[0][first + c]);
          sums[1][first + c] = fmaf(weight.y, value, sums[1][first + c]);
          sums[2][first + c] = fmaf(weight.z, value, sums[2][first + c]);
          sums[3][first + c] = fmaf(weight.w, value, sums[3][first + c]);
        }
      }
    }
  }
}

/** Writes the sums times a factor of each row to the rows that are there. */
template <int COLUMNS>
__device__ __forceinline__ void store_sums(const float (&sums)[WARP_PIXELS][COLUMNS],
                                           const float (&factor)[WARP_PIXELS], const Own& own,
                                           unsigned width, long long step, float* to) {
  unsigned first = WARP_PIXELS * (threadIdx.x >> 5);
#pragma unroll
  for (int i = 0; i < WARP_PIXELS; i++) {
    if (first + i < own.count) {
      float* row = to + (own.first + first + i) * step;
#pragma unroll
      for (int c = 0; c < COLUMNS; c++) {
        unsigned column = own.column + 32 * c + (threadIdx.x & 31);
        if (column < width) {
          row[column] = sums[i][c] * factor[i];
        }
      }
    }
  }
}
