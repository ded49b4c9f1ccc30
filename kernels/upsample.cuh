// SPDX-License-Identifier: Apache-2.0
// The weights of bilinear enlargement by a whole factor F, in one dimension: the output at p is
// between the inputs around max(0, (p + 0.5) / F - 0.5), which in units of 1 / (2 F) is a whole
// number.
#pragma once

/** An output is (1 - weight) times the input `first`, plus weight times the input `second`. */
struct Between {
  unsigned first;
  unsigned second;
  float weight;
};

/** The inputs of the output at p, of `size` inputs. */
__device__ __forceinline__ Between between(unsigned p, unsigned factor, unsigned size) {
  unsigned place = 2 * p + 1 < factor ? 0 : 2 * p + 1 - factor;
  unsigned first = place / (2 * factor);
  float weight = (float)(place - 2 * factor * first) / (2.0f * (float)factor);
  return {first, min(first + 1, size - 1), weight};
}

/** The weight of the input h in an output; h may be both of its inputs. */
__device__ __forceinline__ float weight_of(const Between& given, unsigned h) {
  return (given.first == h ? 1.0f - given.weight : 0.0f) +
         (given.second == h ? given.weight : 0.0f);
}

/** The outputs that have a weight above 0 of the input h: from `first` to before `end`. */
struct Outputs {
  unsigned first;
  unsigned end;
};

__device__ __forceinline__ Outputs outputs_of(unsigned h, unsigned factor, unsigned size) {
  // Those whose place is between h - 1 and h + 1; the last input also has those after it.
  long long first = ((2LL * h - 1) * factor + 1) / 2;
  long long end = (2LL * h + 3) * factor / 2;
  long long outputs = (long long)size * factor;
  return {(unsigned)(first < 0 ? 0 : first), (unsigned)(end < outputs ? end : outputs)};
}
