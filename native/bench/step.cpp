// SPDX-License-Identifier: Apache-2.0
// Times one training step of the 784-400-20-400-784 VAE (ReLU, Bernoulli, Adam), by ops and as a
// whole, and the machine's sgemm peak in the same run. native/bench/run.sh builds and runs it.
#include <omp.h>

#include <oneapi/dnnl/dnnl.h>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "vae4j_ops.h"

namespace {

constexpr int kRows = 60000, kFeatures = 784, kHidden = 400, kLatent = 20;
constexpr int kSeconds = 8;

void check(int status, const char* call) {
  if (status == VAE4J_OK) return;
  std::fprintf(stderr, "%s: %s\n", call, vae4j_last_error());
  std::exit(1);
}

template <class... Sizes>
vae4j_tensor tensor(float* data, Sizes... sizes) {
  return {data, VAE4J_FLOAT32, {sizes...}};
}

template <class... Sizes>
vae4j_tensor tensor(double* data, Sizes... sizes) {
  return {data, VAE4J_FLOAT64, {sizes...}};
}

template <class T>
T* allocate(size_t count) {
  void* memory = nullptr;
  check(vae4j_allocate(count * sizeof(T), &memory), "allocate");
  return static_cast<T*>(memory);
}

double seconds(const std::function<void()>& body) {
  auto start = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

struct Timed {
  std::string name;
  vae4j_program* program;
  double best = 1e9;
};

// A square product that fits the caches.
class Product {
 public:
  explicit Product(int threads) : threads_(threads) {}

  // The best of some runs, in GFLOP/s.
  double rate(int times) {
    omp_set_num_threads(threads_);
    double best = 1e9;
    for (int i = 0; i < times; i++) {
      best = std::min(best, seconds([&] {
                        dnnl_sgemm('N', 'N', kSize, kSize, kSize, 1, a_, kSize, b_, kSize, 0, c_,
                                   kSize);
                      }));
    }
    return 2e-9 * kSize * kSize * kSize / best;
  }

 private:
  static constexpr int64_t kSize = 512;
  int threads_;
  float* a_ = allocate<float>(kSize * kSize);
  float* b_ = allocate<float>(kSize * kSize);
  float* c_ = allocate<float>(kSize * kSize);
};

}  // namespace

int main(int argc, char** argv) {
  int batch = argc > 1 ? std::atoi(argv[1]) : 128;
  int threads = argc > 2 ? std::atoi(argv[2]) : 0;
  int precision = argc > 3 ? std::atoi(argv[3]) : VAE4J_FP32;
  bool binarize = argc > 4 && std::atoi(argv[4]) != 0;
  std::chrono::seconds budget(argc > 5 ? std::atoi(argv[5]) : kSeconds);
  vae4j_context* context = nullptr;
  check(vae4j_context_create(threads, precision, nullptr, &context), "context");
  check(vae4j_context_threads(context, &threads), "threads");

  size_t rows = static_cast<size_t>(batch);
  uint8_t* data = allocate<uint8_t>(static_cast<size_t>(kRows) * kFeatures);
  // Sparse grey values, as MNIST's.
  for (size_t i = 0; i < static_cast<size_t>(kRows) * kFeatures; i++) {
    data[i] = std::rand() % 5 == 0 ? static_cast<uint8_t>(std::rand()) : 0;
  }
  const int sizes[4][2] = {
      {kFeatures, kHidden}, {kHidden, 2 * kLatent}, {kLatent, kHidden}, {kHidden, kFeatures}};
  size_t count = 0;
  for (auto& size : sizes) count += static_cast<size_t>(size[0] + 1) * size[1];
  float* parameters = allocate<float>(count);
  float* gradients = allocate<float>(count);
  float* m = allocate<float>(count);
  float* v = allocate<float>(count);
  float* w[4];
  float* b[4];
  float* dw[4];
  float* db[4];
  size_t at = 0;
  for (int l = 0; l < 4; l++) {
    w[l] = parameters + at;
    dw[l] = gradients + at;
    size_t weights = static_cast<size_t>(sizes[l][0]) * sizes[l][1];
    for (size_t i = 0; i < weights; i++) {
      w[l][i] = (static_cast<float>(std::rand()) / RAND_MAX - 0.5f) * 0.1f;
    }
    at += weights;
    b[l] = parameters + at;
    db[l] = gradients + at;
    at += static_cast<size_t>(sizes[l][1]);
  }
  double* control = allocate<double>(VAE4J_CONTROL_LENGTH);
  double* norm = allocate<double>(1);
  double* ring = allocate<double>(64 * 6);
  double* status = allocate<double>(1);
  double* state = allocate<double>(3);
  control[VAE4J_CONTROL_LEARNING_RATE] = 1e-3;
  control[VAE4J_CONTROL_BETA] = 1;
  float* x = allocate<float>(rows * kFeatures);
  float* h1 = allocate<float>(rows * kHidden);
  float* stats = allocate<float>(rows * 2 * kLatent);
  float* z = allocate<float>(rows * kLatent);
  float* kl = allocate<float>(rows);
  float* kl_dim = allocate<float>(kLatent);
  float* h2 = allocate<float>(rows * kHidden);
  float* logits = allocate<float>(rows * kFeatures);
  float* nll = allocate<float>(rows);
  float* dlogits = allocate<float>(rows * kFeatures);
  float* dh2 = allocate<float>(rows * kHidden);
  float* dz = allocate<float>(rows * kLatent);
  float* dstats = allocate<float>(rows * 2 * kLatent);
  float* dh1 = allocate<float>(rows * kHidden);

  vae4j_tensor block = tensor(control, VAE4J_CONTROL_LENGTH);
  vae4j_program* step = nullptr;
  check(vae4j_program_create(context, &step), "program");
  std::vector<Timed> ops;
  // Each op is a program of its own and a part of the step.
  auto add = [&](const char* name, auto plan, const auto& op) {
    vae4j_program* program = nullptr;
    check(vae4j_program_create(context, &program), name);
    check(plan(program, &op), name);
    check(plan(step, &op), name);
    ops.push_back({name, program});
  };
  double scale = 1.0 / batch;
  auto dense = [&](float* in, int l, float* out, const char* activation) {
    int64_t inputs = sizes[l][0];
    int64_t outputs = sizes[l][1];
    return vae4j_dense_op{tensor(in, batch, inputs),   tensor(w[l], inputs, outputs),
                          tensor(b[l], outputs),       {},
                          tensor(out, batch, outputs), activation};
  };
  auto back = [&](const char* name, const vae4j_dense_op& forward, int l, float* dy, float* dx) {
    int64_t inputs = sizes[l][0];
    int64_t outputs = sizes[l][1];
    add(name, vae4j_plan_dense_backward,
        vae4j_dense_backward_op{forward, tensor(dy, batch, outputs),
                                dx == nullptr ? vae4j_tensor{} : tensor(dx, batch, inputs),
                                tensor(dw[l], inputs, outputs), tensor(db[l], outputs)});
  };
  add("gather", vae4j_plan_gather,
      vae4j_gather_op{{data, VAE4J_UINT8, {kRows, kFeatures}},
                      tensor(x, batch, kFeatures),
                      {},
                      block,
                      1.0 / 255,
                      1,
                      binarize,
                      7,
                      0,
                      0,
                      0,
                      0,
                      0});
  vae4j_dense_op encode1 = dense(x, 0, h1, "relu");
  vae4j_dense_op encode2 = dense(h1, 1, stats, "identity");
  vae4j_dense_op decode1 = dense(z, 2, h2, "relu");
  vae4j_dense_op decode2 = dense(h2, 3, logits, "identity");
  vae4j_reparameterize_op sample = {tensor(stats, batch, 2 * kLatent),
                                    tensor(z, batch, 1, kLatent),
                                    tensor(kl, batch),
                                    tensor(kl_dim, kLatent),
                                    {},
                                    block,
                                    7,
                                    4,
                                    0};
  add("dense 784-400 relu", vae4j_plan_dense, encode1);
  add("dense 400-40", vae4j_plan_dense, encode2);
  add("reparameterize", vae4j_plan_reparameterize, sample);
  add("dense 20-400 relu", vae4j_plan_dense, decode1);
  add("dense 400-784", vae4j_plan_dense, decode2);
  add("likelihood", vae4j_plan_likelihood,
      vae4j_likelihood_op{"bernoulli 784",
                          tensor(logits, batch, 1, kFeatures),
                          {},
                          tensor(x, batch, kFeatures),
                          {},
                          {},
                          tensor(nll, batch, 1),
                          tensor(dlogits, batch, 1, kFeatures),
                          {},
                          scale});
  back("backward 400-784", decode2, 3, dlogits, dh2);
  back("backward 20-400 relu", decode1, 2, dh2, dz);
  add("reparameterizeBackward", vae4j_plan_reparameterize_backward,
      vae4j_reparameterize_backward_op{sample,
                                       tensor(dz, batch, 1, kLatent),
                                       {},
                                       tensor(dstats, batch, 2 * kLatent),
                                       1,
                                       scale,
                                       0,
                                       0,
                                       "analytic"});
  back("backward 400-40", encode2, 1, dstats, dh1);
  back("backward 784-400 relu", encode1, 0, dh1, nullptr);
  int64_t length = static_cast<int64_t>(count);
  add("globalNorm", vae4j_plan_global_norm,
      vae4j_global_norm_op{tensor(gradients, length), tensor(norm, 1)});
  add("recordMetrics", vae4j_plan_record_metrics,
      vae4j_record_metrics_op{tensor(nll, batch, 1),
                              tensor(kl, batch),
                              {},
                              {},
                              tensor(norm, 1),
                              tensor(ring, 64, 6),
                              tensor(status, 1),
                              block,
                              1e18});
  add("adam", vae4j_plan_adam,
      vae4j_adam_op{tensor(parameters, length),
                    tensor(gradients, length),
                    tensor(m, length),
                    tensor(v, length),
                    {},
                    tensor(norm, 1),
                    tensor(status, 1),
                    tensor(state, 3),
                    block,
                    0.9,
                    0.999,
                    1e-8,
                    0,
                    0,
                    0,
                    0});

  Product peak_product(threads);
  int number = 0;
  auto run_step = [&] {
    control[VAE4J_CONTROL_STEP] = number;
    control[VAE4J_CONTROL_POSITION] = number % (kRows / batch) * batch;
    number++;
    check(vae4j_program_run(step), "step");
  };
  // On a machine with other load, the best of many single steps measures the code and the median
  // the share of the machine.
  std::vector<double> all;
  double peak = 0;
  auto start = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - start < budget) {
    for (int i = 0; i < 20; i++) all.push_back(seconds(run_step));
    // In their order, so that each op finds the caches as a step leaves them.
    for (int i = 0; i < 20; i++) {
      for (Timed& timed : ops) {
        timed.best =
            std::min(timed.best, seconds([&] { check(vae4j_program_run(timed.program), "op"); }));
      }
    }
    peak = std::max(peak, peak_product.rate(4));
  }
  std::sort(all.begin(), all.end());
  double whole = all.front();
  double sum = 0;
  for (Timed& timed : ops) {
    std::printf("%-24s %8.1f us\n", timed.name.c_str(), timed.best * 1e6);
    sum += timed.best;
  }
  double work = 0;
  for (int l = 0; l < 4; l++) work += (l == 0 ? 4.0 : 6.0) * batch * sizes[l][0] * sizes[l][1];
  double rate = work / whole * 1e-9;
  std::printf("sum of ops               %8.1f us\n", sum * 1e6);
  std::printf("batch %d, %d threads, %s, precision %d: step best %.1f us, median %.1f us\n", batch,
              threads, vae4j_context_isa(context), precision, whole * 1e6,
              all[all.size() / 2] * 1e6);
  std::printf("%.0f images/s, %.1f GFLOP/s, %.0f %% of the sgemm peak of %.1f GFLOP/s\n",
              batch / whole, rate, 100 * rate / peak, peak);
  std::printf("mean nll %.4f, norm %.6f after %d steps\n", ring[(number - 1) % 64 * 6], *norm,
              number);
  return 0;
}
