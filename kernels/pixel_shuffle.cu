// SPDX-License-Identifier: Apache-2.0
// Sub-pixel rearrangement: channels of a pixel to a block of pixels, and back.
//
// Maths (io.github.vae4j.backend.op.PixelShuffle): image[n, h F + i, w G + j, c] =
//   packed[n, h, w, (c F + i) G + j].
// Shapes: packed (N, H, W, C F G), image (N, H F, W G, C).
// Bytes: reads and writes 4 N H W C F G.
// Launch: a thread for every (n, h, w, c), in blocks of 256; grid (N H W C / 256, F's share): a
//   thread moves rows i = blockIdx.y, blockIdx.y + gridDim.y ... of its block of pixels. The
//   values of neighbouring threads are adjacent in the image for each (i, j), and in the packed
//   tensor over all of them; of 2 x 2 pixels a thread accesses its four values there at once.
#include "pixels.cuh"

/** The offsets of a thread's values. */
struct Block {
  unsigned packed;  // of (i, j) = (0, 0)
  unsigned image;
  bool live;
};

__device__ __forceinline__ Block own_block(unsigned pixels, unsigned width, unsigned channels,
                                           unsigned vertical, unsigned horizontal) {
  unsigned thread = own_thread();
  if (thread >= pixels * channels) {
    return {0, 0, false};
  }
  Pixel at = own_pixel<1>(thread, width, channels);
  return {
      thread * vertical * horizontal,
      pixel_at(at.row * vertical, at.column * horizontal, at.channel, width * horizontal, channels),
      true};
}

/** Whether a thread moves four values that lie together in the packed tensor. */
__device__ __forceinline__ bool moves_quad(const float* packed, unsigned vertical,
                                           unsigned horizontal) {
  return vertical == 2 && horizontal == 2 && ((unsigned long long)packed & 15) == 0;
}

extern "C" __global__ void __launch_bounds__(256)
    pixel_shuffle(const float* __restrict__ packed, float* __restrict__ image, unsigned pixels,
                  unsigned width, unsigned channels, unsigned vertical, unsigned horizontal) {
  Block own = own_block(pixels, width, channels, vertical, horizontal);
  if (!own.live) {
    return;
  }
  unsigned line = width * horizontal * channels;
  if (moves_quad(packed, vertical, horizontal)) {
    Channels<4> quad = load_channels<4>(packed + own.packed);
    float* to = image + own.image;
    to[0] = quad.v[0];
    to[channels] = quad.v[1];
    to[line] = quad.v[2];
    to[line + channels] = quad.v[3];
    return;
  }
  for (unsigned i = blockIdx.y; i < vertical; i += gridDim.y) {
    const float* from = packed + own.packed + i * horizontal;
    float* to = image + own.image + i * line;
    for (unsigned j = 0; j < horizontal; j++) {
      to[j * channels] = from[j];
    }
  }
}

extern "C" __global__ void __launch_bounds__(256)
    pixel_shuffle_inverse(const float* __restrict__ image, float* __restrict__ packed,
                          unsigned pixels, unsigned width, unsigned channels, unsigned vertical,
                          unsigned horizontal) {
  Block own = own_block(pixels, width, channels, vertical, horizontal);
  if (!own.live) {
    return;
  }
  unsigned line = width * horizontal * channels;
  if (moves_quad(packed, vertical, horizontal)) {
    const float* from = image + own.image;
    store_channels<4>(packed + own.packed,
                      {{from[0], from[channels], from[line], from[line + channels]}});
    return;
  }
  for (unsigned i = blockIdx.y; i < vertical; i += gridDim.y) {
    const float* from = image + own.image + i * line;
    float* to = packed + own.packed + i * horizontal;
    for (unsigned j = 0; j < horizontal; j++) {
      to[j] = from[j * channels];
    }
  }
}
