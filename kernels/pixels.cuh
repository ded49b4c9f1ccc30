// SPDX-License-Identifier: Apache-2.0
// Values of neighbouring channels of an image's pixel, in NHWC order. A thread owns V of them: four
// where the plan finds that the channels are a multiple of four and all images start at multiples of
// 16 bytes, else one, so that neighbouring threads always own neighbouring values.
//
// Indices and offsets are unsigned: a tensor has at most 2^31 - 1 values, and a thread past the last
// one has a larger number.
#pragma once

/** V channels of a pixel. */
template <int V>
struct Channels {
  float v[V];
};

template <int V>
__device__ __forceinline__ Channels<V> load_channels(const float* p) {
  if constexpr (V == 4) {
    float4 f = *reinterpret_cast<const float4*>(p);
    return {{f.x, f.y, f.z, f.w}};
  } else {
    return {{*p}};
  }
}

template <int V>
__device__ __forceinline__ void store_channels(float* p, const Channels<V>& value) {
  if constexpr (V == 4) {
    *reinterpret_cast<float4*>(p) = make_float4(value.v[0], value.v[1], value.v[2], value.v[3]);
  } else {
    *p = value.v[0];
  }
}

/** The place of a thread's values in images of rows of `width` pixels of `channels`. */
struct Pixel {
  unsigned row;  // n height + h
  unsigned column;
  unsigned channel;
};

/** The place of the thread's values, the threads being in the order of the image's values. */
template <int V>
__device__ __forceinline__ Pixel own_pixel(unsigned thread, unsigned width, unsigned channels) {
  unsigned units = channels / V;
  unsigned pixel = thread / units;
  unsigned row = pixel / width;
  return {row, pixel - row * width, (thread - pixel * units) * V};
}

/** The offset of a pixel's channel. */
__device__ __forceinline__ unsigned pixel_at(unsigned row, unsigned column, unsigned channel,
                                             unsigned width, unsigned channels) {
  return (row * width + column) * channels + channel;
}

/** The number of the thread in a line of blocks of 256. */
__device__ __forceinline__ unsigned own_thread() { return 256u * blockIdx.x + threadIdx.x; }
