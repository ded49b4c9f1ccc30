// SPDX-License-Identifier: Apache-2.0
// libcudnn_cnn: runs a convolution on the host bytes behind the device addresses, in float32 sums. Algorithm 1
// sums in two parts, so that the choice of the algorithm changes the bits.
#include <vector>

#include "../driver/library_memory.h"
#include "../exec/half.h"
#include "dnn.h"

namespace dnn {

namespace {

const char* nameOf(Kind kind) {
  switch (kind) {
    case kForward: return "cudnnConvolutionForward";
    case kBackwardData: return "cudnnConvolutionBackwardData";
    default: return "cudnnConvolutionBackwardFilter";
  }
}

float factor(const Problem& p, float v) {
  if (!p.tf32) return v;
  return p.truncate ? cudasim::truncated(v, 0xffffe000u) : cudasim::toTf32(v);
}

// Every second product goes into the second part.
class Sum {
 public:
  explicit Sum(const Problem& p) : two_(p.algo == 1) {}
  void add(float a, float b) {
    parts_[two_ ? count_ & 1 : 0] += a * b;
    ++count_;
  }
  float value() const { return parts_[0] + parts_[1]; }

 private:
  const bool two_;
  int64_t count_ = 0;
  float parts_[2] = {0, 0};
};

struct Images {
  std::vector<float> x, filter, y;
};

// The pixel of x that an output pixel and a tap read; -1 in the padding.
int64_t source(int64_t out, int64_t tap, int64_t size, int stride, int pad, int dilation) {
  const int64_t at = out * stride - pad + tap * dilation;
  return at >= 0 && at < size ? at : -1;
}

// The output pixel that a pixel of x and a tap belong to; -1 if there is none.
int64_t target(int64_t in, int64_t tap, int64_t size, int stride, int pad, int dilation) {
  const int64_t at = in + pad - tap * dilation;
  return at >= 0 && at % stride == 0 && at / stride < size ? at / stride : -1;
}

float forward(const Problem& p, const Images& f, int64_t n, int64_t oh, int64_t ow, int64_t k) {
  const int64_t first = k / (p.k / p.conv.groups) * p.j;
  Sum sum(p);
  for (int64_t r = 0; r < p.r; ++r) {
    const int64_t h = source(oh, r, p.h, p.conv.strideH, p.conv.padH, p.conv.dilationH);
    for (int64_t s = 0; s < p.s && h >= 0; ++s) {
      const int64_t w = source(ow, s, p.w, p.conv.strideW, p.conv.padW, p.conv.dilationW);
      for (int64_t j = 0; j < p.j && w >= 0; ++j) {
        sum.add(f.x[static_cast<size_t>(((n * p.h + h) * p.w + w) * p.c + first + j)],
                f.filter[static_cast<size_t>(((k * p.r + r) * p.s + s) * p.j + j)]);
      }
    }
  }
  return sum.value();
}

float backwardData(const Problem& p, const Images& f, int64_t n, int64_t h, int64_t w, int64_t c) {
  const int64_t group = c / p.j, j = c % p.j, perGroup = p.k / p.conv.groups;
  Sum sum(p);
  for (int64_t r = 0; r < p.r; ++r) {
    const int64_t oh = target(h, r, p.p, p.conv.strideH, p.conv.padH, p.conv.dilationH);
    for (int64_t s = 0; s < p.s && oh >= 0; ++s) {
      const int64_t ow = target(w, s, p.q, p.conv.strideW, p.conv.padW, p.conv.dilationW);
      for (int64_t k = group * perGroup; k < (group + 1) * perGroup && ow >= 0; ++k) {
        sum.add(f.y[static_cast<size_t>(((n * p.p + oh) * p.q + ow) * p.k + k)],
                f.filter[static_cast<size_t>(((k * p.r + r) * p.s + s) * p.j + j)]);
      }
    }
  }
  return sum.value();
}

float backwardFilter(const Problem& p, const Images& f, int64_t k, int64_t r, int64_t s, int64_t j) {
  const int64_t c = k / (p.k / p.conv.groups) * p.j + j;
  Sum sum(p);
  for (int64_t n = 0; n < p.n; ++n) {
    for (int64_t oh = 0; oh < p.p; ++oh) {
      const int64_t h = source(oh, r, p.h, p.conv.strideH, p.conv.padH, p.conv.dilationH);
      for (int64_t ow = 0; ow < p.q && h >= 0; ++ow) {
        const int64_t w = source(ow, s, p.w, p.conv.strideW, p.conv.padW, p.conv.dilationW);
        if (w < 0) continue;
        sum.add(f.x[static_cast<size_t>(((n * p.h + h) * p.w + w) * p.c + c)],
                f.y[static_cast<size_t>(((n * p.p + oh) * p.q + ow) * p.k + k)]);
      }
    }
  }
  return sum.value();
}

// Calls element(i0, i1, i2, i3) for each index of a four-dimensional array in order.
template <class Element>
void each(int64_t d0, int64_t d1, int64_t d2, int64_t d3, float alpha, float beta, float* out, Element element) {
  for (int64_t i0 = 0; i0 < d0; ++i0) {
    for (int64_t i1 = 0; i1 < d1; ++i1) {
      for (int64_t i2 = 0; i2 < d2; ++i2) {
        for (int64_t i3 = 0; i3 < d3; ++i3, ++out) {
          const float value = alpha * element(i0, i1, i2, i3);
          // "When beta is zero, the output is not read and may contain uninitialized data (including NaN)."
          *out = beta == 0 ? value : value + beta * *out;
        }
      }
    }
  }
}

} // namespace

int runConvolution(void* data, char* text, int size) {
  const Problem& p = *static_cast<const Problem*>(data);
  cudasim::LibraryMemory memory(nameOf(p.kind), text, size);
  struct Operand {
    const char* name;
    uint64_t address;
    int64_t length;
    bool written;
    std::vector<float>* values;
    float* at;
  };
  Images f;
  Operand operands[] = {
      {"x", p.x, p.n * p.h * p.w * p.c, p.kind == kBackwardData, &f.x, nullptr},
      {"w", p.filter, p.k * p.r * p.s * p.j, p.kind == kBackwardFilter, &f.filter, nullptr},
      {"y", p.y, p.n * p.p * p.q * p.k, p.kind == kForward, &f.y, nullptr},
  };
  for (Operand& o : operands) {
    o.at = reinterpret_cast<float*>(memory.find(o.name, o.address, static_cast<uint64_t>(o.length) * 4));
  }
  if (memory.failed()) return memory.code();
  float* out = nullptr;
  for (Operand& o : operands) {
    const cudasim::LibraryMemory::Lines whole = {o.address, 1, o.length * 4, 0};
    if (!o.written || p.beta != 0) memory.reads(o.name, whole);
    if (memory.failed()) return memory.code();
    if (o.written) {
      cudasim::LibraryMemory::writes(whole);
      out = o.at;
    } else {
      o.values->resize(static_cast<size_t>(o.length));
      for (size_t i = 0; i < o.values->size(); ++i) (*o.values)[i] = factor(p, o.at[i]);
    }
  }
  if (p.kind == kForward) {
    each(p.n, p.p, p.q, p.k, p.alpha, p.beta, out,
         [&](int64_t n, int64_t h, int64_t w, int64_t k) { return forward(p, f, n, h, w, k); });
  } else if (p.kind == kBackwardData) {
    each(p.n, p.h, p.w, p.c, p.alpha, p.beta, out,
         [&](int64_t n, int64_t h, int64_t w, int64_t c) { return backwardData(p, f, n, h, w, c); });
  } else {
    each(p.k, p.r, p.s, p.j, p.alpha, p.beta, out,
         [&](int64_t k, int64_t r, int64_t s, int64_t j) { return backwardFilter(p, f, k, r, s, j); });
  }
  return 0;
}

} // namespace dnn
