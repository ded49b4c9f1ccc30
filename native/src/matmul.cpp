// SPDX-License-Identifier: Apache-2.0
#include "matmul.hpp"

namespace vae4j {
namespace {

using dnnl::memory;

memory::desc describe(const MatrixView& m) {
  memory::dims strides = m.transposed ? memory::dims{1, m.rows} : memory::dims{m.columns, 1};
  return memory::desc({m.rows, m.columns}, memory::data_type::f32, strides);
}

dnnl::fpmath_mode mode_of(vae4j_precision precision) {
  switch (precision) {
    case VAE4J_TF32:
      return dnnl::fpmath_mode::tf32;
    case VAE4J_BF16:
      return dnnl::fpmath_mode::bf16;
    default:
      return dnnl::fpmath_mode::strict;
  }
}

}  // namespace

Matmul::Matmul(Context& context, const MatrixView& a, const MatrixView& b, const float* bias,
               const MatrixView& c)
    : context_(context) {
  const dnnl::engine& engine = context.onednn->engine;
  dnnl::primitive_attr attributes;
  attributes.set_fpmath_mode(mode_of(context.precision));
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  memory::desc bias_desc = bias == nullptr ? memory::desc()
                                           : memory::desc({1, c.columns}, memory::data_type::f32,
                                                          memory::dims{c.columns, 1});
  dnnl::matmul::primitive_desc plan(engine, describe(a), describe(b), bias_desc, describe(c),
                                    attributes);
  primitive_ = dnnl::matmul(plan);
  a_ = memory(plan.src_desc(), engine, a.data);
  b_ = memory(plan.weights_desc(), engine, b.data);
  c_ = memory(plan.dst_desc(), engine, c.data);
  argument(DNNL_ARG_SRC, a_);
  argument(DNNL_ARG_WEIGHTS, b_);
  argument(DNNL_ARG_DST, c_);
  if (bias != nullptr) {
    bias_ = memory(bias_desc, engine, const_cast<float*>(bias));
    argument(DNNL_ARG_BIAS, bias_);
  }
  if (plan.scratchpad_desc().get_size() > 0) {
    context.reserve_scratch(plan.scratchpad_desc().get_size());
    scratch_ = memory(plan.scratchpad_desc(), engine, context.scratch());
    argument(DNNL_ARG_SCRATCHPAD, scratch_);
  }
}

void Matmul::argument(int id, const dnnl::memory& memory) {
  args_[arg_count_++] = {id, memory.get()};
}

void Matmul::run() {
  // The scratchpad may have moved since planning.
  if (scratch_) scratch_.set_data_handle(context_.scratch());
  dnnl::error::wrap_c_api(
      dnnl_primitive_execute(primitive_.get(), context_.onednn->stream.get(), arg_count_, args_),
      "a matrix product failed");
}

}  // namespace vae4j
