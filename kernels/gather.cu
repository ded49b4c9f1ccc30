// SPDX-License-Identifier: Apache-2.0
// A batch of rows of a resident data set: permuted, scaled and, optionally, mirrored and shifted as
// images and drawn as 0 or 1.
//
// Maths (io.github.vae4j.backend.op.Gather): p = position + b; r = permutation(seed, epoch, rows)(p)
//   or p; v = source[r, d] * scale; out[b, d] = v, or u < v with u uniform at (BINARIZE, step, b, d).
//   With a mask: where source is NaN, out and mask are 0; else the mask is 1.
//   gather_image_*: column (h, w, c) shows (h + dy, w' + dx, c) of the source, or 0 outside the
//   image; w' is w, or width - 1 - w. One block at (AUGMENT, step, b) has mirror, dy and dx.
// Shapes: source (rows, D) uint8 or float32, out (B, D) float32, mask (B, D) float32 or null.
// Bytes: reads B D (uint8) or 4 B D (float32), writes 4 B D, twice with a mask; 8 control bytes a row.
// Launch: B blocks, one row each, of min(256, D / 4 rounded up to a warp) threads; a thread owns
//   four columns, which is one Philox block, one 128-bit store and, for uint8, one 32-bit load; of
//   an image each column has a load of its own. One thread finds the row, by a serial chain of about
//   600 cycles. If all warps found it, they would save the barrier, some 60 cycles, where there is
//   one block per multiprocessor, and would cost seven times the instructions where there are many.
// A position past the last row (the caller's error) gives a row of NaN, so that the step is
// skipped; nothing outside the source is read.
//
// The row is found before the wait for the preceding kernels, because only the host writes the
// control.
#include "control.cuh"
#include "dependent.cuh"
#include "permutation.cuh"
#include "vector.cuh"

#define STREAM_BINARIZE 2u
#define STREAM_AUGMENT 38u

/** The images of rows: their sizes, and how they may be changed. */
struct Images {
  int height;
  int width;
  int channels;
  int flip;
  int shift;
};

/** One image's draw. */
struct Crop {
  int mirrored;
  int dy;
  int dx;
};

__device__ __forceinline__ Quad load_source(const float* p, long long count, bool aligned) {
  return load_quad(p, count, aligned);
}

__device__ __forceinline__ Quad load_source(const unsigned char* p, long long count, bool aligned) {
  if (aligned && count >= 4) {
    uchar4 c = *reinterpret_cast<const uchar4*>(p);
    return {{(float)c.x, (float)c.y, (float)c.z, (float)c.w}};
  }
  Quad quad;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    quad.v[i] = i < count ? (float)p[i] : 0.0f;
  }
  return quad;
}

__device__ __forceinline__ bool source_aligned(const float* p, int features) {
  return quads_aligned(p, features);
}

__device__ __forceinline__ bool source_aligned(const unsigned char* p, int features) {
  return (((unsigned long long)p & 3) | (features & 3)) == 0;
}

__device__ __forceinline__ int shift_of(unsigned word, int shift) {
  return (int)__umulhi(word, 2 * (unsigned)shift + 1) - shift;
}

__device__ __forceinline__ Crop draw_crop(const Images& images, unsigned long long seed,
                                          long long step, unsigned b) {
  PhiloxWords words = philox(seed, STREAM_AUGMENT, step, b, 0);
  return {images.flip && words.word[0] >> 31, shift_of(words.word[1], images.shift),
          shift_of(words.word[2], images.shift)};
}

/** Columns of the image that begins at `row`, as the crop shows it. */
template <typename T>
__device__ __forceinline__ Quad load_image(const T* row, int column, int count,
                                           const Images& images, const Crop& crop) {
  Quad quad;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    int pixel = (column + i) / images.channels;
    int channel = (column + i) - pixel * images.channels;
    int line = pixel / images.width;
    int w = pixel - line * images.width;
    int h = line + crop.dy;
    w = (crop.mirrored ? images.width - 1 - w : w) + crop.dx;
    bool inside = i < count && h >= 0 && h < images.height && w >= 0 && w < images.width;
    quad.v[i] = inside ? (float)row[(h * images.width + w) * images.channels + channel] : 0.0f;
  }
  return quad;
}

