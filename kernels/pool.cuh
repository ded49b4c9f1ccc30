// SPDX-License-Identifier: Apache-2.0
// The windows of pooling. A window has at least one input, as its padding is at most half the kernel.
//
// The kernels ask for four blocks on a multiprocessor: without that bound ptxas aims at 32 registers,
// and spills.
#pragma once

#include "pixels.cuh"

/** Sizes of the images x and y, and the window, in one dimension. */
struct Side {
  unsigned input;
  unsigned output;
  unsigned kernel;
  unsigned stride;
  unsigned padding;
};

/** Sizes in both dimensions, and the channels: the kernels' last parameter. */
struct PoolShape {
  unsigned channels;
  Side vertical;
  Side horizontal;
};

/** Indices from `first` to before `end`. */
struct Range {
  unsigned first;
  unsigned end;
};

/** The inputs in the window of the output at p. */
__device__ __forceinline__ Range inputs_of(const Side& side, unsigned p) {
  unsigned start = p * side.stride;
  return {max(start, side.padding) - side.padding,
          min(start + side.kernel - side.padding, side.input)};
}

/** The outputs whose windows have the input at h; there may be none. */
__device__ __forceinline__ Range windows_of(const Side& side, unsigned h) {
  unsigned place = h + side.padding;
  return {place < side.kernel ? 0 : (place - side.kernel) / side.stride + 1,
          min(place / side.stride + 1, side.output)};
}

/** Whether a value takes the place of the greatest one so far; the first NaN stays. */
__device__ __forceinline__ bool exceeds(float value, float greatest) {
  return value > greatest || (value != value && greatest == greatest);
}
