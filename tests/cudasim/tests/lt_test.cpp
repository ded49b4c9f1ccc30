// SPDX-License-Identifier: Apache-2.0
// Matrix products and their epilogues against plain loops in double.
#include <cmath>

#include "harness.h"
#include "lt_api.h"

namespace {

struct Spec {
  int64_t m = 5, n = 4, k = 3;
  int ta = 0, tb = 0;
  int compute = lt::kCompute32F;
  uint32_t epilogue = lt::kDefault;
  int type = lt::kF32, outType = lt::kF32;
  int order = lt::kOrderCol;
  float alpha = 1, beta = 0;
  bool deviceScalars = false;
  double tolerance = 1e-6;
};

float pseudo(uint32_t i) { // in [-1, 1), the same everywhere
  i = i * 2654435761u + 12345;
  i ^= i >> 15;
  i *= 2246822519u;
  i ^= i >> 13;
  return static_cast<float>(static_cast<int32_t>(i)) * 0x1p-31f;
}

// Rounds to `bits` of mantissa, ties to even, by adding and removing a large number.
double roundMantissa(double v, int bits) {
  if (v == 0) return 0;
  const double scale = std::ldexp(1.0, std::ilogb(v) - bits);
  return std::nearbyint(v / scale) * scale;
}

double roundIn(float v, const Spec& s) {
  if (s.compute == lt::kCompute32FFast16BF || s.type == lt::kBf16) return roundMantissa(v, 7);
  return s.compute == lt::kCompute32FFastTf32 ? roundMantissa(v, 10) : v;
}

double geluOf(double x) { return 0.5 * x * (1 + std::tanh(0.7978845608028654 * (x + 0.044715 * x * x * x))); }

// A device matrix: uploaded in the layout's type and order, with a leading dimension above the least.
struct Matrix {
  int64_t rows, cols, ld;
  int order, type;
  std::vector<float> values; // as the host sees them: (row, col) at row * cols + col
  CUdeviceptr at = 0;
  LtLayout layout = nullptr;