template <bool kImages, typename T>
__device__ __forceinline__ void gather(const T* source, float* __restrict__ out,
                                       float* __restrict__ mask, const double* control,
                                       unsigned rows, int features, float scale, int shuffle,
                                       int binarize, unsigned long long seed,
                                       const Images& images) {
  __shared__ long long shared_row;
  __shared__ Crop shared_crop;
  unsigned b = blockIdx.x;
  // All of the control is fetched at once, before the row is known.
  long long step = kImages || binarize ? (long long)control[CONTROL_STEP] : 0;
  long long found = -1;
  if (threadIdx.x == 0) {
    long long epoch = (long long)control[CONTROL_EPOCH];
    long long position = (long long)control[CONTROL_POSITION] + b;
    if (position >= 0 && position < rows) {
      found = shuffle ? permutation_at(seed, epoch, rows, (unsigned)position) : (unsigned)position;
    }
  }
  await_predecessors();
  allow_successor();
  if (threadIdx.x == 0) {
    shared_row = found;
    if (kImages) {
      shared_crop = draw_crop(images, seed, step, b);
    }
  }
  __syncthreads();
  long long row = shared_row;
  bool in_aligned = source_aligned(source, features);
  bool out_aligned = quads_aligned(out, features);
  bool mask_aligned = quads_aligned(mask, features);
  const T* from = source + row * features;
  float* to = out + (long long)b * features;
  for (int column = 4 * threadIdx.x; column < features; column += 4 * blockDim.x) {
    int count = features - column;
    Quad quad;
    Quad shown = {{1.0f, 1.0f, 1.0f, 1.0f}};
    if (row < 0) {
      float nan = __int_as_float(0x7FFFFFFF);
      quad = {{nan, nan, nan, nan}};
    } else {
      quad = kImages ? load_image(from, column, count, images, shared_crop)
                     : load_source(from + column, count, in_aligned);
#pragma unroll
      for (int i = 0; i < 4; i++) {
        // Rounded to float32 before it is compared, as on every backend.
        quad.v[i] = __fmul_rn(quad.v[i], scale);
      }
      if (mask != nullptr) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
          shown.v[i] = isnan(quad.v[i]) ? 0.0f : 1.0f;
        }
      }
      if (binarize) {
        PhiloxWords words = philox(seed, STREAM_BINARIZE, step, b, column >> 2);
#pragma unroll
        for (int i = 0; i < 4; i++) {
          quad.v[i] = philox_uniform(words.word[i]) < quad.v[i] ? 1.0f : 0.0f;
        }
      }
#pragma unroll
      for (int i = 0; i < 4; i++) {
        quad.v[i] = shown.v[i] == 0.0f ? 0.0f : quad.v[i];
      }
    }
    store_quad(to + column, quad, count, out_aligned);
    if (mask != nullptr) {
      store_quad(mask + (long long)b * features + column, shown, count, mask_aligned);
    }
  }
}

extern "C" __global__ void __launch_bounds__(256)
    gather_uint8(const unsigned char* source, float* __restrict__ out, float* __restrict__ mask,
                 const double* control, unsigned rows, int features, float scale, int shuffle,
                 int binarize, unsigned long long seed) {
  gather<false>(source, out, mask, control, rows, features, scale, shuffle, binarize, seed, {});
}

extern "C" __global__ void __launch_bounds__(256)
    gather_float32(const float* source, float* __restrict__ out, float* __restrict__ mask,
                   const double* control, unsigned rows, int features, float scale, int shuffle,
                   int binarize, unsigned long long seed) {
  gather<false>(source, out, mask, control, rows, features, scale, shuffle, binarize, seed, {});
}

extern "C" __global__ void __launch_bounds__(256)
    gather_image_uint8(const unsigned char* source, float* __restrict__ out,
                       float* __restrict__ mask, const double* control, unsigned rows, int features,
                       float scale, int shuffle, int binarize, unsigned long long seed, int height,
                       int width, int channels, int flip, int shift) {
  gather<true>(source, out, mask, control, rows, features, scale, shuffle, binarize, seed,
               {height, width, channels, flip, shift});
}

extern "C" __global__ void __launch_bounds__(256)
    gather_image_float32(const float* source, float* __restrict__ out, float* __restrict__ mask,
                         const double* control, unsigned rows, int features, float scale,
                         int shuffle, int binarize, unsigned long long seed, int height, int width,
                         int channels, int flip, int shift) {
  gather<true>(source, out, mask, control, rows, features, scale, shuffle, binarize, seed,
               {height, width, channels, flip, shift});
}
