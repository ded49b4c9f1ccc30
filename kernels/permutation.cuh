// SPDX-License-Identifier: Apache-2.0
// The order of rows in an epoch as a function of (seed, epoch, position): the same integers as
// io.github.vae4j.random.Permutation, whose Javadoc has the algorithm. A balanced Feistel network
// of eight rounds, applied until the result is below the number of rows: fewer than four times on
// average.
#pragma once

#include "philox.cuh"

#define STREAM_SHUFFLE 1u

__device__ __forceinline__ unsigned permutation_mix(unsigned h) {
  h ^= h >> 16;
  h *= 0x85EBCA6Bu;
  h ^= h >> 13;
  h *= 0xC2B2AE35u;
  h ^= h >> 16;
  return h;
}

/** The row at a position below rows. */
__device__ __forceinline__ unsigned permutation_at(unsigned long long seed, long long epoch,
                                                   unsigned rows, unsigned position) {
  unsigned bits = 32 - __clz((int)(rows > 2 ? rows - 1 : 1));
  unsigned half = (bits + 1) / 2;
  unsigned mask = (1u << half) - 1;
  PhiloxWords first = philox(seed, STREAM_SHUFFLE, epoch, 0, 0);
  PhiloxWords second = philox(seed, STREAM_SHUFFLE, epoch, 0, 1);
  unsigned value = position;
  do {
    unsigned left = value >> half;
    unsigned right = value & mask;
#pragma unroll
    for (int round = 0; round < 8; round++) {
      unsigned key = round < 4 ? first.word[round & 3] : second.word[round & 3];
      unsigned next = left ^ (permutation_mix(right + key) & mask);
      left = right;
      right = next;
    }
    value = left << half | right;
  } while (value >= rows);
  return value;
}
