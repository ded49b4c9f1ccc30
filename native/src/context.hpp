// SPDX-License-Identifier: Apache-2.0
// The objects that all ops of a context share.
#pragma once

#include <map>
#include <memory>

#include "error.hpp"
#include "kernels/kernels.hpp"
#include "vae4j.h"

namespace vae4j {

// The engine and the stream of oneDNN. In matmul.hpp, because oneDNN's header costs more time to
// compile than an op.
struct OneDnn;

// Aligned and zeroed memory, and its owner.
void* allocate(size_t bytes);
void release(void* memory);

struct Release {
  void operator()(void* memory) const { release(memory); }
};

template <class T>
using Owned = std::unique_ptr<T[], Release>;

template <class T>
Owned<T> allocate_array(int64_t count) {
  return Owned<T>(static_cast<T*>(allocate(static_cast<size_t>(count) * sizeof(T))));
}

// The loops for an instruction set by name; null or empty for the best of this machine.
const Kernels& choose_kernels(const char* isa);

}  // namespace vae4j

struct vae4j_context {
  // precision: a vae4j_precision, once it is checked.
  vae4j_context(int threads, int precision, const char* isa);
  ~vae4j_context();

  // All ops share one scratchpad, since they run one at a time. It grows while ops are planned.
  void reserve_scratch(size_t bytes);
  void* scratch() const { return scratch_.get(); }

  const int threads;
  const vae4j_precision precision;
  const vae4j::Kernels& kernels;
  const std::unique_ptr<vae4j::OneDnn> onednn;

  // The orders of sums that row_product_block has found, by inputs and outputs.
  std::map<std::pair<int64_t, int64_t>, int64_t> row_blocks;

 private:
  vae4j::Owned<char> scratch_;
  size_t scratch_bytes_ = 0;
};

namespace vae4j {
using Context = ::vae4j_context;

// The kernels of an activation and of a likelihood by name; the error for an unknown name lists
// all.
const ActivationKernel& activation_kernel(const Context& context, const char* op,
                                          const char* argument, const char* name);
const LikelihoodKernel& likelihood_kernel(const Context& context, const char* name);
}  // namespace vae4j