  Matrix(Device& device, int64_t r, int64_t c, int order_, int type_, uint32_t seed)
      : rows(r), cols(c), order(order_), type(type_) {
    ld = (order == lt::kOrderCol ? rows : cols) + 3;
    for (int64_t i = 0; i < rows * cols; ++i) values.push_back(pseudo(seed + static_cast<uint32_t>(i)));
    if (type == lt::kBf16) {
      for (float& v : values) v = static_cast<float>(roundMantissa(v, 7));
    }
    std::vector<uint8_t> bytes(size(), 0xff);
    for (int64_t i = 0; i < rows; ++i) {
      for (int64_t j = 0; j < cols; ++j) {
        const float v = values[static_cast<size_t>(i * cols + j)];
        const uint32_t word = as<uint32_t>(v);
        if (type == lt::kF32)
          std::memcpy(&bytes[index(i, j) * 4], &word, 4);
        else
          std::memcpy(&bytes[index(i, j) * 2], reinterpret_cast<const uint8_t*>(&word) + 2, 2);
      }
    }
    at = device.upload(bytes);
    CHECK_EQ(cublasLtMatrixLayoutCreate(&layout, type, static_cast<uint64_t>(rows), static_cast<uint64_t>(cols), ld),
             0);
    CHECK_EQ(cublasLtMatrixLayoutSetAttribute(layout, 1, &order, 4), 0);
  }
  ~Matrix() { CHECK_EQ(cublasLtMatrixLayoutDestroy(layout), 0); }
  Matrix(const Matrix&) = delete;
  Matrix& operator=(const Matrix&) = delete;
  size_t index(int64_t i, int64_t j) const {
    return static_cast<size_t>(order == lt::kOrderCol ? j * ld + i : i * ld + j);
  }
  size_t size() const {
    return static_cast<size_t>(ld * (order == lt::kOrderCol ? cols : rows)) * (type == lt::kF32 ? 4 : 2);
  }
  float get(int64_t i, int64_t j) const { return values[static_cast<size_t>(i * cols + j)]; }
  std::vector<float> read(Device& device) {
    const auto bytes = device.download<uint8_t>(at, size());
    std::vector<float> out;
    for (int64_t i = 0; i < rows; ++i) {
      for (int64_t j = 0; j < cols; ++j) {
        uint32_t word = 0;
        if (type == lt::kF32)
          std::memcpy(&word, &bytes[index(i, j) * 4], 4);
        else
          std::memcpy(reinterpret_cast<uint8_t*>(&word) + 2, &bytes[index(i, j) * 2], 2);
        out.push_back(as<float>(word));
      }
    }
    return out;
  }
};

void set(LtMatmulDesc d, int id, int value) { CHECK_EQ(cublasLtMatmulDescSetAttribute(d, id, &value, 4), 0); }
void set64(LtMatmulDesc d, int id, int64_t value) { CHECK_EQ(cublasLtMatmulDescSetAttribute(d, id, &value, 8), 0); }

void close(int line, const char* what, double actual, double expected, double tolerance) {
  if (!(std::fabs(actual - expected) <= tolerance * (1 + std::fabs(expected)))) {
    fail(__FILE__, line, std::string(what) + ": " + std::to_string(actual) + ", expected " + std::to_string(expected));
  }
}

void expectProduct(int line, const Spec& s) {
  Device device;
  LtHandle handle = nullptr;
  CHECK_EQ(cublasLtCreate(&handle), 0);
  LtMatmulDesc desc = nullptr;
  CHECK_EQ(cublasLtMatmulDescCreate(&desc, s.compute, lt::kF32), 0);
  set(desc, kAttrTransA, s.ta);
  set(desc, kAttrTransB, s.tb);
  set(desc, kAttrEpilogue, static_cast<int>(s.epilogue));
  {
    Matrix a(device, s.ta ? s.k : s.m, s.ta ? s.m : s.k, s.order, s.type, 1),
        b(device, s.tb ? s.n : s.k, s.tb ? s.k : s.n, s.order, s.type, 1000);
    Matrix c(device, s.m, s.n, s.order, s.outType, 2000), d(device, s.m, s.n, s.order, s.outType, 3000);
    const uint32_t e = s.epilogue;
    const bool mask = (e & lt::kAux) && (e & (lt::kRelu | lt::kDRelu));
    const int64_t biasLength = e & lt::kBGradB ? s.n : s.m;
    std::vector<float> bias;
    for (int64_t i = 0; i < biasLength; ++i) bias.push_back(pseudo(4000 + static_cast<uint32_t>(i)));
    CUdeviceptr pbias = device.upload(bias);
    if (e & (lt::kBias | lt::kBGrad | lt::kBGradA | lt::kBGradB)) set64(desc, kAttrBias, static_cast<int64_t>(pbias));
    const int64_t auxLd = mask ? 128 : 8 * ((s.m + 7) / 8 + 1);
    std::vector<uint8_t> maskBits(static_cast<size_t>(auxLd / 8 * s.n), 0xa5);
    std::vector<float> aux;
    for (int64_t i = 0; i < auxLd * s.n; ++i) aux.push_back(2 * pseudo(5000 + static_cast<uint32_t>(i)));
    CUdeviceptr paux = mask ? device.upload(maskBits) : device.upload(aux);
    if (e & lt::kAux) {
      set64(desc, kAttrAux, static_cast<int64_t>(paux));
      set64(desc, kAttrAuxLd, auxLd);
    }
    const float scalars[] = {s.alpha, s.beta};
    CUdeviceptr pscalars = device.upload(std::vector<float>{s.alpha, s.beta});
    const void *alpha = scalars, *beta = scalars + 1;
    if (s.deviceScalars) {
      set(desc, kAttrPointerMode, 1);
      alpha = reinterpret_cast<void*>(pscalars);
      beta = reinterpret_cast<void*>(pscalars + 4);
    }
    const auto pointer = [](CUdeviceptr p) { return reinterpret_cast<void*>(p); };
    const int rc = cublasLtMatmul(handle, desc, alpha, pointer(a.at), a.layout, pointer(b.at), b.layout, beta,
                                  pointer(c.at), c.layout, pointer(d.at), d.layout, nullptr, nullptr, 0, nullptr);
    if (rc != 0) fail(__FILE__, line, "status " + std::to_string(rc) + ": " + report());
    CHECK_EQ(cuCtxSynchronize(), 0);
    const auto out = d.read(device);
    const auto biasAfter = device.download<float>(pbias, bias.size());
    const auto maskAfter = mask ? device.download<uint8_t>(paux, maskBits.size()) : maskBits;
    const auto auxAfter = mask ? aux : device.download<float>(paux, aux.size());
    std::vector<double> gradient(static_cast<size_t>(biasLength), 0.0);
    for (int64_t j = 0; j < s.n; ++j) {
      for (int64_t i = 0; i < s.m; ++i) {
        double v = 0;
        for (int64_t k = 0; k < s.k; ++k) {
          v += roundIn(s.ta ? a.get(k, i) : a.get(i, k), s) * roundIn(s.tb ? b.get(j, k) : b.get(k, j), s);
        }
        v = s.alpha * v + s.beta * c.get(i, j);
        if (e & lt::kBias) v += bias[static_cast<size_t>(i)];
        const size_t at = static_cast<size_t>(j * auxLd + i);
        if (e & lt::kRelu) {
          if (mask && ((maskAfter[at / 8] >> (at % 8)) & 1) != (v >= 0)) fail(__FILE__, line, "mask bit");
          v = v > 0 ? v : 0;
        } else if (e & lt::kGelu) {
          if (e & lt::kAux) close(line, "aux", auxAfter[at], v, s.tolerance);
          v = geluOf(v);
        } else if (e & lt::kDRelu) {
          v = (maskBits[at / 8] >> (at % 8)) & 1 ? v : 0;
        } else if (e & lt::kDGelu) {
          const double h = 1e-5, x = aux[at];
          v *= (geluOf(x + h) - geluOf(x - h)) / (2 * h);
        }
        if (e & lt::kBGrad) gradient[static_cast<size_t>(i)] += v;
        close(line, "d", out[static_cast<size_t>(i * s.n + j)], v, s.tolerance);
      }
    }
    for (int64_t i = 0; i < s.m && (e & lt::kBGradA); ++i) {
      for (int64_t k = 0; k < s.k; ++k) gradient[static_cast<size_t>(i)] += s.ta ? a.get(k, i) : a.get(i, k);
    }
    for (int64_t j = 0; j < s.n && (e & lt::kBGradB); ++j) {
      for (int64_t k = 0; k < s.k; ++k) gradient[static_cast<size_t>(j)] += s.tb ? b.get(j, k) : b.get(k, j);
    }
    for (size_t i = 0; i < bias.size(); ++i) {
      const bool written = (e & (lt::kBGrad | lt::kBGradA | lt::kBGradB)) != 0;
      close(line, "bias", biasAfter[i], written ? gradient[i] : bias[i], s.tolerance);
    }
  }
  CHECK_EQ(cublasLtMatmulDescDestroy(desc), 0);
  CHECK_EQ(cublasLtDestroy(handle), 0);
}
#define PRODUCT(...) expectProduct(__LINE__, __VA_ARGS__)

Spec with(uint32_t epilogue) {
  Spec s;
  s.m = 37;
  s.n = 11;
  s.k = 19;
  s.epilogue = epilogue;
  s.tolerance = 5e-6;
  return s;
}

} // namespace

