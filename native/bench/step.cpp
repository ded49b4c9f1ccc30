// Times one training step of the 784-400-20-400-784 VAE (ReLU, Bernoulli, Adam), op by op and
// whole, and the machine's own sgemm peak in the same run. native/bench/run.sh builds and runs it.
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <oneapi/dnnl/dnnl.h>
#include <string>
#include <vector>

#include "vae4j.h"

namespace {

constexpr int kRows = 60000, kFeatures = 784, kHidden = 400, kLatent = 20;
constexpr int kSeconds = 8;

void check(int status, const char* call) {
  if (status == VAE4J_OK) return;
  std::fprintf(stderr, "%s: %s\n", call, vae4j_last_error());
  std::exit(1);
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
  vae4j_op* op;
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
  double* ring = allocate<double>(64 * 4);
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

  std::vector<Timed> ops;
  auto add = [&](const char* name, int status_code, vae4j_op* op) {
    check(status_code, name);
    ops.push_back({name, op});
  };
  vae4j_op* op = nullptr;
  float scale = 1.0f / static_cast<float>(batch);
  auto dense = [&](const char* name, const float* in, int l, float* out, const char* activation) {
    int rc = vae4j_plan_dense(context, in, w[l], b[l], nullptr, out, batch, sizes[l][0],
                              sizes[l][1], activation, &op);
    add(name, rc, op);
  };
  auto back = [&](const char* name, const float* in, int l, const float* y, float* dy, float* dx,
                  const char* activation) {
    int rc = vae4j_plan_dense_backward(context, in, w[l], y, dy, dx, dw[l], db[l], batch,
                                       sizes[l][0], sizes[l][1], activation, &op);
    add(name, rc, op);
  };
  int rc = vae4j_plan_gather(context, data, VAE4J_UINT8, nullptr, x, nullptr, control, kRows, kFeatures,
                             batch, 1.0f / 255, 1, binarize, 7, &op);
  add("gather", rc, op);
  dense("dense 784-400 relu", x, 0, h1, "relu");
  dense("dense 400-40", h1, 1, stats, "identity");
  rc = vae4j_plan_reparameterize(context, stats, z, kl, kl_dim, nullptr, control, batch, 1,
                                 kLatent, 7, 4, 0, &op);
  add("reparameterize", rc, op);
  dense("dense 20-400 relu", z, 2, h2, "relu");
  dense("dense 400-784", h2, 3, logits, "identity");
  const int columns = kFeatures;
  rc = vae4j_plan_likelihood(context, "bernoulli", nullptr, 0, &columns, 1, logits, nullptr, x,
                             nullptr, nullptr, 0, nll, dlogits, nullptr, batch, 1, kFeatures,
                             scale, &op);
  add("likelihood", rc, op);
  back("backward 400-784", h2, 3, logits, dlogits, dh2, "identity");
  back("backward 20-400 relu", z, 2, h2, dh2, dz, "relu");
  rc = vae4j_plan_reparameterize_backward(context, stats, dz, nullptr, dstats, control, batch, 1,
                                          kLatent, 7, 4, 0, scale, 0, &op);
  add("reparameterizeBackward", rc, op);
  back("backward 400-40", h1, 1, stats, dstats, dh1, "identity");
  back("backward 784-400 relu", x, 0, h1, dh1, nullptr, "relu");
  rc = vae4j_plan_global_norm(context, gradients, static_cast<int64_t>(count), norm, &op);
  add("globalNorm", rc, op);
  rc = vae4j_plan_record_metrics(context, nll, batch, kl, batch, norm, ring, status, control, 64,
                                 &op);
  add("recordMetrics", rc, op);
  rc = vae4j_plan_adam(context, parameters, gradients, m, v, nullptr,
                       static_cast<int64_t>(count), norm, status, state, control, 0.9, 0.999, 1e-8,
                       0, 0, 0, 0, &op);
  add("adam", rc, op);
  std::vector<vae4j_op*> handles;
  for (Timed& timed : ops) handles.push_back(timed.op);
  vae4j_op* step = nullptr;
  check(vae4j_plan_sequence(context, handles.data(), handles.size(), &step), "sequence");

  Product peak_product(threads);
  int number = 0;
  auto run_step = [&] {
    control[VAE4J_CONTROL_STEP] = number;
    control[VAE4J_CONTROL_POSITION] = number % (kRows / batch) * batch;
    number++;
    check(vae4j_run(step), "step");
  };
  // On a machine that others use too, the best of many single steps says what the code can do and
  // the median what it got.
  std::vector<double> all;
  double peak = 0;
  auto start = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - start < budget) {
    for (int i = 0; i < 20; i++) all.push_back(seconds(run_step));
    // In their order, so that each op finds the caches as a step leaves them.
    for (int i = 0; i < 20; i++) {
      for (Timed& timed : ops) {
        timed.best = std::min(timed.best, seconds([&] { check(vae4j_run(timed.op), "op"); }));
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
  std::printf("mean nll %.4f, norm %.6f after %d steps\n", ring[(number - 1) % 64 * 4],
              *norm, number);
  return 0;
}
