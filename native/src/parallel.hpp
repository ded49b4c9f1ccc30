// SPDX-License-Identifier: Apache-2.0
// Threads. All parallel work runs on the one OpenMP runtime that oneDNN uses too.
#pragma once

#include <omp.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>

#include "processor.hpp"

namespace vae4j {

// Fails if the system does not let this process have more threads, with the number that it does.
void require_threads(int more);

// Fails in a child of fork() whose parent's thread had workers: the OpenMP runtime would wait for them
// for ever.
void require_own_workers();

// While this object exists, the calling thread and its workers flush denormals, and its parallel
// regions have the given number of threads. The destructor restores the JVM's settings.
class ThreadScope {
 public:
  explicit ThreadScope(int threads) : mode_(float_mode()), threads_(omp_get_max_threads()) {
    thread_local int prepared = 1;
    if (threads > 1) require_own_workers();
    if (threads > prepared) require_threads(threads - prepared);
    flush_denormals();
    omp_set_num_threads(threads);
    if (threads > prepared) prepared = prepare_workers(threads);
  }

  ~ThreadScope() {
    omp_set_num_threads(threads_);
    set_float_mode(mode_);
  }

  ThreadScope(const ThreadScope&) = delete;
  ThreadScope& operator=(const ThreadScope&) = delete;

 private:
  // oneDNN opens parallel regions that do not set the mode: so it is set in the workers of this
  // thread whenever there may be new ones.
  static int prepare_workers(int threads) {
#pragma omp parallel num_threads(threads)
    flush_denormals();
    return threads;
  }

  FloatMode mode_;
  int threads_;
};

// Elements of simple work below which a parallel region costs more than it saves.
constexpr int64_t kParallelWork = 16384;

// The product of the factors of a loop's work, or 2^62 if it is more.
inline int64_t work_of(std::initializer_list<int64_t> factors) {
  double work = 1;
  for (int64_t factor : factors) work *= static_cast<double>(factor);
  return work < 0x1p62 ? static_cast<int64_t>(work) : int64_t{1} << 62;
}

// Calls body(chunk) for chunks 0 to count - 1, on several threads if there is enough work. The
// chunks must not depend on the number of threads.
template <class Body>
void for_chunks(int threads, int64_t count, int64_t work, const Body& body) {
  if (threads == 1 || count == 1 || work < kParallelWork) {
    for (int64_t chunk = 0; chunk < count; chunk++) body(chunk);
    return;
  }
#pragma omp parallel num_threads(threads)
  {
    flush_denormals();
#pragma omp for schedule(static) nowait
    for (int64_t chunk = 0; chunk < count; chunk++) body(chunk);
  }
}

inline int64_t chunks_of(int64_t count, int64_t size) { return (count + size - 1) / size; }

// Calls body(begin, end) for the ranges of a size that 0 to count - 1 consist of, as for_chunks.
template <class Body>
void for_ranges(int threads, int64_t count, int64_t size, int64_t work, const Body& body) {
  for_chunks(threads, chunks_of(count, size), work,
             [&](int64_t chunk) { body(chunk * size, std::min(count, (chunk + 1) * size)); });
}

}  // namespace vae4j