TEST(lt_transposes_orders_and_scalars) {
  for (const int order : {lt::kOrderCol, lt::kOrderRow}) {
    for (const int ta : {0, 1}) {
      for (const int tb : {0, 1}) {
        Spec s;
        s.order = order;
        s.ta = ta;
        s.tb = tb;
        PRODUCT(s);
        s.alpha = 0.5f;
        s.beta = -2.0f;
        s.deviceScalars = ta != tb;
        PRODUCT(s);
      }
    }
  }
}

TEST(lt_sizes) {
  for (const int64_t m : {1, 31, 33, 100}) {
    for (const int64_t n : {1, 6, 7, 65}) {
      Spec s;
      s.m = m;
      s.n = n;
      s.k = 70;
      s.tb = 1;
      s.tolerance = 2e-5;
      PRODUCT(s);
    }
  }
  Spec large; // above the size at which threads share the work
  large.m = 200;
  large.n = 170;
  large.k = 150;
  large.tolerance = 1e-5;
  PRODUCT(large);
}

TEST(lt_epilogues) {
  using namespace lt;
  for (const uint32_t e :
       {uint32_t(kRelu), uint32_t(kBias), uint32_t(kRelu | kBias), uint32_t(kRelu | kAux),
        uint32_t(kRelu | kAux | kBias), uint32_t(kGelu), uint32_t(kGelu | kBias), uint32_t(kGelu | kAux),
        uint32_t(kGelu | kAux | kBias), uint32_t(kDRelu | kAux), uint32_t(kDRelu | kAux | kBGrad),
        uint32_t(kDGelu | kAux), uint32_t(kDGelu | kAux | kBGrad), uint32_t(kBGradA), uint32_t(kBGradB)}) {
    // BGRADA sums a first factor that is not transposed, BGRADB a second one that is.
    for (const int t : {0, 1}) {
      Spec s = with(e);
      s.ta = e == kBGradA ? 0 : t;
      s.tb = e == kBGradB ? 1 : t;
      PRODUCT(s);
    }
  }
}

TEST(lt_precisions) {
  for (const int compute : {int(lt::kCompute32FFastTf32), int(lt::kCompute32FFast16BF)}) {
    Spec s = with(lt::kBias);
    s.compute = compute;
    PRODUCT(s);
  }
  Spec bf16 = with(lt::kDefault);
  bf16.type = lt::kBf16;
  PRODUCT(bf16);
  bf16.outType = lt::kBf16;
  bf16.tolerance = 0x1p-8;
  PRODUCT(bf16);
}
