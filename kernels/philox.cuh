// SPDX-License-Identifier: Apache-2.0
// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC
// 2011): the same words, to the bit, as io.github.vae4j.random.Philox, whose Javadoc has the map
// from coordinates to counters. One block has the words of columns 4 k to 4 k + 3, so that a thread
// with four columns draws once.
#pragma once

/** Four words at (column / 4 = quad, row, step, stream). */
struct PhiloxWords {
  unsigned word[4];
};

__device__ __forceinline__ PhiloxWords philox(unsigned long long seed, unsigned stream,
                                              long long step, unsigned row, unsigned quad) {
  unsigned k0 = (unsigned)seed;
  unsigned k1 = (unsigned)(seed >> 32);
  unsigned c0 = quad;
  unsigned c1 = row;
  unsigned c2 = (unsigned)step;
  unsigned c3 = stream << 24 | ((unsigned)(step >> 32) & 0xFFFFFFu);
#pragma unroll
  for (int round = 0; round < 10; round++) {
    unsigned high0 = __umulhi(c0, 0xD2511F53u);
    unsigned low0 = c0 * 0xD2511F53u;
    unsigned high1 = __umulhi(c2, 0xCD9E8D57u);
    unsigned low1 = c2 * 0xCD9E8D57u;
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return {{c0, c1, c2, c3}};
}

/** A multiple of 2^-24 in [0, 1): exact in float. */
__device__ __forceinline__ float philox_uniform(unsigned word) {
  return (float)(word >> 8) * 0x1p-24f;
}

/**
 * Two standard normals of one block by Box-Muller: columns 0 and 1, or 2 and 3 where `second`. The
 * argument of sincospif is the angle as a multiple of pi, which is exact and needs no argument
 * reduction (and no local memory).
 */
__device__ __forceinline__ void philox_normal_pair(const PhiloxWords& words, bool second,
                                                   float (&normal)[2]) {
  float u = (float)(((second ? words.word[2] : words.word[0]) >> 8) + 1) * 0x1p-24f;
  float radius = sqrtf(-2.0f * logf(u));
  float sine;
  float cosine;
  sincospif((float)((second ? words.word[3] : words.word[1]) >> 8) * 0x1p-23f, &sine, &cosine);
  normal[0] = radius * cosine;
  normal[1] = radius * sine;
}
