// SPDX-License-Identifier: Apache-2.0
// A trial of the threads that OpenMP is about to create: libgomp ends the process if it cannot.
#include "parallel.hpp"

#include <pthread.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <vector>

#include "error.hpp"

namespace vae4j {
namespace {

void* wait_for(void* mutex) {
  pthread_mutex_lock(static_cast<pthread_mutex_t*>(mutex));
  pthread_mutex_unlock(static_cast<pthread_mutex_t*>(mutex));
  return nullptr;
}

}  // namespace

void require_own_workers() {
  thread_local const pid_t owner = getpid();
  if (owner == getpid()) return;
  throw Error(
      VAE4J_UNSUPPORTED,
      "threads: this process was forked by a thread that had used several threads, which are "
      "not in the child; open the model with 1 thread, or fork before the first model is "
      "opened (in Python: multiprocessing with \"spawn\" or \"forkserver\")");
}

void require_threads(int more) {
  // All must exist at once, so they wait until the last one was created.
  std::vector<pthread_t> threads;
  threads.reserve(static_cast<size_t>(more));
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&mutex);
  int error = 0;
  while (error == 0 && threads.size() < static_cast<size_t>(more)) {
    pthread_t thread;
    error = pthread_create(&thread, nullptr, wait_for, &mutex);
    if (error == 0) threads.push_back(thread);
  }
  pthread_mutex_unlock(&mutex);
  for (pthread_t thread : threads) pthread_join(thread, nullptr);
  if (error != 0) {
    throw Error(VAE4J_UNSUPPORTED,
                "threads: the system gives this process " + std::to_string(threads.size()) +
                    " of " + std::to_string(more) + " further threads (" + std::strerror(error) +
                    "); ask for at most " + std::to_string(threads.size() + 1) +
                    " threads, or raise the limit of processes (ulimit -u, the pids limit of a "
                    "container) or of memory (ulimit -v)");
  }
}

}  // namespace vae4j
