// SPDX-License-Identifier: Apache-2.0
// Runs a product and its epilogue on the host bytes behind the device addresses.
#include <cmath>
#include <cstdio>
#include <cstring>
#include <vector>

#include "../driver/library_memory.h"
#include "../exec/half.h"
#include "lt.h"

namespace lt {

using Memory = cudasim::LibraryMemory;

float loadElement(const std::byte* base, int type, int64_t index) {
  if (type == kF32) {
    float v;
    std::memcpy(&v, base + index * 4, 4);
    return v;
  }
  uint16_t v;
  std::memcpy(&v, base + index * 2, 2);
  return type == kBf16 ? cudasim::fromBf16(v) : cudasim::fromF16(v);
}

void storeElement(std::byte* base, int type, int64_t index, float value) {
  if (type == kF32) {
    std::memcpy(base + index * 4, &value, 4);
    return;
  }
  const uint16_t v = type == kBf16 ? cudasim::toBf16(value) : cudasim::toF16(value);
  std::memcpy(base + index * 2, &v, 2);
}

namespace {

// "GELU is approximated by: 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))"
float gelu(float x) {
  const double v = x;
  const double t = std::tanh(std::sqrt(2.0 / M_PI) * (v + 0.044715 * v * v * v));
  return static_cast<float>(0.5 * v * (1.0 + t));
}

float geluDerivative(float x) {
  const double v = x, s = std::sqrt(2.0 / M_PI);
  const double t = std::tanh(s * (v + 0.044715 * v * v * v));
  return static_cast<float>(0.5 * (1.0 + t) + 0.5 * v * (1.0 - t * t) * s * (1.0 + 3 * 0.044715 * v * v));
}

// The lines of one batch of an operand that op() sees as rows x cols. Lines that touch are one.
Memory::Lines linesOf(const Operand& o, int64_t rows, int64_t cols, int64_t batch) {
  const int64_t size = bytesOf(o.type), count = o.rowStride == 1 ? cols : rows, length = o.rowStride == 1 ? rows : cols;
  const int64_t apart = o.rowStride == 1 ? o.colStride : o.rowStride;
  const uint64_t address = o.address + static_cast<uint64_t>(batch * o.batchStride * size);
  if (apart == length) return {address, 1, count * length * size, 0};
  return {address, count, length * size, apart * size};
}

struct Buffers {
  std::byte *a, *b, *c = nullptr, *d, *bias = nullptr, *aux = nullptr;
};

// One batch: scale, add C, epilogue, store.
void finish(const Problem& p, int64_t batch, const Buffers& buffers, float alpha, float beta, std::vector<float>& acc) {
  const uint32_t e = p.epilogue;
  const int64_t dBase = batch * p.d.batchStride, cBase = batch * p.c.batchStride;
  const int64_t biasBase = batch * p.biasStride, auxBase = batch * p.auxStride;
  std::vector<float> columnSum(e & kBGrad ? static_cast<size_t>(p.m) : 0, 0.0f);
  for (int64_t column = 0; column < p.n; ++column) {
    const int64_t j = (column + p.first) % p.n; // sums over columns, too, begin where the plan says
    for (int64_t i = 0; i < p.m; ++i) {
      float v = alpha * acc[static_cast<size_t>(j * p.m + i)];
      if (beta != 0.0f) {
        v += beta * loadElement(buffers.c, p.c.type, cBase + i * p.c.rowStride + j * p.c.colStride);
      }
      if (e & kBias) v += loadElement(buffers.bias, p.d.type, biasBase + i);
      const int64_t auxIndex = auxBase + j * p.auxLd + i;
      if (e & kRelu) {
        // The documents do not say which bit 0 gets. The library sets it, as those find who compare the
        // mask with x > 0 (tests of cuBLASLt's epilogues in public repositories compare with x >= 0).
        const bool on = p.maskZero ? v >= 0.0f : v > 0.0f;
        if (e & kAux) {
          auto& byte = reinterpret_cast<uint8_t&>(buffers.aux[auxIndex / 8]);
          const uint8_t bit = static_cast<uint8_t>(1u << (auxIndex % 8));
          byte = static_cast<uint8_t>(on ? byte | bit : byte & ~bit);
        }
        v = v > 0.0f || (v != v && p.reluKeepsNan) ? v : 0.0f;
      } else if (e & kGelu) {
        if (e & kAux) storeElement(buffers.aux, p.d.type, auxIndex, v);
        v = gelu(v);
      } else if (e & kDRelu) {
        const auto byte = static_cast<uint8_t>(buffers.aux[auxIndex / 8]);
        v = (byte >> (auxIndex % 8)) & 1 ? v : 0.0f;
      } else if (e & kDGelu) {
        v *= geluDerivative(loadElement(buffers.aux, p.d.type, auxIndex));
      }
      if (e & kBGrad) columnSum[static_cast<size_t>(i)] += v;
      storeElement(buffers.d, p.d.type, dBase + i * p.d.rowStride + j * p.d.colStride, v);
    }
  }
  for (size_t i = 0; i < columnSum.size(); ++i) {
    storeElement(buffers.bias, p.d.type, biasBase + static_cast<int64_t>(i), columnSum[i]);
  }
  // BGRADA sums op(A) over k for each row of D, BGRADB op(B) for each column.
  if (e & (kBGradA | kBGradB)) {
    const bool isA = (e & kBGradA) != 0;
    const Operand& o = isA ? p.a : p.b;
    const std::byte* base = isA ? buffers.a : buffers.b;
    const int64_t length = isA ? p.m : p.n;
    const int64_t step = isA ? o.rowStride : o.colStride, alongK = isA ? o.colStride : o.rowStride;
    for (int64_t i = 0; i < length; ++i) {
      float sum = 0;
      for (int64_t at = 0; at < p.k; ++at) {
        const int64_t k = (at + p.first) % p.k;
        const float v = loadElement(base, o.type, batch * o.batchStride + i * step + k * alongK);
        sum += p.sumsRounded ? roundInput(v, p) : v;
      }
      storeElement(buffers.bias, p.d.type, biasBase + i, sum);
    }
  }
}

// The operands that the product reads must have been written; its results are written from now on.
void judge(const Problem& p, float beta, Memory& memory) {
  const uint32_t e = p.epilogue;
  const bool mask = (e & (kRelu | kDRelu)) != 0, writesAux = (e & (kRelu | kGelu)) != 0;
  const int64_t size = bytesOf(p.d.type), biasLength = (e & kBGradB ? p.n : p.m) * size;
  for (int64_t batch = 0; batch < p.batches; ++batch) {
    const Memory::Lines bias = {p.bias + static_cast<uint64_t>(batch * p.biasStride * size), p.bias != 0, biasLength,
                                0};
    const int64_t auxBase = batch * p.auxStride;
    const Memory::Lines aux = {p.aux + static_cast<uint64_t>(mask ? auxBase / 8 : auxBase * size), p.aux != 0 ? p.n : 0,
                               mask ? (p.m + 7) / 8 : p.m * size, mask ? p.auxLd / 8 : p.auxLd * size};
    memory.reads("A", linesOf(p.a, p.m, p.k, batch));
    memory.reads("B", linesOf(p.b, p.k, p.n, batch));
    if (beta != 0.0f) memory.reads("C", linesOf(p.c, p.m, p.n, batch));
    if (e & kBias) memory.reads("bias", bias);
    if (!writesAux) memory.reads("aux", aux);
    if (memory.failed()) return;
    Memory::writes(linesOf(p.d, p.m, p.n, batch));
    if (!(e & kBias)) Memory::writes(bias);
    if (writesAux) Memory::writes(aux);
  }
}

} // namespace

int runMatmul(void* data, char* text, int size) {
  const Problem& p = *static_cast<const Problem*>(data);
  Memory memory("cublasLtMatmul", text, size);
  const uint32_t e = p.epilogue;
  float alpha = p.alpha, beta = p.beta;
  if (p.pointerMode == kPointerDevice) {
    const std::byte* pa = memory.find("alpha", p.alphaDevice, 4);
    const std::byte* pb = memory.find("beta", p.betaDevice, 4);
    if (memory.failed()) return memory.code();
    alpha = loadElement(pa, kF32, 0);
    beta = loadElement(pb, kF32, 0);
  }
  Buffers buffers;
  buffers.a = memory.find("A", p.a.address, p.a.bytes);
  buffers.b = memory.find("B", p.b.address, p.b.bytes);
  buffers.d = memory.find("D", p.d.address, p.d.bytes);
  if (beta != 0.0f) buffers.c = memory.find("C", p.c.address, p.c.bytes);
  if (p.bias != 0) {
    const int64_t length = (e & kBGradB ? p.n : p.m) + (p.batches - 1) * p.biasStride;
    buffers.bias = memory.find("bias", p.bias, static_cast<uint64_t>(length * bytesOf(p.d.type)));
  }
  if (p.aux != 0) {
    const int64_t elements = (p.n - 1) * p.auxLd + p.m + (p.batches - 1) * p.auxStride;
    const bool mask = (e & (kRelu | kDRelu)) != 0;
    buffers.aux =
        memory.find("aux", p.aux, static_cast<uint64_t>(mask ? (elements + 7) / 8 : elements * bytesOf(p.d.type)));
  }
  if (memory.failed()) return memory.code();
  judge(p, beta, memory);
  if (memory.failed()) return memory.code();
  std::vector<float> acc(static_cast<size_t>(p.m * p.n));
  for (int64_t batch = 0; batch < p.batches; ++batch) {
    multiply(p, batch, buffers.a, buffers.b, acc.data());
    finish(p, batch, buffers, alpha, beta, acc);
  }
  return 0;
}

} // namespace lt
