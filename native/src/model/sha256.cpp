// SPDX-License-Identifier: Apache-2.0
#include "model/sha256.hpp"

#include <cstdint>
#include <cstring>

namespace vae4j::model {
namespace {

constexpr size_t kBlock = 64;

// The first 32 bits of the fractions of the cube roots of the first 64 primes.
constexpr uint32_t kRounds[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

uint32_t rotated(uint32_t x, int bits) { return x >> bits | x << (32 - bits); }

void add_block(const unsigned char* block, uint32_t* hash) {
  uint32_t w[64];
  for (int i = 0; i < 16; i++) {
    const unsigned char* word = block + 4 * i;
    w[i] = static_cast<uint32_t>(word[0]) << 24 | static_cast<uint32_t>(word[1]) << 16 |
           static_cast<uint32_t>(word[2]) << 8 | word[3];
  }
  for (int i = 16; i < 64; i++) {
    uint32_t early = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ w[i - 15] >> 3;
    uint32_t late = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ w[i - 2] >> 10;
    w[i] = w[i - 16] + early + w[i - 7] + late;
  }
  uint32_t s[8];
  std::memcpy(s, hash, sizeof s);
  for (int i = 0; i < 64; i++) {
    uint32_t mixed = rotated(s[4], 6) ^ rotated(s[4], 11) ^ rotated(s[4], 25);
    uint32_t chosen = (s[4] & s[5]) ^ (~s[4] & s[6]);
    uint32_t first = s[7] + mixed + chosen + kRounds[i] + w[i];
    uint32_t turned = rotated(s[0], 2) ^ rotated(s[0], 13) ^ rotated(s[0], 22);
    uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
    std::memmove(s + 1, s, 7 * sizeof *s);
    s[4] += first;
    s[0] = first + turned + majority;
  }
  for (int i = 0; i < 8; i++) hash[i] += s[i];
}

}  // namespace

std::string sha256(const void* bytes, size_t count) {
  uint32_t hash[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  const auto* at = static_cast<const unsigned char*>(bytes);
  size_t left = count;
  for (; left >= kBlock; left -= kBlock, at += kBlock) add_block(at, hash);
  // The last bytes, a bit, zeros, and the number of bits: one block or two.
  unsigned char last[2 * kBlock] = {};
  if (left > 0) std::memcpy(last, at, left);
  last[left] = 0x80;
  size_t end = left < kBlock - 8 ? kBlock : 2 * kBlock;
  uint64_t bits = static_cast<uint64_t>(count) * 8;
  for (size_t i = 1; i <= 8; i++, bits >>= 8) last[end - i] = static_cast<unsigned char>(bits);
  for (size_t i = 0; i < end; i += kBlock) add_block(last + i, hash);
  std::string hex;
  for (uint32_t word : hash) {
    for (int shift = 28; shift >= 0; shift -= 4) hex += "0123456789abcdef"[word >> shift & 15];
  }
  return hex;
}

}  // namespace vae4j::model
