// SPDX-License-Identifier: Apache-2.0
#include "context.hpp"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <new>

#include "matmul.hpp"
#include "parallel.hpp"

namespace vae4j {

namespace {

constexpr size_t kAlignment = 64;
constexpr size_t kHugePage = size_t{2} << 20;

struct Candidate {
  const Kernels& kernels;
  bool supported;
};

}  // namespace

void* allocate(size_t bytes) {
  // Large buffers use huge pages if the system has them, for fewer address translations.
  size_t alignment = bytes >= kHugePage ? kHugePage : kAlignment;
  size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  if (rounded < bytes) throw std::bad_alloc();
  void* memory = std::aligned_alloc(alignment, rounded == 0 ? alignment : rounded);
  if (memory == nullptr) throw std::bad_alloc();
  if (alignment == kHugePage) madvise(memory, rounded, MADV_HUGEPAGE);
  std::memset(memory, 0, rounded);
  return memory;
}

void release(void* memory) { std::free(memory); }

const Kernels& choose_kernels(const char* isa) {
#if defined(__x86_64__)
  __builtin_cpu_init();
#endif
  const Candidate candidates[] = {
#if defined(__x86_64__)
      {avx512::kernels, __builtin_cpu_supports("x86-64-v4") != 0},
      {avx2::kernels, __builtin_cpu_supports("x86-64-v3") != 0},
#endif
      {baseline::kernels, true},
  };
  bool any = isa == nullptr || *isa == '\0';
  for (const Candidate& candidate : candidates) {
    if (!any && std::strcmp(candidate.kernels.isa, isa) != 0) continue;
    if (candidate.supported) return candidate.kernels;
    if (!any) {
      throw Error(VAE4J_UNSUPPORTED, std::string("context: isa: this machine has no ") + isa);
    }
  }
  throw wrong("context", "isa", "avx512, avx2 or baseline", isa);
}

const ActivationKernel& activation_kernel(const Context& context, const char* op,
                                          const char* argument, const char* name) {
  return find_named(context.kernels.activations, context.kernels.activation_count, op, argument,
                    name);
}

const LikelihoodKernel& likelihood_kernel(const Context& context, const char* name) {
  return find_named(context.kernels.likelihoods, context.kernels.likelihood_count, "likelihood",
                    "name", name);
}

}  // namespace vae4j

namespace {

// libgomp keeps an entry for each thread of a team on the caller's stack.
constexpr int kMostThreads = 1024;

int checked_threads(int threads) {
  if (threads < 0 || threads > kMostThreads) {
    throw vae4j::wrong("context", "threads", "0 (all cores) to " + std::to_string(kMostThreads),
                       std::to_string(threads));
  }
  int chosen = threads == 0 ? std::min(omp_get_num_procs(), kMostThreads) : threads;
  vae4j::ThreadScope trial(chosen);
  return chosen;
}

vae4j_precision checked_precision(int precision) {
  if (precision != VAE4J_FP32 && precision != VAE4J_TF32 && precision != VAE4J_BF16) {
    throw vae4j::wrong("context", "precision", "0, 1 or 2", std::to_string(precision));
  }
  return static_cast<vae4j_precision>(precision);
}

}  // namespace

vae4j_context::vae4j_context(int threads, int precision, const char* isa)
    : threads(checked_threads(threads)),
      precision(checked_precision(precision)),
      kernels(vae4j::choose_kernels(isa != nullptr ? isa : std::getenv("VAE4J_ISA"))),
      onednn(std::make_unique<vae4j::OneDnn>()) {}

vae4j_context::~vae4j_context() = default;

void vae4j_context::reserve_scratch(size_t bytes) {
  if (bytes <= scratch_bytes_) return;
  scratch_ = vae4j::allocate_array<char>(static_cast<int64_t>(bytes));
  scratch_bytes_ = bytes;
}
