// SPDX-License-Identifier: Apache-2.0
// One matrix product, planned once: C = A B (+ bias).
#pragma once

#include <oneapi/dnnl/dnnl.hpp>

#include "context.hpp"

namespace vae4j {

struct OneDnn {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
};

// A row-major matrix, or the transpose of one.
struct MatrixView {
  float* data;
  int rows;
  int columns;
  bool transposed;

  static MatrixView of(const float* data, int rows, int columns) {
    return {const_cast<float*>(data), rows, columns, false};
  }
  MatrixView transpose() const { return {data, columns, rows, !transposed}; }
};

class Matmul {
 public:
  // bias (columns of C) may be null. Memory that is const in the C API is only read.
  Matmul(Context& context, const MatrixView& a, const MatrixView& b, const float* bias,
         const MatrixView& c);

  void run();

 private:
  static constexpr int kMaxArgs = 5;

  void argument(int id, const dnnl::memory& memory);

  Context& context_;
  dnnl::matmul primitive_;
  dnnl::memory a_;
  dnnl::memory b_;
  dnnl::memory c_;
  dnnl::memory bias_;
  dnnl::memory scratch_;
  dnnl_exec_arg_t args_[kMaxArgs];
  int arg_count_ = 0;
};

}  // namespace vae4j
